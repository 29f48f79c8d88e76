import { announcedWord, noticeWord, ownerWord, REGISTERED_WORD, USED_WORD, type Words } from "./layout.js";
import { fence_k, fence_l } from "./letters.js";
import type { StepHook } from "./step-hook.js";

/**
 * Who owns which slot of a domain. One compare-and-exchange of its owner claims a slot, or takes it over from a dead
 * thread, so nobody needs a lock.
 *
 * A thread may die between any two operations, and what it leaves must never make `registered` too low: an updater that
 * reads 0 waits for nobody. So an owner is negative until its reader is counted, and whoever gives its slot back counts
 * down only what was counted up. (Too high is harmless: a grace period then looks at slots for nothing.)
 */
export class Slots {
  /** @internal use `Domain` */
  constructor(
    protected readonly words: Words,
    protected readonly step: StepHook | null,
  ) {}

  /**
   * Claims the lowest free slot, and counts its reader as registered. The mark is raised before: who sees it counted
   * scans far enough.
   * @returns which (from 1), or null if none is free
   */
  register(owner: number): number | null {
    const slot = this.claimLowest(owner);
    if (slot === null) return null;
    this.raiseUsed(slot);
    this.addReader(slot, owner);
    fence_k();
    return slot;
  }

  /** Gives a slot back whose reader has left its sections. */
  unregister(slot: number): void {
    this.giveBack(slot);
    fence_l();
    this.removeReader();
  }

  /**
   * Gives the slots of a dead thread back. If several threads do so at the same time, exactly one gives back each slot.
   * @param by the calling thread's owner id, which the slots have until they are free
   * @returns how many were given back
   */
  abandon(dead: number, by: number): number {
    const { ints, capacity } = this.words;
    let given = 0;
    for (let slot = 1; slot <= capacity; slot++) {
      const owner = this.ownerOf(slot);
      if (Math.abs(owner) !== dead || !this.takeOver(slot, owner, by)) continue;
      // In this order: whoever owns the slot next is the only one who announces there.
      Atomics.store(ints, announcedWord(slot), 0);
      Atomics.store(ints, noticeWord(slot), 0);
      // It may have died before it could, so somebody may be asleep there whatever the notice was.
      Atomics.notify(ints, noticeWord(slot));
      Atomics.store(ints, ownerWord(capacity, slot), 0);
      if (this.wasCounted(owner)) Atomics.sub(ints, REGISTERED_WORD, 1);
      given++;
    }
    return given;
  }

  protected claimLowest(owner: number): number | null {
    if (this.step !== null) this.step("Register");
    for (let slot = 1; slot <= this.words.capacity; slot++) {
      // Looked at first, so that slots in use are not written.
      if (this.ownerOf(slot) === 0 && this.claim(slot, -owner)) return slot;
    }
    return null;
  }

  protected raiseUsed(slot: number): void {
    if (this.step !== null) this.step("RaiseUsed");
    const { ints } = this.words;
    for (let used = Atomics.load(ints, USED_WORD); used < slot; ) {
      const found = Atomics.compareExchange(ints, USED_WORD, used, slot);
      if (found === used) return;
      used = found;
    }
  }

  protected addReader(slot: number, owner: number): void {
    if (this.step !== null) this.step("AddReader");
    Atomics.add(this.words.ints, REGISTERED_WORD, 1);
    Atomics.store(this.words.ints, ownerWord(this.words.capacity, slot), owner);
  }

  protected giveBack(slot: number): void {
    if (this.step !== null) this.step("Unregister");
    Atomics.store(this.words.ints, ownerWord(this.words.capacity, slot), 0);
  }

  protected removeReader(): void {
    if (this.step !== null) this.step("RemoveReader");
    Atomics.sub(this.words.ints, REGISTERED_WORD, 1);
  }

  protected ownerOf(slot: number): number {
    return Atomics.load(this.words.ints, ownerWord(this.words.capacity, slot));
  }

  protected claim(slot: number, owner: number): boolean {
    return Atomics.compareExchange(this.words.ints, ownerWord(this.words.capacity, slot), 0, owner) === 0;
  }

  /** By a thread that is not in this slot's section, so negative: not counted in any case. */
  protected takeOver(slot: number, owner: number, by: number): boolean {
    const word = ownerWord(this.words.capacity, slot);
    return Atomics.compareExchange(this.words.ints, word, owner, -by) === owner;
  }

  protected wasCounted(owner: number): boolean {
    return owner > 0;
  }
}
