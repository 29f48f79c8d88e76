import { LOCK_WORD, ownerWord } from "../layout.js";
import type { SharedPointer } from "../pointer.js";
import { Slots } from "../slots.js";
import { Updater } from "../updater.js";

/** What takes one atomic operation, done in two, or tried only once; what and why stands in unseen.ts. */

export class ClaimsInTwo extends Slots {
  protected override claim(slot: number, owner: number): boolean {
    if (Atomics.load(this.words.ints, ownerWord(slot)) !== 0) return false;
    Atomics.store(this.words.ints, ownerWord(slot), owner);
    return true;
  }
}

export class TakesOverInTwo extends Slots {
  protected override takeOver(slot: number, dead: number): boolean {
    return Atomics.load(this.words.ints, ownerWord(slot)) === dead;
  }
}

export class PublishesInTwo extends Updater {
  protected override publish(pointer: SharedPointer, cell: number): number {
    this.step?.("Publish");
    const old = Atomics.load(pointer.words, pointer.index);
    Atomics.store(pointer.words, pointer.index, cell);
    return old;
  }
}

export class AbandonsLockUnseen extends Updater {
  override abandonLock(dead: number): void {
    const { ints } = this.words;
    if (Math.abs(Atomics.load(ints, LOCK_WORD)) !== dead) return;
    if (Atomics.exchange(ints, LOCK_WORD, 0) < 0) Atomics.notify(ints, LOCK_WORD, 1);
  }
}

export class AbandonsLockOnce extends Updater {
  override abandonLock(dead: number): void {
    const { ints } = this.words;
    const holder = Atomics.load(ints, LOCK_WORD);
    if (Math.abs(holder) !== dead || Atomics.compareExchange(ints, LOCK_WORD, holder, 0) !== holder) return;
    if (holder < 0) Atomics.notify(ints, LOCK_WORD, 1);
  }
}
