import type { Path } from "./branches.js";
import { apply, type Formula, num, READ } from "./formula.js";
import type { Token } from "./lexer.js";
import { and, type Known, NOTHING, type Operation, ofWord } from "./operation.js";

/**
 * Takes a lock that is free; never begins if it isn't. Everything that a thread did up to an earlier unlock, of any
 * lock, comes before what it does after this (po-unlock-lock-po of the kernel's model).
 */
function take(path: Path, word: string, test: Formula | undefined, at: Token): void {
  const free = apply("==", READ, NOTHING);
  const after = path.unlocked.reduce((formula, unlock) => apply("given", formula, unlock), free);
  path.unlocked.length = 0;
  path.swap(at, "acquire", word, num(1), and(test, after));
}

const lock: Operation = ofWord((path, word, test, _, at) => {
  take(path, word, test, at);
  return [[path, NOTHING]];
});

const tryLock: Operation = ofWord((path, word, test, _, at) => {
  const failing = path.clone();
  take(path, word, test, at);
  failing.failedSwap(at, word, and(test, apply("!=", READ, NOTHING)));
  return [
    [path, num(1)],
    [failing, NOTHING],
  ];
});

const unlock: Operation = ofWord((path, word, test, _, at) => {
  path.unlocked.push(path.unlock(at, word, test));
  return [[path, NOTHING]];
});

const isLocked: Operation = ofWord((path, word, test, _, at) => [
  [path, apply("!=", path.load(at, "once", word, test), NOTHING)],
]);

/**
 * A lock that many readers or one writer may have: its word is how many readers, or -1. An acquire takes it, a release
 * gives it up, and nothing more is promised: unlike a spinlock, one does not order what came before another.
 */
const FREE = apply("==", READ, NOTHING);
const NO_WRITER = apply(">=", READ, NOTHING);
const READERS_AND_ME = apply("+", READ, num(1));
const READERS_WITHOUT_ME = apply("-", READ, num(1));
const WRITER = num(-1);

/** Waits until it may be taken. */
const down = (may: Formula, value: Formula): Operation =>
  ofWord((path, word, test, _, at) => {
    path.swap(at, "acquire", word, value, and(test, may));
    return [[path, NOTHING]];
  });

/** Takes it or not, and says so. */
const tryDown = (may: Formula, value: Formula): Operation =>
  ofWord((path, word, test, _, at) => {
    const failing = path.clone();
    path.swap(at, "acquire", word, value, and(test, may));
    failing.failedSwap(at, word, and(test, apply("!", may)));
    return [
      [path, num(1)],
      [failing, NOTHING],
    ];
  });

/** What the writer makes of it: nobody else's, or its own as a reader. */
const leave = (value: Formula): Operation =>
  ofWord((path, word, test, _, at) => {
    path.store(at, "release", word, value, test);
    return [[path, NOTHING]];
  });

const upRead: Operation = ofWord((path, word, test, _, at) => {
  path.swap(at, "release", word, READERS_WITHOUT_ME, test);
  return [[path, NOTHING]];
});

/** Spinlocks, semaphores of readers and writers, and mutexes. */
export const LOCKS: readonly (readonly [string, Known])[] = [
  ["spin_lock", [1, lock]],
  ["spin_trylock", [1, tryLock]],
  ["spin_unlock", [1, unlock]],
  ["spin_is_locked", [1, isLocked]],
  ["down_read", [1, down(NO_WRITER, READERS_AND_ME)]],
  ["down_read_trylock", [1, tryDown(NO_WRITER, READERS_AND_ME)]],
  ["up_read", [1, upRead]],
  ["down_write", [1, down(FREE, WRITER)]],
  ["down_write_trylock", [1, tryDown(FREE, WRITER)]],
  ["downgrade_write", [1, leave(num(1))]],
  ["up_write", [1, leave(NOTHING)]],
  ["mutex_lock", [1, down(FREE, WRITER)]],
  ["mutex_trylock", [1, tryDown(FREE, WRITER)]],
  ["mutex_unlock", [1, leave(NOTHING)]],
];
