import { decideByAxioms } from "quiesce/conformance/axioms/decide";
import { explainByAxioms } from "quiesce/conformance/axioms/explain";
import { type CompiledTest, compileTest } from "quiesce/conformance/litmus/compile";
import { LitmusError } from "quiesce/conformance/litmus/lexer";
import { ORDERS } from "quiesce/conformance/litmus/model";
import { parseLitmus } from "quiesce/conformance/litmus/parser";
import { judge } from "quiesce/conformance/litmus/result";
import { lettersIn, withoutLetter } from "./letters.js";

/** What somebody has typed, and the letter of the protocol that is left out of it. */
export interface Question {
  readonly number: number;
  readonly text: string;
  readonly letter: string;
}

/** What a test can end with under one memory order, and why. */
export interface OrderAnswer {
  readonly order: string;
  readonly observation: string;
  readonly outcomes: readonly string[];
  readonly why: { readonly kind: "execution" | "circle" | "none"; readonly lines: readonly string[] };
}

export type Answer = {
  readonly number: number;
  readonly letters: readonly string[];
  readonly milliseconds: number;
} & (
  | {
      readonly kind: "decided";
      readonly name: string;
      readonly condition: string;
      readonly orders: readonly OrderAnswer[];
    }
  | { readonly kind: "undecided"; readonly message: string }
  | {
      readonly kind: "refused";
      readonly message: string;
      readonly hint?: string;
      readonly line?: number;
      readonly column?: number;
    }
);

/** A page should answer while somebody types; who wants more has the command line. */
const LIMIT_MS = 5_000;

/** Decides a test. This never throws, whatever the text is. */
export function answer({ number, text, letter }: Question): Answer {
  const started = performance.now();
  const head = (letters: readonly string[]) => ({
    number,
    letters,
    milliseconds: performance.now() - started,
  });
  try {
    const whole = compileTest(parseLitmus(text));
    const letters = lettersIn(whole);
    const test = letters.includes(letter) ? withoutLetter(whole, letter) : whole;
    const found = judge(test, decideByAxioms(test, ORDERS, { timeoutMs: LIMIT_MS }));
    if ("message" in found) return { ...head(letters), kind: "undecided", message: found.message };
    const orders = found.map(({ order, observation, outcomes }) => ({
      order,
      observation,
      outcomes: outcomes
        .map((outcome) =>
          Object.entries(outcome)
            .map(([place, value]) => `${place}=${value}`)
            .join(" "),
        )
        .sort(),
      why: whyOf(test, order),
    }));
    const { name, quantifier } = test.litmus;
    return { ...head(letters), kind: "decided", name, condition: quantifier, orders };
  } catch (error) {
    if (!(error instanceof LitmusError))
      return {
        ...head([]),
        kind: "undecided",
        message: error instanceof Error ? error.message : String(error),
      };
    const { message, hint, position } = error;
    return {
      ...head([]),
      kind: "refused",
      message,
      ...(hint !== undefined && { hint }),
      line: position.line,
      column: position.column,
    };
  }
}

function whyOf(test: CompiledTest, order: (typeof ORDERS)[number]): OrderAnswer["why"] {
  const { kind, text } = explainByAxioms(test, order, LIMIT_MS);
  return { kind, lines: text };
}
