import { operateOnWord } from "./arithmetic.js";
import type { Path } from "./branches.js";
import type { Mode } from "./code.js";
import { apply, type Formula, num, READ } from "./formula.js";
import type { Token } from "./lexer.js";
import { LOCKS } from "./locks.js";
import { and, type Known, NOTHING, type Operation, ofWord, type Ways } from "./operation.js";
import type { CType } from "./types.js";

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

/** What a word becomes, from what it was (READ) and an argument. */
type Next = (value: Formula, type: CType) => Formula;

/** dst = word; word = what `next` says. */
function change(suffix: string, mode: Mode, next: Next, give: "old" | "new"): Operation {
  return ofWord((path, word, test, [value = NOTHING], at, type): Ways => {
    const after = next(value, type);
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

/** Adds unless the word has a value; gives whether it did, or what the word was. */
const addUnless = (give: "whether" | "old"): Operation =>
  ofWord((path, word, test, [value = NOTHING, but = NOTHING], at, type) => {
    const failing = path.clone();
    const same = apply("==", READ, but);
    const old = between(true, path, at, () =>
      path.swap(at, "once", word, plus(value, type), and(test, apply("!", same))),
    );
    const kept = failing.failedSwap(at, word, and(test, same));
    return give === "old"
      ? [
          [path, old],
          [failing, kept],
        ]
      : [
          [path, num(1)],
          [failing, NOTHING],
        ];
  });

const on =
  (op: string): Next =>
  (value, type) =>
    operateOnWord(op, type, READ, value);
const plus = on("+");
const minus = on("-");
const andNot: Next = (value, type) => operateOnWord("&", type, READ, apply("~", value));
/** What sets, clears or turns bits. */
const BITS: readonly (readonly [string, Next])[] = [
  ["and", on("&")],
  ["or", on("|")],
  ["xor", on("^")],
  ["andnot", andNot],
];

/** `atomic_add(n, v)` takes the word last. */
const wordLast =
  (operation: Operation): Operation =>
  (path, [value = NOTHING, word = NOTHING], at, type) =>
    operation(path, [word, value], at, type);

/** A word by fixed numbers: atomic_inc(v). */
const by =
  (operation: Operation, ...values: readonly number[]): Operation =>
  (path, [word = NOTHING], at, type) =>
    operation(path, [word, ...values.map(num)], at, type);

const isZero =
  (operation: Operation): Operation =>
  (path, args, at, type) =>
    operation(path, args, at, type).map(([after, value]) => [after, apply("==", value, NOTHING)] as const);

const isNegative =
  (operation: Operation): Operation =>
  (path, args, at, type) =>
    operation(path, args, at, type).map(([after, value]) => [after, apply("<", value, NOTHING)] as const);

/** What each of the three kinds of atomic word has, under its prefix: atomic_, atomic64_, atomic_long_. */
const OF_ATOMICS: readonly (readonly [string, Known])[] = [
  ...MODES.flatMap(([suffix, mode]): [string, Known][] => {
    const added = (give: "old" | "new") => change(suffix, mode, plus, give);
    const subtracted = (give: "old" | "new") => change(suffix, mode, minus, give);
    return [
      [`xchg${suffix}`, [2, change(suffix, mode, (value) => value, "old")]],
      [`cmpxchg${suffix}`, [3, compareAndExchange(suffix, mode)]],
      [`add_return${suffix}`, [2, wordLast(added("new"))]],
      [`sub_return${suffix}`, [2, wordLast(subtracted("new"))]],
      [`fetch_add${suffix}`, [2, wordLast(added("old"))]],
      [`fetch_sub${suffix}`, [2, wordLast(subtracted("old"))]],
      [`inc_return${suffix}`, [1, by(added("new"), 1)]],
      [`dec_return${suffix}`, [1, by(subtracted("new"), 1)]],
      [`fetch_inc${suffix}`, [1, by(added("old"), 1)]],
      [`fetch_dec${suffix}`, [1, by(subtracted("old"), 1)]],
      [`add_negative${suffix}`, [2, isNegative(wordLast(added("new")))]],
      ...BITS.map(([name, next]): [string, Known] => [
        `fetch_${name}${suffix}`,
        [2, wordLast(change(suffix, mode, next, "old"))],
      ]),
    ];
  }),
  // Those that return nothing order nothing.
  ["add", [2, wordLast(change("_relaxed", "once", plus, "old"))]],
  ["sub", [2, wordLast(change("_relaxed", "once", minus, "old"))]],
  ["inc", [1, by(change("_relaxed", "once", plus, "old"), 1)]],
  ["dec", [1, by(change("_relaxed", "once", minus, "old"), 1)]],
  ...BITS.map(([name, next]): [string, Known] => [
    name,
    [2, wordLast(change("_relaxed", "once", next, "old"))],
  ]),
  ["dec_and_test", [1, isZero(by(change("", "once", minus, "new"), 1))]],
  ["inc_and_test", [1, isZero(by(change("", "once", plus, "new"), 1))]],
  ["sub_and_test", [2, isZero(wordLast(change("", "once", minus, "new")))]],
  ["add_unless", [3, addUnless("whether")]],
  ["fetch_add_unless", [3, addUnless("old")]],
  ["inc_not_zero", [1, by(addUnless("whether"), 1, 0)]],
];

/** The kinds of atomic word, as functions and types have them in their names. */
export const ATOMIC_PREFIXES = ["atomic", "atomic64", "atomic_long"] as const;

/** Functions that read and write in one step, and locks made of them. */
export const ATOMICS: readonly (readonly [string, Known])[] = [
  ...OF_ATOMICS.filter(([name]) => /^(cmp)?xchg/.test(name)),
  ...ATOMIC_PREFIXES.flatMap((prefix) =>
    OF_ATOMICS.map(([name, known]): readonly [string, Known] => [`${prefix}_${name}`, known]),
  ),
  ...LOCKS,
];
