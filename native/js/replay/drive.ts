import { Interrupted } from "../../../spec/tlc/base/errors.js";
import type { DriveResult } from "../addon.js";
import type { Shard } from "./shard.js";

/** How far all processes together are. */
export interface Done {
  readonly paths: number;
  readonly steps: number;
}

export interface DriveWatch {
  readonly signal?: AbortSignal;
  readonly hangMs: number;
  /** After this many milliseconds each process ends with its path. */
  readonly limitMs?: number;
  readonly onProgress?: (done: Done) => void;
}

const POLL_MS = 100;
/**
 * A driving process reports a hang of the target by itself; only when it doesn't (a target can stop the whole process),
 * it is given up. Before its first step it has a plan and a target to load.
 */
const PATIENCE = 2;
const START_MS = 20_000;

/**
 * Waits for the processes, and sees to it that all of them end: at a failure the others go on only as far as the path
 * that failed, so that the lowest failing path is found whichever process is faster.
 *
 * @throws Interrupted when the signal is aborted; ReplayProcessError when one could not begin
 */
export async function driveShards(shards: readonly Shard[], watch: DriveWatch): Promise<DriveResult[]> {
  const { signal, limitMs } = watch;
  const running = new Set(shards);
  const killAll = (): void => {
    for (const shard of running) shard.kill();
  };
  const timer = setInterval(looker(shards, running, watch), POLL_MS);
  const limit =
    limitMs === undefined
      ? undefined
      : setTimeout(() => {
          for (const shard of running) shard.limit(0);
        }, limitMs);
  signal?.addEventListener("abort", killAll, { once: true });
  if (signal?.aborted) killAll();
  let lowest = Number.POSITIVE_INFINITY;
  const wait = async (shard: Shard): Promise<DriveResult> => {
    try {
      const result = await shard.ended;
      running.delete(shard);
      if (result.failure !== undefined && result.failure.path < lowest) {
        lowest = result.failure.path;
        for (const other of running) other.limit(lowest);
      }
      return result;
    } catch (error) {
      running.delete(shard);
      // Without this one's share, what the others find is worth nothing.
      killAll();
      throw error;
    }
  };
  const outcomes = await Promise.allSettled(shards.map(wait));
  clearInterval(timer);
  clearTimeout(limit);
  signal?.removeEventListener("abort", killAll);
  if (signal?.aborted) throw new Interrupted();
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}

/** Looks at how far the processes are, tells it, and gives up those that have not moved for much too long. */
function looker(shards: readonly Shard[], running: ReadonlySet<Shard>, watch: DriveWatch): () => void {
  // Looks, and not the clock: while all of us were stopped, or had no processor, nobody could move.
  const seen = new Map<Shard, Done & { still: number }>();
  return () => {
    for (const shard of running) {
      const { paths, steps } = shard.progress();
      const before = seen.get(shard);
      const moved = before?.steps !== steps || before.paths !== paths;
      const still = moved ? 0 : before.still + 1;
      seen.set(shard, { paths, steps, still });
      const patience = watch.hangMs * PATIENCE + (steps === 0 && paths === 0 ? START_MS : 0);
      if (still * POLL_MS > patience) shard.giveUp();
    }
    const sum = (key: "paths" | "steps"): number =>
      shards.reduce((total, shard) => total + (seen.get(shard)?.[key] ?? 0), 0);
    watch.onProgress?.({ paths: sum("paths"), steps: sum("steps") });
  };
}
