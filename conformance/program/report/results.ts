import type { EndedEarly } from "../../base/interrupted.js";
import type { Sequence } from "../counterexample/sequence.js";
import type { ActionTaken, Graph, Recorded, Table } from "./viewer/views.js";

/**
 * How something that was decided compares with what is declared or expected of it:
 *   pass       as expected
 *   found      decided, and nothing was declared that it could differ from
 *   fail       different
 *   open       looked at, and not certain: never a pass
 *   undecided  not looked at, since the run ended before
 *   skipped    not looked at, since this machine lacks what it needs
 */
export type Outcome = "pass" | "found" | "fail" | "open" | "undecided" | "skipped";

/** A place in a file; lines and columns count from 1. */
export interface Place {
  /** Absolute path. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** A step of a counterexample. */
export interface Step {
  /** What was done, and by whom as far as it is known: `Unlock(r1)`. */
  readonly action: string;
  readonly place?: Place;
  /** What the step changed, as `name = value`. */
  readonly changes: readonly string[];
}

/** A counterexample to step through: who did what, and, where they are worth showing, the variables' values. */
export interface Run {
  readonly sequence: Sequence;
  /** Of each state, the variables whose values differ from the state before; of the first one, all of them. */
  readonly states: readonly Readonly<Record<string, string>>[];
}

/** One thing that a command has decided, in the shape that all formats share. */
export interface Finding {
  /** Unique within the run, and the same in the next one: a claim's id, a file with a memory order. */
  readonly id: string;
  /** What it belongs to: a folder of claims, a file, a driver. */
  readonly group: string;
  /** What is claimed, in words. */
  readonly sentence?: string;
  readonly outcome: Outcome;
  /** What was found, in the command's own words: holds, violated, Sometimes, conforms. */
  readonly verdict: string;
  /** What was declared or expected. */
  readonly declared?: string;
  /** The property that is violated. */
  readonly violated?: string;
  readonly place?: Place;
  /** Why it is not as expected, or not decided. */
  readonly reason?: string;
  /** The counterexample as text, for a fixed-width font. */
  readonly detail?: string;
  readonly steps?: readonly Step[];
  readonly run?: Run;
  readonly graph?: Graph;
  /** Why there is no graph though one was asked for, or what it lacks. */
  readonly graphNote?: string;
  readonly actions?: readonly ActionTaken[];
  readonly recorded?: Recorded;
  /** A command that shows it. */
  readonly command?: string;
  readonly seconds: number;
  readonly states?: number;
  readonly depth?: number;
}

/** An input that could not be read: the others were decided all the same. */
export interface Problem {
  readonly message: string;
  readonly place?: Place;
  readonly hint?: string;
}

/** What a run of a command has found: all that a format may need. */
export interface Results {
  /** The command, such as `check`. */
  readonly command: string;
  /** In words, such as `Claims`. */
  readonly title: string;
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  readonly seconds: number;
  /** It ended before all was decided; the rest is what was known by then. */
  readonly endedEarly?: EndedEarly;
  /** Further lines for a person: what was left out, and why. */
  readonly notes: readonly string[];
  readonly tables?: readonly Table[];
}

/** How many findings there are of each outcome. */
export function countOutcomes(findings: readonly Finding[]): Readonly<Record<Outcome, number>> {
  const counts = { pass: 0, found: 0, fail: 0, open: 0, undecided: 0, skipped: 0 };
  for (const { outcome } of findings) counts[outcome]++;
  return counts;
}

/** Whether a finding is something for a person to look at. */
function wantsAttention({ outcome }: Finding): boolean {
  return outcome === "fail" || outcome === "open";
}

/** Whether something was found broken of which nobody has said that it is: worth telling, and no failure. */
export function isNews({ outcome, verdict }: Finding): boolean {
  return outcome === "found" && (verdict === "violated" || verdict === "allowed");
}

/** What is told of one by one, and what is news behind it: a limit cuts off that first. */
export function toldOf(findings: readonly Finding[]): readonly Finding[] {
  return [...findings.filter(wantsAttention), ...findings.filter(isNews)];
}

/** Whether a run is good: something was decided, and nothing is different, open, undecided or unread. */
export function isGood(results: Results): boolean {
  const { findings, problems, endedEarly } = results;
  return (
    problems.length === 0 &&
    endedEarly === undefined &&
    findings.every(({ outcome }) => outcome === "pass" || outcome === "found" || outcome === "skipped")
  );
}

/** What a finding says, on one line. */
export function headline({ id, verdict, declared, violated, outcome, reason }: Finding): string {
  const found = violated === undefined || verdict.includes(violated) ? verdict : `${verdict}: ${violated}`;
  const expected = declared === undefined || outcome === "pass" ? "" : ` (declared: ${declared})`;
  const why = reason === undefined ? "" : `: ${firstLine(reason)}`;
  return `${id}   ${found}${expected}${why}`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

/** How a run went, on one line: `1,140 of 1,141 as expected, 1 different`. */
export function totalLine(results: Results): string {
  const { pass, found, fail, open, undecided, skipped } = countOutcomes(results.findings);
  const declared = results.findings.length - found;
  const count = (n: number): string => n.toLocaleString("en-US");
  return [
    ...(declared > 0 || found === 0 ? [`${count(pass)} of ${count(declared)} as expected`] : []),
    ...(found > 0 ? [`${count(found)} found, with nothing declared`] : []),
    ...(fail > 0 ? [`${count(fail)} different`] : []),
    ...(open > 0 ? [`${count(open)} not certain`] : []),
    ...(undecided > 0 ? [`${count(undecided)} not decided`] : []),
    ...(skipped > 0 ? [`${count(skipped)} not run`] : []),
    ...(results.problems.length > 0 ? [`${count(results.problems.length)} not read`] : []),
    ...(results.endedEarly === undefined
      ? []
      : [results.endedEarly === "interrupted" ? "interrupted" : "out of time"]),
  ].join(", ");
}
