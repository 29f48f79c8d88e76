import type { TlcOutcome } from "../../spec/tlc/run/outcome.js";
import { parseValue, type Value } from "../../spec/tlc/value/value.js";
import { ValueSyntaxError } from "../../spec/tlc/value/value-tokens.js";
import type { Limits, Order } from "./model.js";

/** The outcome of one test under one memory order. */
export interface CaseSeen {
  readonly order: Order;
  /** Distinct states. */
  readonly states: number;
  /** The ends: each thread's finals, then the watched words. */
  readonly ends: readonly {
    readonly finals: readonly (readonly number[])[];
    readonly words: readonly number[];
  }[];
  /** There are too many ends to list: these are examples, one for each that the condition can be. */
  readonly examples?: true;
}

/** What TLC found about a test, or why that is unknown. */
export type Seen =
  | { readonly cases: readonly CaseSeen[] }
  | {
      readonly unknown: string;
      /** It has more states than the limit. */
      readonly large?: boolean;
      /** It was not over when the time was. */
      readonly late?: boolean;
    };

/** A test that had not ended when the time was up. */
export const STOPPED = "stopped";

/**
 * What TLC printed (TellAll of module AnySchedule); undefined unless it is complete and adds up to the states that TLC
 * counted.
 */
export function answersOf(
  { report }: Pick<TlcOutcome, "report">,
  tests: number,
  orders: readonly Order[],
  limits: Limits,
): (Seen | typeof STOPPED)[] | undefined {
  const cases = new Map<string, { states: number; ends: CaseSeen["ends"]; stopped: boolean }>();
  let counted = 0;
  let chains = 0;
  for (const text of report.printed) {
    const row = rowOf(text);
    const [test = Number.NaN, second = Number.NaN] = row.slice(0, 2).map(numberOf);
    if (row.length === 2 && test === 0) {
      chains++;
      counted += second;
    } else if (row.length === 5) {
      const states = numberOf(row[2]);
      const stopped = row[4]?.kind !== "boolean" || row[4].value;
      cases.set(`${test} ${second}`, { states, ends: elementsOf(row[3]).map(endOf), stopped });
      counted += Math.max(0, states);
    } else return undefined;
  }
  const complete = chains === 1 && cases.size === tests * orders.length;
  if (!complete || counted !== report.statistics?.distinct) return undefined;
  return Array.from({ length: tests }, (_, n): Seen | typeof STOPPED => {
    const mine: CaseSeen[] = [];
    for (const [o, order] of orders.entries()) {
      const found = cases.get(`${n + 1} ${o + 1}`);
      if (found === undefined || found.states < 0)
        return {
          unknown: `the compiler and the branches may choose between more than ${limits.choices} ways`,
        };
      if (found.states > limits.states)
        return { unknown: `it has more than ${limits.states} states under the order ${order}`, large: true };
      if (found.stopped) return STOPPED;
      mine.push({ order, states: found.states, ends: found.ends });
    }
    return { cases: mine };
  });
}

/** A line that breaks off, as when TLC printed more than is kept, is not a row. */
function rowOf(text: string): readonly Value[] {
  try {
    return listOf(parseValue(text));
  } catch (error) {
    if (error instanceof ValueSyntaxError) return [];
    throw error;
  }
}

function endOf(value: Value): CaseSeen["ends"][number] {
  const [threads, words] = listOf(value);
  const finals = threads?.kind === "record" ? [...threads.fields.values()] : [];
  return {
    finals: finals.map((thread) => listOf(thread).map(numberOf)),
    words: listOf(words).map(numberOf),
  };
}

function listOf(value: Value | undefined): readonly Value[] {
  return value?.kind === "sequence" ? value.elements : [];
}

function elementsOf(value: Value | undefined): readonly Value[] {
  return value?.kind === "set" ? value.elements : [];
}

function numberOf(value: Value | undefined): number {
  return value?.kind === "integer" ? Number(value.value) : Number.NaN;
}
