import type { CompiledTest } from "../litmus/compile.js";
import type { Proposition } from "../litmus/syntax.js";
import type { Budget } from "./limits.js";
import { possible } from "./possible.js";
import { ALL_RULES, type Rules } from "./rules.js";
import { type ThreadPath, threadPath } from "./threads.js";

/** The paths of each thread. */
export type Threads = readonly (readonly ThreadPath[])[];

/** The paths of a test's threads, without those that no values lead along; no paths at all if there is no execution. */
export function pathsOf(test: CompiledTest, rules: Rules): Threads {
  const threads = test.paths.map((paths) => paths.map((path) => threadPath(path, rules)));
  if (rules !== ALL_RULES || threads.every((paths) => paths.length === 1)) return threads;
  return possible(test, threads) ?? threads.map(() => []);
}

export interface WaysOptions {
  readonly rules: Rules;
  readonly budget: Budget;
  /** Ways that can't end so are left out. */
  readonly wanted?: Proposition | undefined;
}

/**
 * The choices of a path for each thread, without those that no values lead along. A path is chosen for one thread
 * after the other, and each choice may leave others without one.
 */
export function* waysThrough(
  test: CompiledTest,
  threads: Threads,
  options: WaysOptions,
): Generator<readonly ThreadPath[]> {
  const { rules, budget, wanted } = options;
  budget.step();
  const isOne = threads.every((paths) => paths.length === 1);
  // Without one of the rules, values may come from nowhere. A single way is looked at by the search itself.
  const prunes = rules === ALL_RULES && (!isOne || wanted !== undefined);
  yield* choose(threads, prunes ? (left) => possible(test, left, wanted) : (left) => left, budget);
}

function* choose(
  threads: Threads,
  prune: (threads: Threads) => Threads | undefined,
  budget: Budget,
): Generator<readonly ThreadPath[]> {
  budget.step();
  const left = threads.some((paths) => paths.length === 0) ? undefined : prune(threads);
  if (left === undefined) return;
  let open = -1;
  for (const [thread, { length }] of left.entries())
    if (length > 1 && (open < 0 || length < (left[open]?.length ?? 0))) open = thread;
  if (open < 0) yield left.flatMap((paths) => paths.slice(0, 1));
  else
    for (const path of left[open] ?? [])
      yield* choose(
        left.map((paths, thread) => (thread === open ? [path] : paths)),
        prune,
        budget,
      );
}
