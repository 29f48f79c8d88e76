import { decideByAxioms } from "quiesce/conformance/axioms/decide";
import { explainByAxioms } from "quiesce/conformance/axioms/explain";
import { type CompiledTest, compileTest } from "quiesce/conformance/litmus/compile";
import { propositionText } from "quiesce/conformance/litmus/condition";
import { LitmusError } from "quiesce/conformance/litmus/lexer";
import { ORDERS } from "quiesce/conformance/litmus/model";
import { parseLitmus } from "quiesce/conformance/litmus/parser";
import { type Drawing, judge, satisfies, valuesShown } from "quiesce/conformance/litmus/result";
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
  /** Each end; `holds` says whether the condition's body holds there. */
  readonly outcomes: readonly { readonly text: string; readonly holds: boolean }[];
  /** There are too many ends to list: these are examples, one in which the body holds, one in which it does not. */
  readonly examples?: true;
  readonly why: {
    readonly kind: "execution" | "circle" | "none";
    readonly lines: readonly string[];
    /** The first says why; others are circles of other kinds that forbid it, too. */
    readonly drawings: readonly Drawing[];
  };
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
    const orders = found.map(({ order, observation, outcomes, examples }) => ({
      order,
      observation,
      ...(examples && { examples }),
      outcomes: outcomes
        .map((outcome) => ({
          text: Object.entries(outcome)
            .map(([place, value]) => `${place}=${value}`)
            .join(" "),
          holds: satisfies(test, valuesShown(test, outcome), test.litmus.condition),
        }))
        .sort((a, b) => (a.text < b.text ? -1 : 1)),
      why: whyOf(test, order),
    }));
    const { name, quantifier, condition, unconditional } = test.litmus;
    const asked = unconditional ? "no condition" : `${quantifier} (${propositionText(condition)})`;
    return { ...head(letters), kind: "decided", name, condition: asked, orders };
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
  const { kind, text, drawing, more = [] } = explainByAxioms(test, order, LIMIT_MS);
  const drawings = [drawing, ...more.map((one) => one.drawing)].filter((one) => one !== undefined);
  return { kind, lines: text, drawings };
}
