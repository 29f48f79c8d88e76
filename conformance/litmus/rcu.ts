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
const announced = (domain: string, thread: number, slot: number): string =>
  `${domain}.announced${thread}${slot === 0 ? "" : `.${slot}`}`;

/** The words in which a domain's readers announce themselves, and whose they are. */
function announcements(name: string, { readers }: Domain): { thread: number; slot: number; word: string }[] {
  return readers.flatMap(({ thread, slots }) =>
    Array.from({ length: slots }, (_, slot) => ({ thread, slot, word: announced(name, thread, slot) })),
  );
}

/** The initial values of a domain's words (spec/rcu/read-side/ReadSideProtocol.tla, Value0). */
export function domainWords(name: string, domain: Domain): Map<string, number> {
  const lock: [string, number][] = domain.manyUpdaters ? [[updaterOf(name), 0]] : [];
  return new Map([
    [gpOf(name), 1],
    ...lock,
    ...announcements(name, domain).map(({ word }): [string, number] => [word, 0]),
  ]);
}

/** Lock of spec/rcu/read-side/ReadSideProtocol.tla with algorithm number. */
function enter(path: Path, domain: string, slot: number, at: Token): void {
  const gp = path.load(at, "relaxed", gpOf(domain));
  path.store(at, "relaxed", announced(domain, path.thread, slot), gp);
  path.fence(at, "barrier", "A");
}

/** Unlock of the same module. */
function leave(path: Path, domain: string, slot: number, at: Token): void {
  const word = announced(domain, path.thread, slot);
  path.add(at, { op: "store", mode: "release", word, value: num(0), letter: "B" });
  path.fence(at, "barrier", "C");
}

/**
 * NumberGracePeriod of the same module, and the lock that updaters take in native/src/synchronize.c, where there are
 * several. A thread need not wait for itself, except inside its own section: then it waits for ever.
 */
function waitForReaders(path: Path, domain: string, at: Token): void {
  const readers: Domain = path.shared.domains.get(domain) ?? { readers: [], manyUpdaters: false };
  const { manyUpdaters } = readers;
  const open = path.open.get(domain) ?? [];
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
  for (const { thread, slot, word } of announcements(domain, readers)) {
    if (thread === path.thread && !open.includes(slot)) continue;
    const quiescent = apply("||", apply("==", READ, num(0)), apply(">=", READ, number));
    path.add(at, { op: "await", mode: "relaxed", word, test: quiescent });
  }
  path.fence(at, "acquire", "H");
  if (manyUpdaters) path.store(at, "release", updaterOf(domain), num(0));
}

/** A section of RCU inside another stores nothing: all of a thread's have one slot. */
export const lock: Operation = (path, _, at) => {
  const open = path.open.get(RCU) ?? [];
  path.open.set(RCU, [...open, 0]);
  if (open.length === 0) enter(path, RCU, 0, at);
  return [[path, NOTHING]];
};

export const unlock: Operation = (path, _, at) => {
  const open = path.open.get(RCU) ?? [];
  if (open.length === 0 && path.fault === undefined)
    throw new LitmusError("rcu_read_unlock() outside of a read-side section", at);
  path.open.set(RCU, open.slice(1));
  if (open.length === 1) leave(path, RCU, 0, at);
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

/**
 * Sections of SRCU need not nest, so each that is open has a slot of its own. The index that is returned is the slot,
 * which is the section's depth where they do nest.
 */
export const srcuLock: Operation = (path, [pointer], at) => {
  const domain = srcuDomain(path, pointer, at);
  const open = path.open.get(domain) ?? [];
  const slots =
    path.shared.domains.get(domain)?.readers.find(({ thread }) => thread === path.thread)?.slots ?? 0;
  const free = Array.from({ length: slots }, (_, n) => n).filter((slot) => !open.includes(slot));
  const slot = free.includes(open.length) ? open.length : free[0];
  if (slot === undefined) throw new LitmusError("too many sections of this srcu_struct are open here", at);
  path.open.set(domain, [...open, slot]);
  enter(path, domain, slot, at);
  return [[path, num(slot)]];
};

export const srcuUnlock: Operation = (path, [pointer, index = NOTHING], at) => {
  const domain = srcuDomain(path, pointer, at);
  const open = path.open.get(domain) ?? [];
  if (path.fault !== undefined) return [[path, NOTHING]];
  if (open.length === 0) {
    const hint = "A section that another thread ends is not supported.";
    throw new LitmusError("this ends a section outside of a read-side section of the thread", at, hint);
  }
  const slot = index.kind === "num" ? index.value : -1;
  if (!open.includes(slot)) {
    const hint = "It must be given what the function that begins a section has returned, on every way.";
    throw new LitmusError("this ends no section that is open here", at, hint);
  }
  path.open.set(
    domain,
    open.filter((one) => one !== slot),
  );
  leave(path, domain, slot, at);
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
