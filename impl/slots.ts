import { announcedLong, ownerWord, type Words } from "./layout.js";
import type { StepHook } from "./step-hook.js";

/**
 * Who owns which slot of a domain. One compare-and-exchange of its owner claims a slot, or takes it over
 * from a dead thread; so nobody needs a lock, not even the grace period, which looks at every slot, claimed
 * or not (a free one announces 0).
 */
export class Slots {
  /** @internal use `Domain` */
  constructor(
    protected readonly words: Words,
    protected readonly step: StepHook | null,
  ) {}

  /** Claims the lowest free slot. @returns which (from 1), or null if none is free */
  claimLowest(owner: number): number | null {
    if (this.step !== null) this.step("Register");
    for (let slot = 1; slot <= this.words.capacity; slot++) {
      if (this.claim(slot, owner)) return slot;
    }
    return null;
  }

  /**
   * Gives the slots of a dead thread back. If several threads do so at the same time, exactly one gives back each slot.
   * @param by the calling thread's owner id, which the slots have until they are free
   * @returns how many were given back
   */
  abandon(dead: number, by: number): number {
    let given = 0;
    for (let slot = 1; slot <= this.words.capacity; slot++) {
      if (!this.takeOver(slot, dead, by)) continue;
      // In this order: whoever owns the slot next is the only one who announces there.
      Atomics.store(this.words.longs, announcedLong(slot), 0n);
      Atomics.store(this.words.ints, ownerWord(slot), 0);
      given++;
    }
    return given;
  }

  protected claim(slot: number, owner: number): boolean {
    return Atomics.compareExchange(this.words.ints, ownerWord(slot), 0, owner) === 0;
  }

  protected takeOver(slot: number, dead: number, by: number): boolean {
    return Atomics.compareExchange(this.words.ints, ownerWord(slot), dead, by) === dead;
  }
}
