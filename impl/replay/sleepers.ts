import { DOORBELL_WORD, type Words } from "../layout.js";

/**
 * How many threads are blocked in `Atomics.wait` on a word of the domain, or null where the engine does
 * not say. V8 does, through a function that it keeps for its own tests (`--allow-natives-syntax`); it looks
 * at the list that `Atomics.notify` works on, so its answer is exact: a thread that is only about to sleep
 * does not count. Nothing else can tell these apart without waking the sleeper.
 */
export type CountSleepers = (word: number) => number | null;

export function sleepersOf(words: Words): CountSleepers {
  let count: (ints: Int32Array, index: number) => number;
  try {
    count = new Function("ints", "index", "return %AtomicsNumWaitersForTesting(ints, index)") as typeof count;
    count(words.ints, DOORBELL_WORD);
  } catch {
    return () => null;
  }
  return (word) => count(words.ints, word);
}

/** What V8 must be told for the above. */
export const SLEEPERS_FLAG = "--allow-natives-syntax";

/** Where the engine does not say: how long a thread that is about to sleep has to do so. */
const SETTLING_MS = 2;
/** Between looks. The thread may need this very core to get on, so no spinning. */
const LOOK_MS = 0.02;

/**
 * Waits until the threads that said they would sleep on a word are asleep, or have come back from where they should have
 * slept.
 * @param said how many there are now that have not come back
 */
export function settle(count: CountSleepers, word: number, said: () => number): void {
  if (count(word) === null) pause(SETTLING_MS);
  else while ((count(word) ?? 0) < said()) pause(LOOK_MS);
}

const nobodyWakes = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

function pause(milliseconds: number): void {
  Atomics.wait(nobodyWakes, 0, 0, milliseconds);
}
