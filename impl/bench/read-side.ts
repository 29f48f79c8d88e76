import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { Variant } from "./thread.js";

export interface ReadSideOptions {
  /** Pairs of lock and unlock in a loop; 200,000 by default. */
  readonly pairs?: number;
  /** Threads for each variant; the fastest counts. 5 by default. */
  readonly rounds?: number;
}

/** Nanoseconds for a lock, a dereference and an unlock. */
export type ReadSideCosts = Readonly<Record<Variant, number>>;

/**
 * What the read side costs, and what the step points add to it: `library` as it is, without a hook;
 * `without-points` with the step points cut out; `hooked` with a hook that does nothing. Each variant runs in
 * threads of its own, in turns, so that the compiler sees one only.
 */
export async function benchReadSide(options: ReadSideOptions = {}): Promise<ReadSideCosts> {
  const { pairs = 200_000, rounds = 5 } = options;
  const costs: Record<Variant, number> = { library: Infinity, "without-points": Infinity, hooked: Infinity };
  for (let round = 0; round < rounds; round++) {
    for (const variant of Object.keys(costs) as Variant[]) {
      costs[variant] = Math.min(costs[variant], await measure(variant, pairs));
    }
  }
  return costs;
}

function measure(variant: Variant, pairs: number): Promise<number> {
  const program = createRequire(import.meta.url).resolve("quiesce/impl/bench/thread");
  return new Promise((resolve, reject) => {
    const thread = new Worker(program, { workerData: { variant, pairs } });
    thread.once("message", resolve);
    thread.once("error", reject);
  });
}
