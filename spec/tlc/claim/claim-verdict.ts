import { suggest } from "../base/suggest.js";
import type { Config } from "./config.js";

/** What a claim says TLC will find. `allowed` and `forbidden` are about a litmus test's outcome. */
export interface DeclaredVerdict {
  readonly verdict: "holds" | "violated" | "allowed" | "forbidden";
  /** The property that must be the one violated: its name, `deadlock`, `assertion` or `assumption`. */
  readonly violates?: string;
  /** Distinct states; for a violated claim, as found by one worker. */
  readonly states?: number;
}

export const VERDICTS = ["holds", "violated", "allowed", "forbidden"] as const;

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
}

/** Reads a declaration; with any problem there is no verdict. */
export function readDeclaration(
  { verdict, violates, states }: Declaration,
  config: Config,
): { declared?: DeclaredVerdict; problems: DeclarationProblem[] } {
  const problems: DeclarationProblem[] = [];
  const word = VERDICTS.find((v) => v === verdict?.text);
  if (verdict === undefined || verdict.text === "") {
    const hint = "Add a line such as:   \\* Verdict: holds";
    problems.push({ message: "the claim has no declared verdict", hint, at: verdict });
  } else if (word === undefined) {
    const meant = suggest(verdict.text, VERDICTS);
    const hint = meant ? `Did you mean ${meant}?` : "A verdict is holds, violated, allowed or forbidden.";
    problems.push({ message: `unknown verdict ${verdict.text}`, hint, at: verdict });
  }
  if (states !== undefined && !/^\d+$/.test(states.text)) {
    const hint = "States is the count of distinct states, in digits: 3336";
    problems.push({ message: `\`${states.text}\` is not a number of states`, hint, at: states });
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
  };
  return { declared, problems };
}

function checkViolates(violates: Cell, config: Config): DeclarationProblem[] {
  const { text } = violates;
  if (text === "deadlock" && !config.checksDeadlock) {
    return [
      { message: "the configuration does not check for deadlock (CHECK_DEADLOCK FALSE)", at: violates },
    ];
  }
  const checked = [...config.invariants, ...config.properties];
  if (NAMELESS.includes(text) || checked.includes(text)) return [];
  const meant = suggest(text, [...checked, ...NAMELESS]);
  const hint = meant
    ? `Did you mean ${meant}?`
    : checked.length > 0
      ? `It checks ${checked.join(", ")}.`
      : "It names no INVARIANT and no PROPERTY.";
  return [{ message: `the configuration does not check ${text}`, hint, at: violates }];
}
