import type { CompiledTest } from "../litmus/compile.js";
import { placeText } from "../litmus/condition.js";
import { heldBy } from "../litmus/result.js";
import type { Place, Proposition } from "../litmus/syntax.js";
import { NoValue, neededBy, type Ready, ready, speaksOfRead } from "./formulas.js";
import { isAccess, reads } from "./lines.js";
import type { ThreadPath } from "./threads.js";

/**
 * Which values can come about at all, whatever the order of events: from the first values, through what is stored. A
 * test of a branch or a pointer that no such value passes rules out a path before any execution is looked at.
 */

/** All values that something may have, and perhaps more; undefined if it may be any. */
type Values = ReadonlySet<number> | undefined;

/** More than these are not followed: it may be any then. */
const MOST_VALUES = 64;
const MOST_COMBINATIONS = 1024;

/** A formula with the registers that it needs, by their numbers in the path. */
interface Needing {
  readonly of: Ready;
  readonly needs: readonly number[];
  readonly ofRead: boolean;
}

interface Step {
  /** The word that it reads, and the register that takes it, or -1. */
  readonly from?: string;
  readonly register: number;
  readonly test?: Needing;
  /** What is stored, and where. */
  readonly into?: string;
  readonly value?: Needing;
}

interface Outline {
  readonly registers: number;
  readonly steps: readonly Step[];
  readonly finals: readonly Needing[];
  /** By register: the tests of it alone, all of which hold on this path. */
  readonly alone: readonly (readonly Ready[])[];
}

const known = new WeakMap<ThreadPath, Outline>();

function outlineOf(path: ThreadPath): Outline {
  const found = known.get(path) ?? outline(path);
  known.set(path, found);
  return found;
}

function outline({ lines, path }: ThreadPath): Outline {
  const numbers = new Map<string, number>();
  for (const { line } of lines)
    if (reads(line) && line.dst !== undefined && !numbers.has(line.dst)) numbers.set(line.dst, numbers.size);
  const indexOf = (name: string): number => numbers.get(name) ?? -1;
  const needing = (formula: Parameters<typeof ready>[0]): Needing => ({
    of: ready(formula, indexOf),
    needs: [...new Set(neededBy(formula).map(indexOf))],
    ofRead: speaksOfRead(formula),
  });
  const steps = lines.map(({ line }): Step => {
    const value = isAccess(line) && line.value !== undefined ? needing(line.value) : undefined;
    return {
      register: reads(line) && line.dst !== undefined ? indexOf(line.dst) : -1,
      ...(reads(line) && { from: line.word }),
      ...("test" in line && line.test !== undefined && { test: needing(line.test) }),
      ...(value !== undefined && isAccess(line) && { into: line.word, value }),
    };
  });
  const alone: Ready[][] = Array.from({ length: numbers.size }, () => []);
  for (const { test } of steps) {
    const [register = -1, another] = test?.needs ?? [];
    if (test !== undefined && !test.ofRead && register >= 0 && another === undefined)
      alone[register]?.push(test.of);
  }
  return { registers: numbers.size, steps, finals: path.finals.map(needing), alone };
}

/** All that a formula can come to; any where that is too much to try, or C leaves it open. */
function results({ of, needs, ofRead }: Needing, registers: readonly Values[], read: Values): Values {
  const inputs = [...needs.map((n) => registers[n]), ...(ofRead ? [read] : [])];
  let combinations = 1;
  for (const input of inputs) {
    if (input === undefined) return undefined;
    combinations *= input.size;
  }
  if (combinations > MOST_COMBINATIONS) return undefined;
  const found = new Set<number>();
  const all = new Int32Array(registers.length);
  const go = (n: number, own: number): void => {
    if (n === inputs.length) {
      found.add(of(all, own));
      return;
    }
    for (const value of inputs[n] ?? []) {
      if (n < needs.length) all[needs[n] as number] = value;
      go(n + 1, n < needs.length ? own : value);
    }
  };
  try {
    go(0, 0);
  } catch (error) {
    if (error instanceof NoValue) return undefined;
    throw error;
  }
  return found.size > MOST_VALUES ? undefined : found;
}

function passing(values: Values, tests: readonly ((value: number) => boolean)[]): Values {
  if (values === undefined || tests.length === 0) return values;
  return new Set([...values].filter((value) => tests.every((test) => test(value))));
}

/** Does a test hold, as far as can be said? Where C leaves it open, it may. */
function mayHold(of: () => number): boolean {
  try {
    return of() !== 0;
  } catch (error) {
    if (error instanceof NoValue) return true;
    throw error;
  }
}

/** Tells for each step of a path what its registers may have, and what it reads. */
function along(
  { registers: count, steps, alone }: Outline,
  held: (word: string) => Values,
  onStep: (step: Step, registers: readonly Values[], read: Values) => void,
): readonly Values[] {
  const registers: Values[] = new Array(count).fill(undefined);
  const one = new Int32Array(count);
  for (const step of steps) {
    const { from, register, test } = step;
    let read: Values;
    if (from !== undefined) {
      const tests = (alone[register] ?? []).map(
        (of) => (value: number) => mayHold(() => of(one.fill(value), 0)),
      );
      if (test?.ofRead === true && test.needs.length === 0)
        tests.push((value) => mayHold(() => test.of(one, value)));
      read = passing(held(from), tests);
      if (register >= 0) registers[register] = read;
    }
    onStep(step, registers, read);
  }
  return registers;
}

/** What every word may hold at any time, if each thread goes one of its paths. */
function wordsOf(test: CompiledTest, threads: readonly (readonly ThreadPath[])[]): (word: string) => Values {
  const words = new Map<string, Values>();
  const held = (word: string): Values =>
    words.has(word) ? words.get(word) : new Set([test.memory.get(word) ?? 0]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const path of threads.flat())
      along(outlineOf(path), held, ({ into, value }, registers, read) => {
        if (into === undefined || value === undefined) return;
        const before = held(into);
        const stored = results(value, registers, read);
        if (before === undefined) return;
        const after = stored === undefined ? undefined : new Set([...before, ...stored]);
        if (after?.size === before.size) return;
        words.set(into, after === undefined || after.size > MOST_VALUES ? undefined : after);
        changed = true;
      });
  }
  return held;
}

const isNever = (values: Values): boolean =>
  values !== undefined && (values.size === 0 || (values.size === 1 && values.has(0)));

/** Can no execution go this path, since a read on it finds nothing that passes its tests? */
function isBarred(path: ThreadPath, held: (word: string) => Values): boolean {
  let barred = false;
  along(outlineOf(path), held, ({ from, test }, registers, read) => {
    barred ||= from !== undefined && read?.size === 0;
    barred ||= test !== undefined && isNever(results(test, registers, read));
  });
  return barred;
}

/** The paths that may be gone together; and whether a proposition may hold at their end. */
export function possible(
  test: CompiledTest,
  threads: readonly (readonly ThreadPath[])[],
  wanted?: Proposition,
): readonly (readonly ThreadPath[])[] | undefined {
  for (let left = threads; ; ) {
    const held = wordsOf(test, left);
    const next = left.map((paths) => paths.filter((path) => !isBarred(path, held)));
    if (next.some((paths) => paths.length === 0)) return undefined;
    if (next.every((paths, n) => paths.length === left[n]?.length))
      return wanted === undefined || mayBe(wanted, true, (place) => atEnd(test, next, held, place), test)
        ? next
        : undefined;
    left = next;
  }
}

/** What a place may hold at the end. */
function atEnd(
  test: CompiledTest,
  threads: readonly (readonly ThreadPath[])[],
  held: (word: string) => Values,
  { thread, name }: Pick<Place, "thread" | "name">,
): Values {
  if (thread === undefined) return held(name);
  const index = (test.locals[thread] ?? []).findIndex(
    (one) => placeText(one) === placeText({ thread, name }),
  );
  const all = new Set<number>();
  for (const path of threads[thread] ?? []) {
    const outlined = outlineOf(path);
    const final = outlined.finals[index];
    const registers = along(outlined, held, () => {});
    const values = final === undefined ? undefined : results(final, registers, undefined);
    if (values === undefined) return undefined;
    for (const value of values) all.add(value);
  }
  return all;
}

/** May a proposition be true, or false? */
function mayBe(p: Proposition, asked: boolean, of: (place: Place) => Values, test: CompiledTest): boolean {
  switch (p.kind) {
    case "true":
      return asked;
    case "not":
      return mayBe(p.of, !asked, of, test);
    case "and":
    case "or": {
      const [left, right] = [mayBe(p.left, asked, of, test), mayBe(p.right, asked, of, test)];
      return (p.kind === "and") === asked ? left && right : left || right;
    }
    case "is": {
      const values = of(p.place);
      if (values === undefined || p.value.kind === "place") return true;
      const value = heldBy(test, new Map(), p.place, p.value);
      const equal = asked !== p.not;
      if (value === undefined) return !equal;
      return equal ? values.has(value) : [...values].some((one) => one !== value);
    }
  }
}
