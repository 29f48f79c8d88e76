import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuildOptions, build } from "../artifact.js";
import { type Figures, figuresFrom } from "../bench-figures.js";
import { run } from "../compiler.js";
import { BenchError, CompileError } from "../errors.js";
import { TRACED, TRACED_USES } from "../traced.js";

/** An event of native/bench/trace.c: switched off, or recorded with so many integers, or a string of 32 bytes. */
export type TraceEvent = "off" | "none" | "four" | "eight" | "string";

/** Ours; ours where each hit pays for its fence; LTTng-UST. */
export type TraceSide = "quiesce" | "quiesce-fences" | "lttng";

export interface TraceFigures {
  readonly event: TraceEvent;
  readonly threads: number;
  /** A side that isn't installed is not there. */
  readonly sides: Readonly<Partial<Record<TraceSide, readonly Figures[]>>>;
}

const OPTIONS = ["-O2", "-g", "-falign-functions=64", "-falign-loops=32"];
const COMMON = ["bench/trace.c", "bench/bench.c", "bench/count.c"];

function buildSide(side: "quiesce" | "lttng", how?: BuildOptions): Promise<string> {
  return build(
    {
      name: `bench-trace-${side}`,
      ending: "",
      sources: side === "quiesce" ? [...TRACED_USES, ...TRACED, ...COMMON] : [...TRACED_USES, ...COMMON],
      // LTTng's macros are not made for our warnings.
      options: [...OPTIONS, "-std=gnu11", "-w", `-DSIDE="side_${side}_trace.h"`],
      libraries: side === "lttng" ? ["-llttng-ust"] : [],
    },
    how,
  );
}

async function lttng(home: string, words: readonly string[]): Promise<void> {
  const ended = await run(["lttng", ...words], undefined, { ...process.env, LTTNG_HOME: home });
  if (ended.code !== 0) throw new BenchError(`lttng ${words.join(" ")}: ${ended.stderr.trim()}`);
}

/** A flight recorder with all events on but bench:off, in a daemon of its own; what ends it is returned. */
async function startLttng(home: string): Promise<() => Promise<void>> {
  const pidFile = join(home, "pid");
  const daemon = ["lttng-sessiond", "--daemonize", `--pidfile=${pidFile}`] as const;
  const started = await run(daemon, undefined, { ...process.env, LTTNG_HOME: home });
  if (started.code !== 0) throw new BenchError(`lttng-sessiond: ${started.stderr.trim()}`);
  const pid = Number((await readFile(pidFile, "utf8")).trim());
  const stop = async (): Promise<void> => {
    process.kill(pid, "SIGTERM");
    // It says that it has ended by taking its file away.
    for (let i = 0; i < 600; i++) {
      try {
        process.kill(pid, 0);
      } catch {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    process.kill(pid, "SIGKILL");
  };
  try {
    await lttng(home, ["create", "bench", "--snapshot", "-o", join(home, "out")]);
    const sizes = ["--subbuf-size=128k", "--num-subbuf=2"];
    await lttng(home, ["enable-channel", "-u", "ring", "--overwrite", ...sizes]);
    await lttng(home, ["enable-event", "-u", "bench:*", "-x", "bench:off", "-c", "ring"]);
    await lttng(home, ["start"]);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/**
 * Measures what an event costs, ours and LTTng-UST's in turns, so that what else the machine does hits both.
 *
 * @throws BenchError, CompilerMissingError, CompileError
 */
export async function measureTracing(
  events: readonly TraceEvent[],
  threads: readonly number[],
  { rounds = 300, repeats = 3 }: { readonly rounds?: number; readonly repeats?: number } = {},
  how?: BuildOptions,
): Promise<TraceFigures[]> {
  const ours = await buildSide("quiesce", how);
  const theirs = await buildSide("lttng", how).catch((error: unknown) => {
    if (error instanceof CompileError) return undefined;
    throw error;
  });
  const home = await mkdtemp(join(tmpdir(), "quiesce-lttng-"));
  let stop: (() => Promise<void>) | undefined;
  try {
    if (theirs !== undefined) stop = await startLttng(home);
    const env = { ...process.env, LTTNG_HOME: home, LTTNG_UST_REGISTER_TIMEOUT: "-1" };
    const all: TraceFigures[] = [];
    for (const event of events) {
      for (const count of threads) {
        const words = [`event=${event}`, `threads=${count}`, `rounds=${rounds}`];
        const quiesce: Figures[] = [];
        const fences: Figures[] = [];
        const lttng: Figures[] = [];
        for (let i = 0; i < repeats; i++) {
          quiesce.push(figuresFrom(await run([ours, ...words])));
          fences.push(figuresFrom(await run([ours, ...words, "fences=1"])));
          if (theirs !== undefined) lttng.push(figuresFrom(await run([theirs, ...words], undefined, env)));
        }
        const sides = { quiesce, "quiesce-fences": fences, ...(theirs !== undefined && { lttng }) };
        all.push({ event, threads: count, sides });
      }
    }
    return all;
  } finally {
    await stop?.();
    await rm(home, { recursive: true, force: true });
  }
}
