import { Domain, type DomainOptions } from "../domain.js";
import { announcedWord, GP_WORD, noticeWord } from "../layout.js";
import type { SharedPointer } from "../pointer.js";
import type { SharedMemory } from "../wasm.js";

/**
 * What is measured: reading one word that another thread may replace, and nothing else, over and over. `load` is the loop
 * with nothing but one `Atomics.load` in it, which a program without RCU would have, too. The last four are what a program
 * would take instead of RCU.
 */
export const VARIANTS = [
  "load",
  "library",
  "hooked",
  "atomics",
  "seqlock",
  "lock",
  "readers-writer",
  "message",
] as const;
export type Variant = (typeof VARIANTS)[number];

export const TITLES: Readonly<Record<Variant, string>> = {
  load: "one Atomics.load",
  library: "a section: lock, dereference, unlock",
  hooked: "the same with a step hook that does nothing",
  atomics: "the same with calls of Atomics instead of WebAssembly",
  seqlock: "a seqlock: the data has to be copied, and copied again if it changed",
  lock: "a lock made of Atomics",
  "readers-writer": "a readers-writer lock made of Atomics",
  message: "a message to the thread that owns the data, and its answer",
};

/** What all threads of a measurement share. */
export interface World {
  readonly domain: SharedMemory;
  readonly words: Int32Array;
}

/** The words of the contenders, each on a line of its own. */
const DATA = 0;
const LOCK = 16;
const READERS = 32;
const SEQUENCE = 48;
export const WORLD_WORDS = 64;

/** Loops over a variant's section. @returns a function of the number of sections, which returns a sum of what was read */
export function loopOf(
  variant: Exclude<Variant, "message">,
  { domain, words }: World,
): (pairs: number) => number {
  switch (variant) {
    case "load":
      return repeat(() => Atomics.load(words, DATA));
    case "library":
      return sections(domain, {});
    case "hooked":
      return sections(domain, { step: () => {} });
    case "atomics":
      return withAtomics(domain);
    case "seqlock":
      return repeat(() => {
        for (;;) {
          const before = Atomics.load(words, SEQUENCE);
          const data = Atomics.load(words, DATA);
          if ((before & 1) === 0 && Atomics.load(words, SEQUENCE) === before) return data;
        }
      });
    case "lock":
      return repeat(() => {
        acquire(words);
        const data = words[DATA] ?? 0;
        release(words);
        return data;
      });
    case "readers-writer":
      return repeat(() => {
        // A writer would set the word to a large negative number; there is none here.
        while (Atomics.add(words, READERS, 1) < 0) Atomics.sub(words, READERS, 1);
        const data = words[DATA] ?? 0;
        Atomics.sub(words, READERS, 1);
        return data;
      });
  }
}

function repeat(section: () => number): (pairs: number) => number {
  return (pairs) => {
    let sum = 0;
    for (let i = 0; i < pairs; i++) sum += section();
    return sum;
  };
}

function sections(memory: SharedMemory, options: DomainOptions): (pairs: number) => number {
  const domain = Domain.attach(memory, options);
  const reader = domain.register();
  return (pairs) => {
    let sum = 0;
    for (let i = 0; i < pairs; i++) {
      const section = reader.lock();
      sum += reader.dereference(domain.head);
      reader.unlock(section);
    }
    return sum;
  };
}

/** The same operations, as calls of Atomics; without the checks of tokens. */
function withAtomics(memory: SharedMemory): (pairs: number) => number {
  const domain = Domain.attach(memory);
  const { slot } = domain.register();
  const ints = new Int32Array(domain.buffer);
  const { words, index }: SharedPointer = domain.head;
  return repeat(() => {
    const number = Atomics.load(ints, GP_WORD);
    Atomics.store(ints, announcedWord(slot), number);
    let sum = Atomics.load(ints, GP_WORD) - number;
    sum += Atomics.load(words, index);
    Atomics.store(ints, announcedWord(slot), 0);
    return sum + Atomics.load(ints, noticeWord(slot));
  });
}

/** 0 free, 1 held, 2 held and somebody waits: the lock that is in every textbook on futexes. */
function acquire(words: Int32Array): void {
  if (Atomics.compareExchange(words, LOCK, 0, 1) === 0) return;
  while (Atomics.exchange(words, LOCK, 2) !== 0) Atomics.wait(words, LOCK, 2);
}

function release(words: Int32Array): void {
  if (Atomics.exchange(words, LOCK, 0) === 2) Atomics.notify(words, LOCK, 1);
}
