import type { CompiledTest } from "../litmus/compile.js";
import { placeText } from "../litmus/condition.js";
import type { Order } from "../litmus/model.js";
import { kept } from "../litmus/numbers.js";
import {
  type OrderResult,
  type Outcome,
  satisfies,
  shownOutcome,
  type Undecided,
  valuesShown,
} from "../litmus/result.js";
import type { End, Tally } from "./child.js";

/** What the machine says of an outcome, under the order of this processor. */
export type Judgement = "allowed" | "forbidden" | "undecided";

/** An outcome that was seen, or one that the machine allows and that was not (`count` is 0). */
export interface JudgedOutcome {
  readonly outcome: Outcome;
  readonly machine: Judgement;
  readonly count: number;
  /** The number of the round that had it first, from 0. */
  readonly firstRound?: number;
  /** Does the condition's body hold of it? */
  readonly positive: boolean;
}

/**
 * What came of running a test:
 *
 * - ok: nothing was seen that the machine forbids;
 * - violated: something was;
 * - undecided: the machine does not know, or outcomes were too many to count;
 * - crashed, hung: the program did;
 * - stopped: it was interrupted before its limit, and nothing forbidden was seen until then.
 */
export type Verdict = "ok" | "violated" | "undecided" | "crashed" | "hung" | "stopped";

export interface Judged {
  readonly verdict: Verdict;
  /** Why it is not ok, where there is more to say. */
  readonly reason?: string;
  readonly rounds: number;
  readonly seconds: number;
  /** Those that were seen, the most frequent first, then those that are allowed and were not. */
  readonly outcomes: readonly JudgedOutcome[];
  /** Rounds that the test's filter leaves out. */
  readonly filtered: number;
  /** Of the condition's body: may it hold, and how often did it. */
  readonly condition: { readonly machine: Judgement; readonly count: number };
}

/** The memory order that the machine has for a processor. */
export function orderOf(architecture: string): Order | undefined {
  if (architecture === "x64") return "tso";
  return ["arm64", "riscv64", "ppc64"].includes(architecture) ? "weak" : undefined;
}

/** Judges what a program has told by what the machine allows. */
export function judgeTally(
  test: CompiledTest,
  machine: OrderResult | Undecided,
  { tally, end }: { readonly tally: Tally; readonly end: End },
): Judged {
  const known = "order" in machine ? new Set(machine.outcomes.map(keyOf)) : undefined;
  const addresses = [...test.names.keys()];
  const places = [...test.locals.flat(), ...test.watched.map((name) => ({ name }))];
  const { filter, condition } = test.litmus;
  let filtered = 0;
  const seen: JudgedOutcome[] = [];
  for (const told of tally.outcomes) {
    const values = new Map(
      places.map((place, n) => {
        const text = told.values[n] ?? "";
        const value = text.startsWith("&")
          ? addresses[Number(text.slice(1))]
          : kept(BigInt(text === "" ? 0 : text), test.typeOf(place));
        return [placeText(place), value ?? Number.NaN];
      }),
    );
    if (filter !== undefined && !satisfies(test, values, filter)) {
      filtered += told.count;
      continue;
    }
    const outcome = shownOutcome(test, values);
    const judgement = known === undefined ? "undecided" : known.has(keyOf(outcome)) ? "allowed" : "forbidden";
    seen.push({
      outcome,
      machine: judgement,
      count: told.count,
      firstRound: told.first,
      positive: satisfies(test, values, condition),
    });
  }
  seen.sort((a, b) => b.count - a.count);
  const had = new Set(seen.map(({ outcome }) => keyOf(outcome)));
  const others = "order" in machine ? machine.outcomes.filter((outcome) => !had.has(keyOf(outcome))) : [];
  const outcomes = [
    ...seen,
    ...others.map(
      (outcome): JudgedOutcome => ({
        outcome,
        machine: "allowed",
        count: 0,
        positive: satisfies(test, valuesShown(test, outcome), condition),
      }),
    ),
  ];
  return {
    ...verdictOf(outcomes, machine, tally, end),
    rounds: tally.rounds,
    seconds: tally.seconds,
    outcomes,
    filtered,
    condition: {
      machine: "order" in machine ? (machine.reachable ? "allowed" : "forbidden") : "undecided",
      count: seen.reduce((sum, { positive, count }) => sum + (positive ? count : 0), 0),
    },
  };
}

function verdictOf(
  outcomes: readonly JudgedOutcome[],
  machine: OrderResult | Undecided,
  tally: Tally,
  end: End,
): Pick<Judged, "verdict" | "reason"> {
  // What was seen was seen, however the program ended.
  if (outcomes.some(({ machine: judgement }) => judgement === "forbidden")) return { verdict: "violated" };
  if (end.kind === "crashed" || end.kind === "hung") {
    // What C leaves open in some run, a division by zero say, may end the program.
    const known = "message" in machine ? ` (on the machine: ${machine.message})` : "";
    return { verdict: end.kind, reason: `${end.message}${known}` };
  }
  if (end.kind === "refused" || end.kind === "starved") return { verdict: "undecided", reason: end.message };
  if ("message" in machine) return { verdict: "undecided", reason: machine.message };
  if (tally.lost > 0)
    return { verdict: "undecided", reason: `${tally.lost} rounds had outcomes too many to count` };
  if (end.kind === "stopped") return { verdict: "stopped" };
  if (tally.rounds === 0) return { verdict: "undecided", reason: "no round ended within its time" };
  return { verdict: "ok" };
}

/** One text for one outcome. */
export function keyOf(outcome: Outcome): string {
  return JSON.stringify(Object.entries(outcome).sort(([a], [b]) => (a < b ? -1 : 1)));
}
