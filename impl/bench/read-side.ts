import { once } from "node:events";
import { createRequire } from "node:module";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { Domain } from "../domain.js";
import type { BenchData } from "./thread.js";
import { TITLES, VARIANTS, type Variant, WORLD_WORDS } from "./variants.js";

export interface ReadSideOptions {
  /**
   * Sections in a loop; 20,000 by default (of the variant `message` a hundredth). That is less than a time slice, so that
   * on a busy machine most loops are not interrupted.
   */
  readonly pairs?: number;
  /** How often each variant has threads of its own, in turns; 3 by default. */
  readonly rounds?: number;
  /** Loops that count, of each thread; 60 by default. */
  readonly loops?: number;
  /** Threads that read at the same time; 1 by default. */
  readonly readers?: number;
  /** Which variants; all by default. */
  readonly variants?: readonly Variant[];
  /** Ends it: no thread is left, and the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What one section costs a thread, in nanoseconds: over all loops of all threads. */
export interface ReadSideCost {
  readonly variant: Variant;
  readonly title: string;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** A message costs about a hundred sections. */
const MESSAGE_PAIRS = 100;

/**
 * What the read side costs, beside what a program would take instead, in one run. Each variant runs in threads of its
 * own, in turns, so that the compiler sees one only, and what else the machine does is spread over all.
 * @throws the signal's reason
 */
export async function benchReadSide(options: ReadSideOptions = {}): Promise<ReadSideCost[]> {
  const { rounds = 3, variants = VARIANTS, signal } = options;
  const costs = new Map<Variant, number[]>(variants.map((variant) => [variant, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [variant, all] of costs) {
      signal?.throwIfAborted();
      all.push(...(await measure(variant, options)));
    }
  }
  signal?.throwIfAborted();
  return [...costs].map(([variant, all]) => {
    const sorted = all.toSorted((a, b) => a - b);
    const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
    return { variant, title: TITLES[variant], min: at(0), median: at(0.5), max: at(1) };
  });
}

async function measure(variant: Variant, options: ReadSideOptions): Promise<number[]> {
  const { pairs = 20_000, loops = 60, readers = 1, signal } = options;
  const domain = Domain.create({ capacity: readers });
  const world = { domain: domain.memory, words: shared(WORLD_WORDS) };
  const ready = shared(1);
  const threads: Worker[] = [];
  const terminate = () => Promise.all(threads.map((thread) => thread.terminate()));
  const onAbort = () => void terminate();
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const channels = variant === "message" ? Array.from({ length: readers }, () => new MessageChannel()) : [];
    if (channels.length > 0) {
      const ports = channels.map(({ port1 }) => port1);
      threads.push(start("owner", { ports, words: world.words }, ports));
    }
    const measured = Array.from({ length: readers }, async (_, i) => {
      const owner = channels[i]?.port2 ?? null;
      const data: BenchData = {
        variant,
        world,
        pairs: variant === "message" ? Math.ceil(pairs / MESSAGE_PAIRS) : pairs,
        loops,
        owner,
        ready,
        threads: readers,
      };
      const thread = start("thread", data, owner === null ? [] : [owner]);
      threads.push(thread);
      // A thread that is terminated sends nothing, so the signal has to end this, too.
      const [costs] = (await once(thread, "message", signal ? { signal } : {})) as [number[]];
      return costs;
    });
    return (await Promise.all(measured)).flat();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    await terminate();
  }
}

function start(program: string, workerData: object, transferList: MessagePort[]): Worker {
  const file = createRequire(import.meta.url).resolve(`quiesce/impl/bench/${program}`);
  return new Worker(file, { workerData, transferList });
}

function shared(words: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT));
}
