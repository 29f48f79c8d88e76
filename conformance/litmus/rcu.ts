import { apply, num, READ } from "./formula.js";
import { LitmusError } from "./lexer.js";
import { NOTHING, type Operation } from "./operation.js";

/** The words of our RCU; no name of C has a dot. */
export const GP = "rcu.gp";
export const UPDATER = "rcu.updater";
export const announced = (thread: number): string => `rcu.announced${thread}`;

/** The values of these words at first (spec/rcu/ReadSideProtocol.tla, Value0). */
export function rcuWords(readers: readonly number[], manyUpdaters: boolean): Map<string, number> {
  const lock: [string, number][] = manyUpdaters ? [[UPDATER, 0]] : [];
  return new Map([[GP, 1], ...lock, ...readers.map((r): [string, number] => [announced(r), 0])]);
}

/** Lock of spec/rcu/ReadSideProtocol.tla with algorithm number. A nested section stores nothing. */
export const lock: Operation = (path, _, at) => {
  if (path.depth++ === 0) {
    const gp = path.load(at, "relaxed", GP);
    path.store(at, "relaxed", announced(path.thread), gp);
    path.fence(at, "barrier", "A");
  }
  return [[path, NOTHING]];
};

/** Unlock of the same module. */
export const unlock: Operation = (path, _, at) => {
  if (path.depth === 0 && path.fault === undefined)
    throw new LitmusError("rcu_read_unlock() outside of a read-side section", at);
  if (--path.depth === 0) {
    path.add(at, { op: "store", mode: "release", word: announced(path.thread), value: num(0), letter: "B" });
    path.fence(at, "barrier", "C");
  }
  return [[path, NOTHING]];
};

/**
 * NumberGracePeriod of the same module, and the lock that updaters take in native/src/synchronize.c, where there are
 * several. A thread need not wait for itself, except inside of a section of its own: then it does so for ever.
 */
export const synchronize: Operation = (path, _, at) => {
  const { manyUpdaters, readers } = path.shared;
  path.periods++;
  if (manyUpdaters)
    path.add(at, {
      op: "swap",
      mode: "acquire",
      dst: path.register(),
      word: UPDATER,
      value: num(1),
      test: apply("==", READ, num(0)),
    });
  path.fence(at, "membarrier", "E");
  let number = num(path.periods + 1);
  if (manyUpdaters) number = apply("+", path.load(at, "relaxed", GP), num(1));
  path.store(at, "relaxed", GP, number);
  for (const reader of readers) {
    if (reader === path.thread && path.depth === 0) continue;
    const quiescent = apply("||", apply("==", READ, num(0)), apply(">=", READ, number));
    path.add(at, { op: "await", mode: "relaxed", word: announced(reader), test: quiescent });
  }
  path.fence(at, "acquire", "H");
  if (manyUpdaters) path.store(at, "release", UPDATER, num(0));
  return [[path, NOTHING]];
};
