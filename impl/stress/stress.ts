import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { Domain } from "../domain.js";
import { sidesOfMutant } from "../mutants/mutants.js";
import { Cells, Tally } from "./cells.js";
import type { StressData } from "./thread.js";

export interface StressOptions {
  /** Threads that read; 2 by default. */
  readonly readers?: number;
  /** Threads that update; 1 by default. */
  readonly updaters?: number;
  /** Updates of each updater; 2,000 by default. */
  readonly updates?: number;
  readonly mutant?: string;
  /** Ends the test; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** No update for this long counts as a hang, in milliseconds; 5,000 by default. */
  readonly hangMs?: number;
}

export interface StressResult {
  readonly updates: number;
  readonly sections: number;
  /** How many times a cell was read and found live. */
  readonly uses: number;
  /**
   * How many times one was not: it had been reclaimed, or was not filled yet. The test stops at the first
   * ones.
   */
  readonly violations: number;
  /** What went wrong besides: the updaters made no more progress, or a thread threw. */
  readonly trouble: string | null;
  readonly seconds: number;
}

/**
 * Lets readers and updaters loose on one domain, without step points: reclaimed cells are poisoned, and no
 * reader may ever read poison. Anything it finds it finds by chance.
 * @throws UnknownMutantError; the signal's reason
 */
export async function stressImpl(options: StressOptions = {}): Promise<StressResult> {
  const { readers = 2, updaters = 1, updates = 2000, mutant = null, signal, hangMs = 5000 } = options;
  signal?.throwIfAborted();
  if (mutant !== null) sidesOfMutant(mutant);
  const domain = Domain.create({ capacity: readers });
  const cells = Cells.create(2 * updaters + 2);
  cells.fill(cells.take(), 0);
  const tally = new Int32Array(new SharedArrayBuffer(Tally.words * Int32Array.BYTES_PER_ELEMENT));
  const program = createRequire(import.meta.url).resolve("quiesce/impl/stress/thread");
  let trouble: string | null = null;
  const start = (role: StressData["role"], seed: number): Worker => {
    const data: StressData = {
      role,
      seed,
      updates,
      threads: readers + updaters,
      domain: domain.memory,
      cells: cells.words,
      tally,
      mutant,
    };
    const thread = new Worker(program, { workerData: data });
    thread.on("error", (error) => {
      trouble ??= `a ${role} threw: ${error.message}`;
      Atomics.store(tally, Tally.stop, 1);
    });
    return thread;
  };
  const began = performance.now();
  const reading = Array.from({ length: readers }, (_, i) => start("reader", i + 1));
  const updating = Array.from({ length: updaters }, (_, i) => start("updater", 1000 + i));
  const all = [...reading, ...updating];
  const terminate = () => Promise.all(all.map((thread) => thread.terminate()));
  const onAbort = () => void terminate();
  signal?.addEventListener("abort", onAbort, { once: true });
  const watchdog = watch(tally, hangMs, () => {
    trouble ??= `no update for ${hangMs} ms`;
    void terminate();
  });
  try {
    const exits = all.map((thread) => new Promise((resolve) => thread.once("exit", resolve)));
    await Promise.all(exits.slice(readers));
    Atomics.store(tally, Tally.stop, 1);
    await Promise.all(exits);
  } finally {
    clearInterval(watchdog);
    signal?.removeEventListener("abort", onAbort);
    await terminate();
  }
  signal?.throwIfAborted();
  const count = (word: number) => Atomics.load(tally, word);
  return {
    updates: count(Tally.updates),
    sections: count(Tally.sections),
    uses: count(Tally.uses),
    violations: count(Tally.violations),
    trouble,
    seconds: (performance.now() - began) / 1000,
  };
}

function watch(tally: Int32Array, hangMs: number, onHang: () => void): NodeJS.Timeout {
  let seen = -1;
  return setInterval(() => {
    const now = Atomics.load(tally, Tally.updates);
    if (now === seen) onHang();
    seen = now;
  }, hangMs);
}
