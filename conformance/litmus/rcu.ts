import type { Domain, Path } from "./branches.js";
import { apply, type Formula, num, READ } from "./formula.js";
import type { Token } from "./lexer.js";
import { LitmusError } from "./lexer.js";
import { NOTHING, type Operation } from "./operation.js";

/**
 * The name of RCU's domain; the name of an SRCU domain has its word in it. Our names have a dot, which no C name has.
 */
export const RCU = "rcu";
export const srcu = (word: string): string => `srcu.${word}`;

const gpOf = (domain: string): string => `${domain}.gp`;
const updaterOf = (domain: string): string => `${domain}.updater`;
const announced = (domain: string, thread: number): string => `${domain}.announced${thread}`;

/** The initial values of a domain's words (spec/rcu/read-side/ReadSideProtocol.tla, Value0). */
export function domainWords(name: string, { readers, manyUpdaters }: Domain): Map<string, number> {
  const lock: [string, number][] = manyUpdaters ? [[updaterOf(name), 0]] : [];
  return new Map([
    [gpOf(name), 1],
    ...lock,
    ...readers.map((r): [string, number] => [announced(name, r), 0]),
  ]);
}

/**
 * Lock of spec/rcu/read-side/ReadSideProtocol.tla with algorithm number. A nested section stores nothing. Returns its
 * depth.
 */
function enter(path: Path, domain: string, at: Token): Formula {
  const depth = path.depths.get(domain) ?? 0;
  path.depths.set(domain, depth + 1);
  if (depth === 0) {
    const gp = path.load(at, "relaxed", gpOf(domain));
    path.store(at, "relaxed", announced(domain, path.thread), gp);
    path.fence(at, "barrier", "A");
  }
  return num(depth);
}

/** Unlock of the same module. */
function leave(path: Path, domain: string, name: string, at: Token): void {
  const depth = path.depths.get(domain) ?? 0;
  if (depth === 0 && path.fault === undefined)
    throw new LitmusError(`${name}() outside of a read-side section`, at);
  path.depths.set(domain, depth - 1);
  if (depth !== 1) return;
  const word = announced(domain, path.thread);
  path.add(at, { op: "store", mode: "release", word, value: num(0), letter: "B" });
  path.fence(at, "barrier", "C");
}

/**
 * NumberGracePeriod of the same module, and the lock that updaters take in native/src/synchronize.c, where there are
 * several. A thread need not wait for itself, except inside its own section: then it waits for ever.
 */
function waitForReaders(path: Path, domain: string, at: Token): void {
  const { manyUpdaters = false, readers = [] } = path.shared.domains.get(domain) ?? {};
  const period = (path.periods.get(domain) ?? 0) + 1;
  path.periods.set(domain, period);
  if (manyUpdaters)
    path.add(at, {
      op: "swap",
      mode: "acquire",
      dst: path.register(),
      word: updaterOf(domain),
      value: num(1),
      test: apply("==", READ, num(0)),
    });
  path.fence(at, "membarrier", "E");
  let number = num(period + 1);
  if (manyUpdaters) number = apply("+", path.load(at, "relaxed", gpOf(domain)), num(1));
  path.store(at, "relaxed", gpOf(domain), number);
  for (const reader of readers) {
    if (reader === path.thread && (path.depths.get(domain) ?? 0) === 0) continue;
    const quiescent = apply("||", apply("==", READ, num(0)), apply(">=", READ, number));
    path.add(at, { op: "await", mode: "relaxed", word: announced(domain, reader), test: quiescent });
  }
  path.fence(at, "acquire", "H");
  if (manyUpdaters) path.store(at, "release", updaterOf(domain), num(0));
}

export const lock: Operation = (path, _, at) => {
  enter(path, RCU, at);
  return [[path, NOTHING]];
};

export const unlock: Operation = (path, _, at) => {
  leave(path, RCU, "rcu_read_unlock", at);
  return [[path, NOTHING]];
};

export const synchronize: Operation = (path, _, at) => {
  waitForReaders(path, RCU, at);
  return [[path, NOTHING]];
};

/** The domain of the srcu_struct at an address. */
function srcuDomain(path: Path, pointer: Formula = NOTHING, at: Token): string {
  for (const [word, address] of path.shared.addresses)
    if (pointer.kind === "num" && pointer.value === address && path.shared.domains.has(srcu(word)))
      return srcu(word);
  throw new LitmusError("it must be clear which srcu_struct this is: name the parameter itself", at);
}

/** The index that it returns is the section's depth, so that the nesting of sections shows. */
export const srcuLock: Operation = (path, [pointer], at) => [
  [path, enter(path, srcuDomain(path, pointer, at), at)],
];

export const srcuUnlock: Operation = (path, [pointer, index = NOTHING], at) => {
  const domain = srcuDomain(path, pointer, at);
  const depth = path.depths.get(domain) ?? 0;
  const inner = index.kind === "num" && index.value === depth - 1;
  if (depth > 0 && !inner && path.fault === undefined)
    throw new LitmusError("SRCU sections must nest: this does not end the one begun last", at);
  leave(path, domain, "srcu_read_unlock", at);
  path.leftSrcu = true;
  return [[path, NOTHING]];
};

export const srcuSynchronize: Operation = (path, [pointer], at) => {
  waitForReaders(path, srcuDomain(path, pointer, at), at);
  return [[path, NOTHING]];
};

/** A full barrier if a section of SRCU was left; otherwise a barrier for the compiler alone. */
export const afterSrcuUnlock: Operation = (path, _, at) => {
  path.fence(at, path.leftSrcu ? "mb" : "barrier");
  return [[path, NOTHING]];
};
