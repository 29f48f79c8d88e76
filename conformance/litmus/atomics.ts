import type { Path } from "./branches.js";
import type { Mode } from "./code.js";
import { apply, type Formula, num, READ } from "./formula.js";
import type { Token } from "./lexer.js";
import { NOTHING, type Operation, ofWord, type Ways } from "./operation.js";

/** How many arguments a function takes, and what it does. */
export type Known = readonly [number, Operation];

const MODES: readonly (readonly [string, Mode])[] = [
  ["", "once"],
  ["_relaxed", "once"],
  ["_acquire", "acquire"],
  ["_release", "release"],
];

/** A function whose name has no suffix is between full barriers (Documentation/atomic_t.txt). */
function between(full: boolean, path: Path, at: Token, work: () => Formula): Formula {
  if (full) path.fence(at, "mb");
  const value = work();
  if (full) path.fence(at, "mb");
  return value;
}

const and = (a: Formula | undefined, b: Formula): Formula => (a === undefined ? b : apply("&&", a, b));

/** dst = word; word = what `next` says. */
function change(
  suffix: string,
  mode: Mode,
  next: (value: Formula) => Formula,
  give: "old" | "new",
): Operation {
  return ofWord((path, word, test, [value = NOTHING], at): Ways => {
    const after = next(value);
    const old = between(suffix === "", path, at, () => path.swap(at, mode, word, after, test));
    return [[path, give === "old" ? old : substitute(after, old)]];
  });
}

function substitute(formula: Formula, read: Formula): Formula {
  if (formula.kind === "read") return read;
  if (formula.kind !== "op") return formula;
  const [a = NOTHING, b] = formula.args.map((f) => substitute(f, read));
  return b === undefined ? apply(formula.op, a) : apply(formula.op, a, b);
}

/** One that fails is an ordinary load, and orders nothing. */
function compareAndExchange(suffix: string, mode: Mode): Operation {
  return ofWord((path, word, test, [old = NOTHING, value = NOTHING], at): Ways => {
    const failing = path.clone();
    const same = apply("==", READ, old);
    const seen = between(suffix === "", path, at, () => path.swap(at, mode, word, value, and(test, same)));
    return [
      [path, seen],
      [failing, failing.failedSwap(at, word, and(test, apply("!", same)))],
    ];
  });
}

/** Adds unless the word has a value; says whether it did. */
const addUnless: Operation = ofWord((path, word, test, [plus = NOTHING, but = NOTHING], at): Ways => {
  const failing = path.clone();
  const same = apply("==", READ, but);
  between(true, path, at, () =>
    path.swap(at, "once", word, apply("+", READ, plus), and(test, apply("!", same))),
  );
  failing.failedSwap(at, word, and(test, same));
  return [
    [path, num(1)],
    [failing, NOTHING],
  ];
});

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

const plus = (value: Formula): Formula => apply("+", READ, value);
const minus = (value: Formula): Formula => apply("-", READ, value);

/** `atomic_add(n, v)` takes the word last. */
const wordLast =
  (operation: Operation): Operation =>
  (path, [value = NOTHING, word = NOTHING], at) =>
    operation(path, [word, value], at);

/** A word by a fixed number: atomic_inc(v). */
const by =
  (operation: Operation, value: number): Operation =>
  (path, [word = NOTHING], at) =>
    operation(path, [word, num(value)], at);

const isZero =
  (operation: Operation): Operation =>
  (path, args, at) =>
    operation(path, args, at).map(([after, value]) => [after, apply("==", value, NOTHING)] as const);

const isNegative =
  (operation: Operation): Operation =>
  (path, args, at) =>
    operation(path, args, at).map(([after, value]) => [after, apply("<", value, NOTHING)] as const);

/** Functions that read and write in one step, and locks made of them. */
export const ATOMICS: readonly (readonly [string, Known])[] = [
  ...MODES.flatMap(([suffix, mode]): [string, Known][] => {
    const exchange = change(suffix, mode, (value) => value, "old");
    const added = (give: "old" | "new") => change(suffix, mode, plus, give);
    const subtracted = (give: "old" | "new") => change(suffix, mode, minus, give);
    return [
      [`xchg${suffix}`, [2, exchange]],
      [`atomic_xchg${suffix}`, [2, exchange]],
      [`cmpxchg${suffix}`, [3, compareAndExchange(suffix, mode)]],
      [`atomic_cmpxchg${suffix}`, [3, compareAndExchange(suffix, mode)]],
      [`atomic_add_return${suffix}`, [2, wordLast(added("new"))]],
      [`atomic_sub_return${suffix}`, [2, wordLast(subtracted("new"))]],
      [`atomic_fetch_add${suffix}`, [2, wordLast(added("old"))]],
      [`atomic_fetch_sub${suffix}`, [2, wordLast(subtracted("old"))]],
      [`atomic_inc_return${suffix}`, [1, by(added("new"), 1)]],
      [`atomic_dec_return${suffix}`, [1, by(subtracted("new"), 1)]],
      [`atomic_fetch_inc${suffix}`, [1, by(added("old"), 1)]],
      [`atomic_fetch_dec${suffix}`, [1, by(subtracted("old"), 1)]],
    ];
  }),
  // Those that return nothing order nothing.
  ["atomic_add", [2, wordLast(change("_relaxed", "once", plus, "old"))]],
  ["atomic_sub", [2, wordLast(change("_relaxed", "once", minus, "old"))]],
  ["atomic_inc", [1, by(change("_relaxed", "once", plus, "old"), 1)]],
  ["atomic_dec", [1, by(change("_relaxed", "once", minus, "old"), 1)]],
  ["atomic_dec_and_test", [1, isZero(by(change("", "once", minus, "new"), 1))]],
  ["atomic_inc_and_test", [1, isZero(by(change("", "once", plus, "new"), 1))]],
  ["atomic_sub_and_test", [2, isZero(wordLast(change("", "once", minus, "new")))]],
  ["atomic_add_negative", [2, isNegative(wordLast(change("", "once", plus, "new")))]],
  ["atomic_add_unless", [3, addUnless]],
  ["spin_lock", [1, lock]],
  ["spin_trylock", [1, tryLock]],
  ["spin_unlock", [1, unlock]],
  ["spin_is_locked", [1, isLocked]],
];
