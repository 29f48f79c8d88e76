import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { throwIfInterrupted } from "../../spec/tlc/errors.js";
import { inParallel } from "../../spec/tlc/pool.js";
import { runTlc, type TlcOutcome } from "../../spec/tlc/run.js";
import { withScratch } from "../../spec/tlc/scratch.js";
import type { Tools } from "../../spec/tlc/tools.js";
import { parseValue, type Value } from "../../spec/tlc/value.js";
import { batchModel, type Limits, MODULE, type Order } from "./model.js";
import type { CompiledTest } from "./test.js";

/** What one test ended with under one memory order. */
export interface CaseSeen {
  readonly order: Order;
  /** Distinct states. */
  readonly states: number;
  /** The ends: each thread's finals, then the words that are watched. */
  readonly ends: readonly {
    readonly finals: readonly (readonly number[])[];
    readonly words: readonly number[];
  }[];
}

/** What TLC found of a test, or why it is not known. */
export type Seen =
  | { readonly cases: readonly CaseSeen[] }
  | {
      readonly unknown: string;
      /** It has more states than the limit, or needs more time. */
      readonly large?: boolean;
    };

export interface BatchOptions {
  readonly tools: Tools;
  /** The folder spec/machine. */
  readonly machine: string;
  readonly orders: readonly Order[];
  readonly limits: Limits;
  /** Tests with more states than this are run last (default: 20,000). */
  readonly smallStates?: number;
  /** Runs of TLC at once. */
  readonly parallel: number;
  /** Time limit of each run. */
  readonly timeoutMs: number;
  readonly memoryMiB?: number;
  readonly signal?: AbortSignal;
  /** The module and its configuration, when they are to be others. */
  readonly model?: typeof batchModel;
  /** Called with what is known of a test, by its number, as soon as it is. */
  readonly onTest?: (index: number) => void;
}

/** How many tests one run gets: so many that Java's start does not count, so few that progress is seen. */
const MOST_TESTS = 60;
/** Most tests have fewer states. Those that have more are run again, by Java's optimising compiler. */
const SMALL_STATES = 20_000;
const LARGE_TESTS = 4;
/** The part of a run's time limit after which the machine takes no more steps, so that TLC can tell what it has. */
const STEPPING = 0.8;

/**
 * Runs tests on the machine, many in one run of TLC, the large ones last. The answers are in the order of the tests. A
 * run that fails is repeated with each half of its tests, so a test answers for itself alone. Throws Interrupted.
 */
export async function runBatch(tests: readonly CompiledTest[], options: BatchOptions): Promise<Seen[]> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const { limits, parallel, onTest, smallStates = SMALL_STATES } = options;
  const seen: Seen[] = [];
  /** Is it to be run again, with the limit that was asked for? */
  const isLarge = (one: Seen | undefined): boolean =>
    limits.states > smallStates && one !== undefined && "unknown" in one && one.large === true;
  const decide = async (part: readonly number[], short: boolean): Promise<void> => {
    throwIfInterrupted(options.signal);
    const answer = await runOnce(
      part.map((index) => tests[index] as CompiledTest),
      short,
      {
        ...options,
        signal,
        limits: short ? { ...limits, states: Math.min(limits.states, smallStates) } : limits,
      },
    );
    if (typeof answer === "string" && part.length > 1) {
      const half = Math.ceil(part.length / 2);
      await decide(part.slice(0, half), short);
      await decide(part.slice(half), short);
      return;
    }
    for (const [n, index] of part.entries()) {
      const found = typeof answer === "string" ? { unknown: answer } : (answer[n] as Seen);
      seen[index] = found;
      if (!short || !isLarge(found)) onTest?.(index);
    }
  };
  const run = async (indices: readonly number[], most: number, short: boolean): Promise<void> => {
    const size = Math.max(1, Math.min(most, Math.ceil(indices.length / parallel)));
    const parts = Array.from({ length: Math.ceil(indices.length / size) }, (_, i) =>
      indices.slice(i * size, (i + 1) * size),
    );
    await inParallel(
      parts,
      parallel,
      (part) => decide(part, short),
      () => stop.abort(),
    );
  };
  const all = tests.map((_, index) => index);
  await run(all, MOST_TESTS, true);
  await run(
    all.filter((index) => isLarge(seen[index])),
    LARGE_TESTS,
    false,
  );
  return seen;
}

/** The answers of one run; or why there are none. */
async function runOnce(
  tests: readonly CompiledTest[],
  short: boolean,
  options: BatchOptions,
): Promise<Seen[] | string> {
  const { orders, limits, model: modelOf = batchModel } = options;
  const model = modelOf(tests, orders, limits, Math.floor((options.timeoutMs / 1000) * STEPPING));
  const outcome = await withScratch("litmus", async (folder) => {
    const module = join(folder, `${MODULE}.tla`);
    await writeFile(module, model.module);
    return await runTlc({
      tools: options.tools,
      module,
      config: model.config,
      libraries: [options.machine],
      short,
      // Programs of a hundred instructions, and sums of as many terms.
      stackMiB: 16,
      timeoutMs: options.timeoutMs,
      ...(options.memoryMiB !== undefined && { memoryMiB: options.memoryMiB }),
      ...(options.signal && { signal: options.signal }),
    });
  });
  const failure = failureOf(outcome, options);
  return (
    failure ??
    answersOf(outcome, tests.length, orders, limits)?.map(
      (seen): Seen => (seen === STOPPED ? { unknown: lateText(options), large: true } : seen),
    ) ??
    "TLC did not tell what it saw of each test"
  );
}

const lateText = ({ timeoutMs }: BatchOptions): string =>
  `not decided within the time limit of ${timeoutMs / 1000} s`;

function failureOf(
  { exitCode, signal, timedOut, report }: TlcOutcome,
  options: BatchOptions,
): string | undefined {
  if (timedOut) return lateText(options);
  const [error] = report.errors;
  if (error?.kind === "memory" || exitCode === 3) return "TLC ran out of memory";
  if (error !== undefined) return `TLC failed: ${error.message.split("\n")[0]}`;
  if (signal !== undefined) return `TLC was ended by ${signal}`;
  if (exitCode !== 0 || !report.success || report.truncated) return `TLC failed with exit code ${exitCode}`;
  return report.statistics?.queue === 0 ? undefined : "TLC left states unexamined";
}

/** A test that was not at its end when the time was over. */
export const STOPPED = "stopped";

/**
 * What TLC printed (TellAll of module AnySchedule); undefined unless it is all, and adds up to the states that TLC
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
    const row = listOf(parseValue(text));
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
