import { ATOMIC_PREFIXES, ATOMICS } from "./atomics.js";
import type { Mode, Strength } from "./code.js";
import { type Known, NOTHING, type Operation, ofWord } from "./operation.js";
import { afterSrcuUnlock, lock, srcuLock, srcuSynchronize, srcuUnlock, synchronize, unlock } from "./rcu.js";

function fences(...strengths: readonly Strength[]): Operation {
  return (path, _, at) => {
    for (const strength of strengths) path.fence(at, strength);
    return [[path, NOTHING]];
  };
}

/**
 * A full barrier if an operation that reads and writes in one step follows; otherwise a barrier for the compiler alone.
 */
const beforeAtomic: Operation = (path, _, at) => {
  path.fence(at, "barrier");
  path.fullBeforeSwap = true;
  return [[path, NOTHING]];
};

/** A full barrier if there was such an operation, or a lock was taken; otherwise a barrier for the compiler alone. */
const afterAtomic: Operation = (path, _, at) => {
  path.fence(at, path.swapped ? "mb" : "barrier");
  return [[path, NOTHING]];
};

const load = (mode: Mode): Operation =>
  ofWord((path, word, test, _, at) => [[path, path.load(at, mode, word, test)]]);

const store = (mode: Mode, then?: Strength): Operation =>
  ofWord((path, word, test, [value = NOTHING], at) => {
    path.store(at, mode, word, value, test);
    if (then !== undefined) path.fence(at, then);
    return [[path, NOTHING]];
  });

/** Each function that a test may call with a value or an address. */
export const OPERATIONS: ReadonlyMap<string, Known> = new Map<string, Known>([
  ["smp_mb", [0, fences("mb")]],
  ["smp_rmb", [0, fences("rmb")]],
  ["smp_wmb", [0, fences("wmb")]],
  ["smp_memb", [0, fences("membarrier")]],
  ["barrier", [0, fences("barrier")]],
  ["cpu_relax", [0, fences("barrier")]],
  ["smp_mb__before_atomic", [0, beforeAtomic]],
  ["smp_mb__after_atomic", [0, afterAtomic]],
  ["smp_mb__after_spinlock", [0, afterAtomic]],
  ["smp_mb__after_unlock_lock", [0, afterAtomic]],
  // Dependent loads stay in order anyway.
  ["smp_read_barrier_depends", [0, fences()]],
  ["rcu_read_lock", [0, lock]],
  ["rcu_read_unlock", [0, unlock]],
  ["synchronize_rcu", [0, synchronize]],
  ["synchronize_rcu_expedited", [0, synchronize]],
  ["srcu_read_lock", [1, srcuLock]],
  ["srcu_read_unlock", [2, srcuUnlock]],
  ["srcu_down_read", [1, srcuLock]],
  ["srcu_up_read", [2, srcuUnlock]],
  ["synchronize_srcu", [1, srcuSynchronize]],
  ["synchronize_srcu_expedited", [1, srcuSynchronize]],
  ["smp_mb__after_srcu_read_unlock", [0, afterSrcuUnlock]],
  ["smp_load_acquire", [1, load("acquire")]],
  ["smp_store_release", [2, store("release")]],
  ...ATOMIC_PREFIXES.flatMap((prefix): [string, Known][] => [
    [`${prefix}_read`, [1, load("once")]],
    [`${prefix}_read_acquire`, [1, load("acquire")]],
    [`${prefix}_set`, [2, store("once")]],
    [`${prefix}_set_release`, [2, store("release")]],
  ]),
  ...ATOMICS,
]);

/** Functions that are given the word itself, `*x`. */
export const OF_WORDS: ReadonlyMap<string, Known> = new Map<string, Known>([
  ["READ_ONCE", [1, load("once")]],
  ["rcu_dereference", [1, load("once")]],
  ["rcu_dereference_raw", [1, load("once")]],
  ["rcu_access_pointer", [1, load("once")]],
  ["WRITE_ONCE", [2, store("once")]],
  ["rcu_assign_pointer", [2, store("release")]],
  ["smp_store_mb", [2, store("once", "mb")]],
]);

const WORD_LAST =
  /^atomic(64|_long)?_(fetch_)?(add|sub|and|or|xor|andnot)(_return|_and_test|_negative)?(_relaxed|_acquire|_release)?$/;

/**
 * Those that follow their first argument as an address instead of taking its value; atomic_add(n, v) follows its last.
 */
export function addressArgument(name: string): number | undefined {
  if (WORD_LAST.test(name)) return 1;
  const known = OPERATIONS.get(name);
  return known !== undefined && known[0] > 0 ? 0 : undefined;
}

/** Does a function give 1 or 0, whatever its word is? */
export function givesTruth(name: string): boolean {
  return (
    /_and_test$|_negative(_\w+)?$|^atomic\w*_add_unless$|_inc_not_zero$|trylock$|is_locked$/.test(name) &&
    !name.includes("fetch_add_unless")
  );
}
