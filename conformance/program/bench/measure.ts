import type { Figures } from "../../../native/js/bench-figures.js";
import { BenchError } from "../../../native/js/errors.js";
import { messageOf, throwIfInterrupted } from "../../../spec/tlc/base/errors.js";
import type { Measurement, Side } from "./rows.js";

/** The figures of a side in a measurement, run by run, or why there are none. */
export interface Measured {
  readonly side: Side;
  readonly runs: readonly Figures[];
  /** Why it is not measured: our library lacks it, or theirs is not installed. */
  readonly lack?: string;
  /** Why it could not be measured, although everything is there. */
  readonly problem?: string;
}

export interface MeasuredAll {
  readonly measurement: Measurement;
  readonly ours: Measured;
  readonly theirs?: Measured;
  readonly others: readonly Measured[];
}

export interface MeasureRequest {
  readonly measurements: readonly Measurement[];
  readonly quick: boolean;
  readonly rounds: number;
  /** No round begins that would end after this many milliseconds. */
  readonly budgetMs: number;
  /** After this many, nothing more is begun: programs that hang until they are ended may have used up the time. */
  readonly lastMs?: number;
  readonly signal: AbortSignal;
  /** Why a side can't be measured here, if so; otherwise undefined. */
  readonly lackOf: (side: Side, measurement: Measurement) => string | undefined;
  /** Runs a measuring program once. */
  readonly run: (side: Side, measurement: Measurement) => Promise<Figures>;
  readonly now?: () => number;
  readonly onProgress?: (told: {
    readonly round: number;
    readonly of: number;
    readonly name: string;
  }) => void;
}

export interface MeasureResult {
  readonly rounds: number;
  readonly seconds: number;
  readonly measured: readonly MeasuredAll[];
}

interface Collected {
  readonly side: Side;
  readonly runs: Figures[];
  readonly lack: string | undefined;
  problem: string | undefined;
}

/**
 * Measures all sides of each measurement one after another, ours first in one round and theirs first in the next, and all
 * of that again for as many rounds as were asked for, or as there is time for: so whatever else the machine is doing
 * slows down every side and every row. What fails once is not tried again. Throws Interrupted.
 */
export async function measureAll(request: MeasureRequest): Promise<MeasureResult> {
  const {
    measurements,
    signal,
    rounds,
    budgetMs,
    lastMs = Infinity,
    now = () => performance.now(),
  } = request;
  const started = now();
  const tasks = measurements.map((measurement) => ({ measurement, sides: sidesOf(measurement, request) }));
  let done = 0;
  let longest = 0;
  for (let round = 0; round < rounds; round++) {
    const began = now();
    if (round > 0 && began - started + longest > budgetMs) break;
    for (const { measurement, sides } of tasks) {
      for (let time = 0; time < (measurement.repeat ?? 1); time++) {
        const turns = (round + time) % 2 === 0 ? sides : sides.toReversed();
        for (const side of turns) {
          throwIfInterrupted(signal);
          request.onProgress?.({
            round: round + 1,
            of: rounds,
            name: `${measurement.rows[0]?.name ?? ""}, ${side.side}`,
          });
          if (now() - started <= lastMs) await measureOnce(side, measurement, request);
          else if (side.lack === undefined && side.runs.length === 0)
            side.problem ??= "no time was left for it";
        }
      }
    }
    done = round + 1;
    longest = Math.max(longest, now() - began);
  }
  return {
    rounds: done,
    seconds: (now() - started) / 1000,
    measured: tasks.map(({ measurement, sides }) => resultOf(measurement, sides)),
  };
}

function sidesOf(measurement: Measurement, { lackOf }: MeasureRequest): Collected[] {
  const { ours, theirs, others = [] } = measurement;
  const all = [ours, ...(theirs === undefined ? [] : [theirs]), ...others];
  return all.map((side) => ({
    side,
    runs: [],
    lack: lackOf(side, measurement),
    problem: undefined,
  }));
}

async function measureOnce(side: Collected, measurement: Measurement, { run, signal }: MeasureRequest) {
  if (side.lack !== undefined || side.problem !== undefined) return;
  try {
    side.runs.push(await run(side.side, measurement));
  } catch (error) {
    throwIfInterrupted(signal);
    if (!(error instanceof BenchError)) throw error;
    side.problem = messageOf(error);
  }
}

function resultOf(measurement: Measurement, sides: readonly Collected[]): MeasuredAll {
  const [ours, ...rest] = sides.map(({ side, runs, lack, problem }) => ({
    side,
    runs,
    ...(lack !== undefined && { lack }),
    ...(problem !== undefined && { problem }),
  }));
  if (ours === undefined) throw new Error("a measurement without a side");
  const theirs = measurement.theirs === undefined ? undefined : rest.shift();
  return { measurement, ours, ...(theirs && { theirs }), others: rest };
}
