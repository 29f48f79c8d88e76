/**
 * "I must sleep while this word has this value": the updater's generators yield this, and whoever drives them
 * sleeps.
 */
export interface Sleep {
  readonly words: Int32Array;
  readonly index: number;
  readonly value: number;
  /** In milliseconds; Infinity for no limit. Whoever has slept so long looks again by itself. */
  readonly limitMs: number;
}

/** "not-equal": the word had another value, so there was no sleep. */
export type SleepOutcome = "ok" | "not-equal" | "timed-out";

/** A computation that may have to sleep; written once, and run blocking or not. */
export type Blocking<T> = Generator<Sleep, T, SleepOutcome>;

/** How a thread sleeps. */
export type Wait = (sleep: Sleep) => SleepOutcome;

const wait: Wait = ({ words, index, value, limitMs }) => Atomics.wait(words, index, value, limitMs);

/**
 * Runs it in this thread, which sleeps in `Atomics.wait`. Node allows that in every thread; a browser does
 * not in the main thread of a page, where it throws a TypeError: use `runAsync` there.
 */
export function run<T>(computation: Blocking<T>, sleep: Wait = wait): T {
  let next = computation.next();
  while (next.done !== true) next = computation.next(sleep(next.value));
  return next.value;
}

/**
 * Runs it without ever blocking the thread: sleeps are awaited with `Atomics.waitAsync` (Node 16 and later).
 */
export async function runAsync<T>(computation: Blocking<T>): Promise<T> {
  let next = computation.next();
  while (next.done !== true) {
    const { words, index, value, limitMs } = next.value;
    const waited = asyncAtomics.waitAsync(words, index, value, limitMs);
    next = computation.next(waited.async ? await awaited(waited.value) : waited.value);
  }
  return next.value;
}

/** A promise of waitAsync does not keep Node alive, and a program must not end in the middle of an await. */
async function awaited(outcome: Promise<SleepOutcome>): Promise<SleepOutcome> {
  const keepAlive = setInterval(() => {}, 1 << 30);
  try {
    return await outcome;
  } finally {
    clearInterval(keepAlive);
  }
}

/** TypeScript's ES2023 library does not know it yet. */
const asyncAtomics = Atomics as unknown as {
  waitAsync(
    words: Int32Array,
    index: number,
    value: number,
    limitMs: number,
  ): { async: false; value: "not-equal" | "timed-out" } | { async: true; value: Promise<"ok" | "timed-out"> };
};
