import { Domain } from "../domain.js";
import { BadBufferError } from "../errors.js";
import { announcedLong, attachWords, LOCK_WORD, VERSION, VERSION_WORD } from "../layout.js";
import { SharedPointer } from "../pointer.js";
import type { Reader } from "../reader.js";
import { REFERENCE, type Sides } from "../sides.js";
import { acquireUpdaterLock } from "../updater-lock.js";
import { interleave } from "./interleave.js";

const DEAD = 77;

/** What replay, with one updater and one step at a time, can't see. Each check is named after what it promises. */
export const CHECKS = {
  "a register between two atomic operations of another gets another slot": registering,
  "a replace between two atomic operations of another loses nothing and frees nothing twice": replacing,
  "a dead thread's slot is given back once, and not when it is somebody else's": abandoningSlots,
  "a dead updater's lock is freed once, and not when it is somebody else's": abandoningLocks,
  "whoever sleeps on a dead updater's lock is woken": wakingSleepers,
  "a buffer of another version is refused, be it older or newer": attaching,
} as const satisfies Readonly<Record<string, (sides: Sides) => string[]>>;

export type CheckName = keyof typeof CHECKS;

/** Runs one check. @returns what is wrong, in words; none if nothing is */
export function runCheck(name: CheckName, sides: Sides = REFERENCE): string[] {
  return CHECKS[name](sides);
}

function registering(sides: Sides): string[] {
  return interleave(() => {
    const domain = Domain.create({ capacity: 2, sides, owner: 1 });
    const beside = Domain.attach(domain.buffer, { sides, owner: 2 });
    const readers: Reader[] = [];
    return {
      one: () => void readers.push(domain.register()),
      other: () => void readers.push(beside.register()),
      problem: () =>
        readers[0]?.slot === readers[1]?.slot ? `both have slot ${readers[0]?.slot ?? "none"}` : null,
    };
  });
}

/** Each updater has a domain of its own: of one domain, the second would wait for its turn for ever. */
function replacing(sides: Sides): string[] {
  return interleave(() => {
    const pointer = new SharedPointer(new Int32Array(new SharedArrayBuffer(4)), 0);
    const freed: number[] = [];
    const replace = (cell: number) => () =>
      Domain.create({ capacity: 1, sides }).replace(pointer, cell, (old) => freed.push(old));
    return {
      one: replace(1),
      other: replace(2),
      problem: () => {
        const all = [...freed, Atomics.load(pointer.words, 0)].sort();
        return all.join() === "0,1,2" ? null : `freed or published, at the end: ${all.join(", ")}`;
      },
    };
  });
}

function abandoningSlots(sides: Sides): string[] {
  return interleave(() => {
    const domain = Domain.create({ capacity: 1, sides, owner: 1 });
    const beside = Domain.attach(domain.buffer, { sides, owner: 2 });
    Domain.attach(domain.buffer, { sides, owner: DEAD }).register().lock();
    const { longs } = attachWords(domain.buffer);
    let entered: Reader | null = null;
    return {
      one: () => void domain.abandon(DEAD),
      other: () => {
        // The slot is the other thread's as soon as it has been given back, by whomever.
        beside.abandon(DEAD);
        if (Atomics.load(longs, announcedLong(1)) !== 0n) return;
        entered = registerIfFree(beside);
        entered?.lock();
      },
      problem: () =>
        entered !== null && Atomics.load(longs, announcedLong(1)) === 0n
          ? "the next owner's section is no longer announced"
          : null,
    };
  });
}

function registerIfFree(domain: Domain): Reader | null {
  try {
    return domain.register();
  } catch {
    return null;
  }
}

function abandoningLocks(sides: Sides): string[] {
  return interleave(() => {
    const { domain, beside, ints, acquire } = lockOfTheDead(sides);
    let acquired = false;
    return {
      one: () => void domain.abandon(DEAD),
      other: () => {
        beside.abandon(DEAD);
        acquired = acquire().done === true;
      },
      problem: () =>
        acquired && Atomics.load(ints, LOCK_WORD) === 0 ? "the next holder's lock has been freed" : null,
    };
  });
}

function wakingSleepers(sides: Sides): string[] {
  return interleave(() => {
    const { domain, acquire } = lockOfTheDead(sides);
    let asleep = false;
    return {
      one: () => void domain.abandon(DEAD),
      other: () => {
        asleep = acquire().done !== true;
      },
      hears: (operation, [, word]) => {
        if (operation === "notify" && word === LOCK_WORD) asleep = false;
      },
      problem: () => (asleep ? "it sleeps on" : null),
    };
  });
}

/** A domain whose updaters' lock is held by a dead thread, and somebody who needs it. */
function lockOfTheDead(sides: Sides) {
  const domain = Domain.create({ capacity: 1, sides, owner: 1 });
  const beside = Domain.attach(domain.buffer, { sides, owner: 2 });
  const words = attachWords(domain.buffer);
  Atomics.store(words.ints, LOCK_WORD, DEAD);
  return { domain, beside, ints: words.ints, acquire: () => acquireUpdaterLock(words, 3).next() };
}

function attaching(sides: Sides): string[] {
  return [VERSION - 1, VERSION + 1, -VERSION].flatMap((version) => {
    const { buffer } = Domain.create({ capacity: 1, sides });
    new Int32Array(buffer)[VERSION_WORD] = version;
    try {
      Domain.attach(buffer, { sides });
      return [`version ${version} is taken for ${VERSION}`];
    } catch (error) {
      if (error instanceof BadBufferError) return [];
      throw error;
    }
  });
}
