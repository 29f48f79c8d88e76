import { LOCK_WORD, type Words } from "./layout.js";
import type { Blocking } from "./waiting.js";

/**
 * One grace period at a time. The word is 0 (free), the holder's owner id, or minus that id when somebody may
 * be waiting, so that an uncontended release wakes nobody. It names its holder so that a dead one's lock can
 * be given back. Not re-entrant.
 */
export function* acquireUpdaterLock(words: Words, owner: number): Blocking<void> {
  let mine = owner;
  for (;;) {
    const holder = Atomics.compareExchange(words.ints, LOCK_WORD, 0, mine);
    if (holder === 0) return;
    // Once we have waited, others may be waiting too, and only we are left to know.
    mine = -owner;
    const contended = -Math.abs(holder);
    if (
      holder === contended ||
      Atomics.compareExchange(words.ints, LOCK_WORD, holder, contended) === holder
    ) {
      yield { words: words.ints, index: LOCK_WORD, value: contended };
    }
  }
}

export function releaseUpdaterLock(words: Words): void {
  if (Atomics.exchange(words.ints, LOCK_WORD, 0) < 0) Atomics.notify(words.ints, LOCK_WORD, 1);
}

/**
 * Frees the lock if this owner, who is dead, holds it. If several call this at the same time, one of them
 * frees it; a lock that has become somebody else's meanwhile stays theirs.
 */
export function abandonUpdaterLock(words: Words, dead: number): void {
  for (;;) {
    const holder = Atomics.load(words.ints, LOCK_WORD);
    if (Math.abs(holder) !== dead) return;
    if (Atomics.compareExchange(words.ints, LOCK_WORD, holder, 0) !== holder) continue; // a sleeper has come
    if (holder < 0) Atomics.notify(words.ints, LOCK_WORD, 1);
    return;
  }
}
