import { existsSync } from "node:fs";
import { join } from "node:path";
import { type BenchOptions, runBench } from "../../../native/js/bench.js";
import { bytesBelow, figuresToDisk, type Written } from "../../../native/js/bench-disk.js";
import type { Command, Figures } from "../../../native/js/bench-figures.js";
import type { LttngSession } from "../../../native/js/bench-lttng.js";
import { BenchError } from "../../../native/js/errors.js";
import { buildController } from "../../../native/js/tracing/controller.js";
import { record } from "../../../native/js/tracing/record.js";
import type { Recorded } from "../../../native/js/tracing/told.js";
import { throwIfInterrupted } from "../../../spec/tlc/base/errors.js";
import { createScratch, withScratch } from "../../../spec/tlc/base/scratch.js";
import type { Measurement, Side } from "./rows.js";

export interface TraceRun {
  readonly side: Side;
  readonly measurement: Measurement;
  readonly options: BenchOptions;
  readonly session: LttngSession | undefined;
  readonly signal: AbortSignal;
}

/** Runs a measuring program of tracing once, beside who records and who switches where it needs them. */
export async function runTraceBench(command: Command, run: TraceRun): Promise<Figures> {
  const { side, measurement, session, signal } = run;
  const isTheirs = side === "trace-lttng";
  if (measurement.toDisk === true) return await toDisk(command, run);
  if (isTheirs) return await runBench(command, { ...run.options, session: session?.name ?? "" }, signal);
  const controller = await buildController({ signal });
  return await withMemory((root) => runBench(command, { ...run.options, root, controller }, signal));
}

/** A folder in memory, where there is one: also of a program that is killed, nothing stays there. */
async function withMemory<T>(work: (root: string) => Promise<T>): Promise<T> {
  const scratch = await createScratch("bench", existsSync("/dev/shm") ? "/dev/shm" : undefined);
  try {
    return await work(scratch.path);
  } finally {
    await scratch.remove();
  }
}

async function toDisk(command: Command, { side, options, session, signal }: TraceRun): Promise<Figures> {
  if (side === "trace-lttng") {
    if (session === undefined) throw new Error("there is no session of LTTng's");
    const { result, written } = await session.whileWriting(() => runBench(command, options, signal));
    return figuresToDisk(result, written);
  }
  const program = await buildController({ signal });
  return await withMemory(async (root) => {
    const directory = join(root, "trace");
    const { result, written } = await whileRecording(
      { directory, program, signal },
      async () => await runBench(command, { ...options, directory }, signal),
    );
    return figuresToDisk(result, written);
  });
}

interface RecordingOptions {
  /** The trace directory, in memory; the recorder makes it. */
  readonly directory: string;
  /** quiesce-trace. */
  readonly program: string;
  readonly signal: AbortSignal;
}

/** Our recorder writes to disk while a program runs. */
async function whileRecording<T>(
  { directory, program, signal }: RecordingOptions,
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly written: Written }> {
  return await withScratch("recorded", async (folder) => {
    const out = join(folder, "recorded");
    const stop = new AbortController();
    let recorded: Promise<Recorded> | undefined;
    try {
      await new Promise<void>((begun, failed) => {
        recorded = record(out, { directory, program, signal: stop.signal, onStart: begun });
        recorded.catch(failed);
      });
      const result = await run();
      stop.abort();
      const counts = await recorded;
      throwIfInterrupted(signal);
      if (counts === undefined) throw new BenchError("nothing was recorded");
      return { result, written: { events: counts.events, lost: counts.lost, bytes: bytesBelow(out) } };
    } finally {
      stop.abort();
      // Its folder is removed only when it no longer writes there.
      await recorded?.catch(() => undefined);
    }
  });
}
