import { suggest } from "../base/suggest.js";
import type { Config } from "./config.js";

/**
 * What a claim says TLC will find. `allowed` and `forbidden` are about a litmus test's outcome; `none-found` is all that
 * a search can find that does not see every behaviour, bounded by Mode or left to chance; `undeclared` is a configuration without a header.
 */
export interface DeclaredVerdict {
  readonly verdict: "holds" | "violated" | "allowed" | "forbidden" | "none-found" | "undeclared";
  /** The property that must be the one violated: its name, `deadlock`, `assertion` or `assumption`; or `A or B`. */
  readonly violates?: string;
  /** Distinct states; for a violated claim, as found by one worker. */
  readonly states?: number;
  /** States generated, and the greatest length of a shortest path. */
  readonly generated?: number;
  readonly depth?: number;
}

export const VERDICTS = ["holds", "violated", "allowed", "forbidden"] as const;
const DECLARABLE = [...VERDICTS, "none-found"] as const;

/** What is wrong with a configuration without a header. */
export const NO_VERDICT = "the claim has no declared verdict";
/** What helps where many have none. */
export const NO_VERDICT_HINT =
  "check --undeclared decides configurations without a header; check --init writes what comes out into them";

/** What can be violated without having a name in the configuration. */
const NAMELESS: readonly string[] = ["deadlock", "assertion", "assumption"];

/** A text of a header and the place to blame if it is wrong. */
export interface Cell {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a declaration; a missing cell is blamed on `at`. */
export interface DeclarationProblem {
  readonly message: string;
  readonly hint?: string;
  readonly at: Cell | undefined;
}

/** The declaration's parts as they appear in a header or in a sweep's row. */
export interface Declaration {
  readonly verdict: Cell | undefined;
  readonly violates: Cell | undefined;
  readonly states: Cell | undefined;
  readonly generated?: Cell | undefined;
  readonly depth?: Cell | undefined;
}

/** The properties of which one must be violated: `A or B`. */
export function oneOf(violates: string): readonly string[] {
  return violates.split(/\s+or\s+|\s*,\s*(?:or\s+)?/);
}

/**
 * Reads a declaration; with any problem there is no verdict. `bounded`: TLC is not going to see every behaviour.
 */
export function readDeclaration(
  { verdict, violates, states, generated, depth }: Declaration,
  config: Config,
  bounded = false,
): { declared?: DeclaredVerdict; problems: DeclarationProblem[] } {
  const problems: DeclarationProblem[] = [];
  const word = DECLARABLE.find((v) => v === verdict?.text);
  if (verdict === undefined || verdict.text === "") {
    const hint = "Add a line such as:   \\* Verdict: holds";
    problems.push({ message: NO_VERDICT, hint, at: verdict });
  } else if (word === undefined) {
    const meant = suggest(verdict.text, DECLARABLE);
    const hint = meant
      ? `Did you mean ${meant}?`
      : "A verdict is holds, violated, allowed, forbidden or none-found.";
    problems.push({ message: `unknown verdict ${verdict.text}`, hint, at: verdict });
  } else if (bounded && (word === "holds" || word === "forbidden")) {
    const hint = "Declare   Verdict: none-found   or leave out Mode, so that TLC sees every behaviour.";
    problems.push({
      message: `a search that is bounded by Mode can't show that a claim ${word === "holds" ? "holds" : "is forbidden"}`,
      hint,
      at: verdict,
    });
  }
  for (const [cell, what] of [
    [states, "States is the count of distinct states"],
    [generated, "Generated is the count of generated states"],
    [depth, "Depth is the greatest length of a shortest path"],
  ] as const) {
    if (cell === undefined || /^\d+$/.test(cell.text)) continue;
    const of = cell === depth ? "" : " of states";
    problems.push({
      message: `\`${cell.text}\` is not a number${of}`,
      hint: `${what}, in digits: 3336`,
      at: cell,
    });
  }
  for (const cell of bounded ? [states, generated, depth] : []) {
    if (cell === undefined) continue;
    const hint = "Leave it out: Mode bounds the search, and how much it sees is no property of the model.";
    problems.push({
      message: "the counts of a search that is bounded by Mode are not compared",
      hint,
      at: cell,
    });
  }
  if (word === "violated" || word === "allowed") {
    if (violates === undefined) {
      const hint =
        "Add the property's name:   \\* Violates: NoUseAfterFree   (or deadlock, assertion, assumption)";
      problems.push({
        message: `the claim is ${word}, but does not say what is violated`,
        hint,
        at: verdict,
      });
    } else {
      problems.push(...checkViolates(violates, config));
    }
  } else if (word !== undefined && violates !== undefined) {
    const message = `the claim says ${word}, but also that ${violates.text} is violated`;
    problems.push({ message, at: violates });
  }
  if (word === undefined || problems.length > 0) return { problems };
  const declared: DeclaredVerdict = {
    verdict: word,
    ...(violates !== undefined && { violates: violates.text }),
    ...(states !== undefined && { states: Number(states.text) }),
    ...(generated !== undefined && { generated: Number(generated.text) }),
    ...(depth !== undefined && { depth: Number(depth.text) }),
  };
  return { declared, problems };
}

function checkViolates(violates: Cell, config: Config): DeclarationProblem[] {
  const checked = [...config.invariants, ...config.properties, ...config.postconditions];
  return oneOf(violates.text).flatMap((text): DeclarationProblem[] => {
    if (text === "deadlock" && !config.checksDeadlock) {
      return [
        {
          message: "the configuration does not check for deadlock (CHECK_DEADLOCK FALSE, or Deadlock: off)",
          at: violates,
        },
      ];
    }
    if (NAMELESS.includes(text) || checked.includes(text)) return [];
    const meant = suggest(text, [...checked, ...NAMELESS]);
    const hint = meant
      ? `Did you mean ${meant}?`
      : checked.length > 0
        ? `It checks ${checked.join(", ")}.`
        : "It names no INVARIANT and no PROPERTY.";
    return [{ message: `the configuration does not check ${text}`, hint, at: violates }];
  });
}
