import { Domain } from "../domain.js";
import { BadBufferError } from "../errors.js";
import {
  ahead,
  announcedWord,
  attachWords,
  BEGUN_WORD,
  DOORBELL_WORD,
  ENDED_WORD,
  GP_WORD,
  LEADER_WORD,
  NUMBER_STEP,
  noticeWord,
  REGISTERED_WORD,
  SLEEPERS_WORD,
  USED_WORD,
  VERSION,
  VERSION_WORD,
  type Words,
} from "../layout.js";
import { SharedPointer } from "../pointer.js";
import type { Reader } from "../reader.js";
import { REFERENCE, type Sides } from "../sides.js";
import type { Sleep } from "../waiting.js";
import { interleave } from "./interleave.js";

const DEAD = 77;

/** What replay, one step at a time, can't see. Each check is named after what it promises. */
export const CHECKS = {
  "a register between two atomic operations of another gets another slot": registering,
  "registrations that race are all counted, and below the mark": counting,
  "a replace between two atomic operations of another loses nothing and frees nothing twice": replacing,
  "of two updaters that race one leads": leading,
  "followers that race are all counted": sleeping,
  "every ring is heard, by all who sleep": ringing,
  "a reader that is held up while numbers wrap around is waited for": wrapping,
  "a leader that has slept to the limit looks again": sleepingOn,
  "a dead thread's slot is given back once, and not when it is somebody else's": abandoningSlots,
  "a thread that died before it was counted is not counted down": abandoningUncounted,
  "whoever sleeps at a dead reader's slot is woken": wakingLeaders,
  "a dead leader is replaced once, and not when another leads": abandoningLead,
  "whoever sleeps at a dead leader's doorbell is woken": wakingFollowers,
  "a memory of another version is refused, be it older or newer": attaching,
} as const satisfies Readonly<Record<string, (sides: Sides) => string[]>>;

export type CheckName = keyof typeof CHECKS;

/** Runs one check. @returns what is wrong, in words; none if nothing is */
export function runCheck(name: CheckName, sides: Sides = REFERENCE): string[] {
  return CHECKS[name](sides);
}

function registering(sides: Sides): string[] {
  return interleave(() => {
    const { domain, beside } = worldOf(sides, 2);
    const readers: Reader[] = [];
    return {
      one: () => void readers.push(domain.register()),
      other: () => void readers.push(beside.register()),
      problem: () =>
        readers[0]?.slot === readers[1]?.slot ? `both have slot ${readers[0]?.slot ?? "none"}` : null,
    };
  });
}

function counting(sides: Sides): string[] {
  const register = interleave(() => {
    const { domain, beside, words } = worldOf(sides, 2);
    const readers: Reader[] = [];
    return {
      one: () => void readers.push(domain.register()),
      other: () => void readers.push(beside.register()),
      problem: () => {
        const highest = Math.max(...readers.map(({ slot }) => slot));
        const [registered, used] = [loaded(words, REGISTERED_WORD), loaded(words, USED_WORD)];
        if (registered !== 2) return `of two readers, ${registered} are counted`;
        return used < highest ? `the mark is at ${used}, and a reader has slot ${highest}` : null;
      },
    };
  });
  const unregister = interleave(() => {
    const { domain, beside, words } = worldOf(sides, 2);
    const reader = domain.register();
    return {
      one: () => reader.unregister(),
      other: () => void beside.register(),
      problem: () => {
        const registered = loaded(words, REGISTERED_WORD);
        return registered === 1 ? null : `of one reader, ${registered} are counted`;
      },
    };
  });
  return [...register, ...unregister];
}

/** Each updater has a domain of its own, without readers, so it never sleeps. */
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

function leading(sides: Sides): string[] {
  return interleave(() => {
    const { domain, words } = worldOf(sides, 1);
    domain.register().lock();
    let leaders = 0;
    const start = (owner: number) => () => {
      if (sleepOf(sides, words, owner)?.index === noticeWord(1)) leaders++;
    };
    return {
      one: start(1),
      other: start(2),
      problem: () => (leaders === 1 ? null : `${leaders} of two updaters wait for the reader`),
    };
  });
}

function sleeping(sides: Sides): string[] {
  const problem = (words: Words, are: number) => () => {
    const sleepers = loaded(words, SLEEPERS_WORD);
    return sleepers === are ? null : `of ${are} that sleep, ${sleepers} are counted`;
  };
  const toSleep = interleave(() => {
    const words = worldWithLeader(sides);
    return {
      one: () => void sleepOf(sides, words, 1),
      other: () => void sleepOf(sides, words, 2),
      problem: problem(words, 2),
    };
  });
  const awake = interleave(() => {
    const words = worldWithLeader(sides);
    const first = updaterOf(sides, words, 1).synchronize();
    first.next();
    return {
      one: () => {
        // What it asked for has ended, so that it is through once it is awake.
        Atomics.store(words.ints, ENDED_WORD, loaded(words, BEGUN_WORD) + NUMBER_STEP);
        first.next("ok");
      },
      other: () => {
        Atomics.store(words.ints, BEGUN_WORD, loaded(words, BEGUN_WORD) + 2 * NUMBER_STEP);
        sleepOf(sides, words, 2);
      },
      problem: problem(words, 1),
    };
  });
  return [...toSleep, ...awake];
}

/** Another one rings meanwhile, and two are asleep. */
function ringing(sides: Sides): string[] {
  return interleave(() => {
    const { domain, words } = worldOf(sides, 1);
    domain.register();
    Atomics.store(words.ints, SLEEPERS_WORD, 2);
    let woken = 0;
    return {
      one: () => domain.synchronize(),
      other: () => void Atomics.add(words.ints, DOORBELL_WORD, 1),
      hears: (operation, [, word, count]) => {
        if (operation === "notify" && word === DOORBELL_WORD)
          woken += count === undefined ? 2 : Number(count);
      },
      problem: () => {
        const rings = loaded(words, DOORBELL_WORD);
        if (rings !== 2) return `of two rings, ${rings} are counted`;
        return woken < 2 ? `of two that sleep, ${woken} are woken` : null;
      },
    };
  });
}

/** How many numbers there are, and how many of them pass while the reader is held up before it announces one. */
const NUMBERS = 2 ** 31;
const PASSED = [
  0,
  1,
  NUMBERS / 4 - 1,
  NUMBERS / 4,
  NUMBERS / 2 - 2,
  NUMBERS / 2 - 1,
  NUMBERS / 2,
  NUMBERS / 2 + 1,
  NUMBERS - 2,
  NUMBERS - 1,
];

function wrapping(sides: Sides): string[] {
  return PASSED.flatMap((passed) => {
    const { domain, words } = worldOf(sides, 1);
    let heldUp = true;
    const reader = Domain.attach(domain.memory, {
      sides,
      step: (step) => {
        if (step !== "Announce" || !heldUp) return;
        heldUp = false;
        for (const word of [GP_WORD, BEGUN_WORD, ENDED_WORD]) {
          Atomics.add(words.ints, word, Number(BigInt.asIntN(32, BigInt(passed) * BigInt(NUMBER_STEP))));
        }
      },
    }).register();
    reader.lock();
    const behind = ahead(loaded(words, GP_WORD), loaded(words, announcedWord(1)));
    if (sleepOf(sides, words, 1)?.index === noticeWord(1)) return [];
    return [`it announces a number ${behind} behind after ${passed} have passed, and nobody waits for it`];
  });
}

function sleepingOn(sides: Sides): string[] {
  const { domain, words } = worldOf(sides, 1);
  domain.register().lock();
  const leader = updaterOf(sides, words, 1).synchronize();
  leader.next();
  return leader.next("timed-out").done === true ? ["the grace period ends although a reader is inside"] : [];
}

function abandoningSlots(sides: Sides): string[] {
  return interleave(() => {
    const { domain, beside, words } = worldOf(sides, 1);
    Domain.attach(domain.memory, { sides, owner: DEAD }).register().lock();
    let entered: Reader | null = null;
    return {
      one: () => void domain.abandon(DEAD),
      other: () => {
        // The slot is the other thread's as soon as it has been given back, by whomever.
        beside.abandon(DEAD);
        if (loaded(words, announcedWord(1)) !== 0) return;
        entered = registerIfFree(beside);
        entered?.lock();
      },
      problem: () =>
        entered !== null && loaded(words, announcedWord(1)) === 0
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

/** It dies before each of the steps of a registration. */
function abandoningUncounted(sides: Sides): string[] {
  return (["RaiseUsed", "AddReader"] as const).flatMap((last) => {
    const { domain, words } = worldOf(sides, 2);
    domain.register();
    const dead = Domain.attach(domain.memory, {
      sides,
      owner: DEAD,
      step: (step) => {
        if (step === last) throw new RangeError("dead");
      },
    });
    try {
      dead.register();
    } catch {
      // It is.
    }
    domain.abandon(DEAD);
    const registered = loaded(words, REGISTERED_WORD);
    return registered === 1 ? [] : [`dead before ${last}: of one reader, ${registered} are counted`];
  });
}

function wakingLeaders(sides: Sides): string[] {
  return interleave(() => {
    const { domain, words } = worldOf(sides, 1);
    Domain.attach(domain.memory, { sides, owner: DEAD }).register().lock();
    return wakes(words, () => domain.abandon(DEAD), sides);
  });
}

function abandoningLead(sides: Sides): string[] {
  return interleave(() => {
    const { domain, beside, words } = worldOf(sides, 1);
    domain.register().lock();
    Atomics.store(words.ints, LEADER_WORD, DEAD);
    let leads = false;
    return {
      one: () => void domain.abandon(DEAD),
      other: () => {
        beside.abandon(DEAD);
        leads = sleepOf(sides, words, 2)?.index === noticeWord(1);
      },
      problem: () => (leads && loaded(words, LEADER_WORD) === 0 ? "the next leader has been replaced" : null),
    };
  });
}

function wakingFollowers(sides: Sides): string[] {
  return interleave(() => {
    const { domain, words } = worldOf(sides, 1);
    domain.register();
    Atomics.store(words.ints, LEADER_WORD, DEAD);
    return wakes(words, () => domain.abandon(DEAD), sides);
  });
}

/** Somebody falls asleep meanwhile, or does so only after the call that wakes. */
function wakes(words: Words, one: () => void, sides: Sides) {
  let sleep: Sleep | null = null;
  let woken = false;
  return {
    one,
    other: () => {
      sleep = sleepOf(sides, words, 2);
    },
    hears: (operation: string, [, word]: readonly unknown[]) => {
      if (operation === "notify" && word === sleep?.index) woken = true;
    },
    problem: () => {
      if (sleep === null) return null;
      if (!woken) return "it sleeps on";
      return loaded(words, sleep.index) === sleep.value ? "it would fall asleep now" : null;
    },
  };
}

function attaching(sides: Sides): string[] {
  return [VERSION - 1, VERSION + 1, -VERSION].flatMap((version) => {
    const { memory, buffer } = Domain.create({ capacity: 1, sides });
    new Int32Array(buffer)[VERSION_WORD] = version;
    try {
      Domain.attach(memory, { sides });
      return [`version ${version} is taken for ${VERSION}`];
    } catch (error) {
      if (error instanceof BadBufferError) return [];
      throw error;
    }
  });
}

/** A domain as two threads see it, and its words. */
function worldOf(sides: Sides, capacity: number) {
  const domain = Domain.create({ capacity, sides, owner: 1 });
  const beside = Domain.attach(domain.memory, { sides, owner: 2 });
  return { domain, beside, words: attachWords(domain.memory) };
}

/** A domain with a reader, and a leader that does not get on. */
function worldWithLeader(sides: Sides): Words {
  const { domain, words } = worldOf(sides, 1);
  domain.register();
  Atomics.store(words.ints, LEADER_WORD, DEAD);
  return words;
}

function updaterOf(sides: Sides, words: Words, owner: number) {
  return new sides.Updater(words, owner, null, Number.POSITIVE_INFINITY);
}

/** Begins to synchronize. @returns where it has to sleep, or null if it gets through without */
function sleepOf(sides: Sides, words: Words, owner: number): Sleep | null {
  const { done, value } = updaterOf(sides, words, owner).synchronize().next();
  return done === true ? null : value;
}

function loaded({ ints }: Words, word: number): number {
  return Atomics.load(ints, word);
}
