import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { throwIfInterrupted } from "../../spec/tlc/base/errors.js";
import { inParallel } from "../../spec/tlc/base/pool.js";
import { withScratch } from "../../spec/tlc/base/scratch.js";
import type { TlcOutcome } from "../../spec/tlc/run/outcome.js";
import { runTlc } from "../../spec/tlc/run/run.js";
import type { Tools } from "../../spec/tlc/tools/tools.js";
import { answersOf, type Seen, STOPPED } from "./answers.js";
import type { CompiledTest } from "./compile.js";
import { batchModel, type Limits, MODULE, type Order } from "./model.js";
import { OUT_OF_RANGE } from "./numbers.js";

export interface BatchOptions {
  readonly tools: Tools;
  /** The folder spec/machine. */
  readonly machine: string;
  readonly orders: readonly Order[];
  readonly limits: Limits;
  /** Tests with more states than this are run last (default: 20,000). */
  readonly smallStates?: number;
  /** Runs of TLC in parallel. */
  readonly parallel: number;
  /** Time limit of each run; a test is given up only when it had that time for itself. */
  readonly timeoutMs: number;
  readonly memoryMiB?: number;
  readonly signal?: AbortSignal;
  /** The module and its configuration, to replace the usual ones. */
  readonly model?: typeof batchModel;
  /** Called with the answer to a test, by its number, as soon as it is known. */
  readonly onTest?: (index: number, seen: Seen) => void;
}

/** More threads than this have too many states for the machine. */
export const MOST_THREADS = 8;

/** How many tests one run gets: enough that Java's start does not matter, few enough that progress shows. */
const MOST_TESTS = 60;
/** Most tests have fewer states. Those that have more run again, with Java's optimising compiler. */
const SMALL_STATES = 20_000;
const LARGE_TESTS = 4;
/** The part of a run's time limit after which the machine takes no more steps, so that TLC can report what it has. */
const STEPPING = 0.8;

/**
 * Runs tests on the machine, many in one run of TLC, the large ones last. The answers are in the order of the tests. A
 * run that fails is repeated without the test at which it failed or, where TLC does not say which, with each half of
 * its tests; and tests that were not over when a run's time was run again, at last alone: a test answers for itself.
 * Throws Interrupted.
 */
export async function runBatch(tests: readonly CompiledTest[], options: BatchOptions): Promise<Seen[]> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const { limits, parallel, onTest, smallStates = SMALL_STATES } = options;
  const seen: Seen[] = [];
  /** Must it run again, with the requested limit? */
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
    if ("failure" in answer && part.length > 1) {
      const { failure, culprit } = answer;
      const bad = culprit === undefined ? undefined : part[culprit];
      if (bad !== undefined) {
        seen[bad] = { unknown: failure };
        onTest?.(bad, seen[bad]);
        return await decide(
          part.filter((index) => index !== bad),
          short,
        );
      }
      const half = Math.ceil(part.length / 2);
      await decide(part.slice(0, half), short);
      await decide(part.slice(half), short);
      return;
    }
    const late: number[] = [];
    for (const [n, index] of part.entries()) {
      const found = "failure" in answer ? { unknown: answer.failure } : (answer[n] as Seen);
      // Its time may have gone to the others.
      if ("unknown" in found && found.late && part.length > 1) {
        late.push(index);
        continue;
      }
      seen[index] = found;
      if (!short || !isLarge(found)) onTest?.(index, found);
    }
    const half = late.length < part.length ? late.length : Math.ceil(late.length / 2);
    for (const again of [late.slice(0, half), late.slice(half)])
      if (again.length > 0) await decide(again, short);
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
  for (const [index, test] of tests.entries()) {
    const { length } = test.paths;
    if (length <= MOST_THREADS) continue;
    seen[index] = { unknown: `it has ${length} threads, and the machine takes up to ${MOST_THREADS}` };
    onTest?.(index, seen[index]);
  }
  const all = tests.flatMap((_, index) => (seen[index] === undefined ? [index] : []));
  await run(all, MOST_TESTS, true);
  await run(
    all.filter((index) => isLarge(seen[index])),
    LARGE_TESTS,
    false,
  );
  return seen;
}

/** Why a run gave no answers; and the place of the test at which it failed, if TLC's last state says so. */
interface Failed {
  readonly failure: string;
  readonly culprit?: number;
}

/** The answers of one run; or why there are none. */
async function runOnce(
  tests: readonly CompiledTest[],
  short: boolean,
  options: BatchOptions,
): Promise<Seen[] | Failed> {
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
  if (failure !== undefined) {
    const culprit = outcome.timedOut ? undefined : culpritOf(outcome);
    return { failure, ...(culprit !== undefined && { culprit }) };
  }
  return (
    answersOf(outcome, tests.length, orders, limits)?.map(
      (seen): Seen => (seen === STOPPED ? { unknown: lateText(options), late: true } : seen),
    ) ?? { failure: "TLC did not report what it saw of each test" }
  );
}

/** The test whose state TLC could not go on from, from 0: the last state that it shows says `case = <<test, order>>`. */
function culpritOf({ messages }: TlcOutcome): number | undefined {
  const shown = messages.flatMap(({ text }) => [...text.matchAll(/\bcase = <<(\d+), \d+>>/g)]);
  const test = Number(shown.at(-1)?.[1] ?? 0);
  return test > 0 ? test - 1 : undefined;
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
  if (error !== undefined && /Overflow when computing/i.test(error.message)) return OUT_OF_RANGE;
  // What C leaves open (spec/machine/Expression.tla).
  const open = error && /second argument was:\s*"([^"]+)"/.exec(error.message)?.[1];
  if (open !== undefined) return `in some run there is ${open}`;
  if (error !== undefined) return `TLC failed: ${error.message.split("\n")[0]}`;
  if (signal !== undefined) return `TLC was ended by ${signal}`;
  if (exitCode !== 0 || !report.success || report.truncated) return `TLC failed with exit code ${exitCode}`;
  return report.statistics?.queue === 0 ? undefined : "TLC left states unexamined";
}
