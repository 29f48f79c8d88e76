import {
  announcedWord,
  DOORBELL_WORD,
  LEADER_WORD,
  noticeWord,
  ownerWord,
  REGISTERED_WORD,
  SLEEPERS_WORD,
  USED_WORD,
} from "../layout.js";
import type { SharedPointer } from "../pointer.js";
import { Slots } from "../slots.js";
import { Updater } from "../updater.js";

/** What takes one atomic operation, done in two; and what is left of the dead. What and why stands in unseen.ts. */

function addInTwo(ints: Int32Array, word: number, count: number): void {
  Atomics.store(ints, word, Atomics.load(ints, word) + count);
}

export class ClaimsInTwo extends Slots {
  protected override claim(slot: number, owner: number): boolean {
    if (this.ownerOf(slot) !== 0) return false;
    Atomics.store(this.words.ints, ownerWord(this.words.capacity, slot), owner);
    return true;
  }
}

export class RaisesUsedInTwo extends Slots {
  protected override raiseUsed(slot: number): void {
    this.step?.("RaiseUsed");
    const { ints } = this.words;
    if (Atomics.load(ints, USED_WORD) < slot) Atomics.store(ints, USED_WORD, slot);
  }
}

export class CountsInTwo extends Slots {
  protected override addReader(slot: number, owner: number): void {
    this.step?.("AddReader");
    addInTwo(this.words.ints, REGISTERED_WORD, 1);
    Atomics.store(this.words.ints, ownerWord(this.words.capacity, slot), owner);
  }
}

export class UncountsInTwo extends Slots {
  protected override removeReader(): void {
    this.step?.("RemoveReader");
    addInTwo(this.words.ints, REGISTERED_WORD, -1);
  }
}

export class TakesOverInTwo extends Slots {
  protected override takeOver(slot: number, owner: number): boolean {
    return this.ownerOf(slot) === owner;
  }
}

export class UncountsTheUncounted extends Slots {
  protected override wasCounted(): boolean {
    return true;
  }
}

/** As `Slots.abandon`, without the call that wakes. */
export class AbandonsAsleep extends Slots {
  override abandon(dead: number, by: number): number {
    const { ints, capacity } = this.words;
    let given = 0;
    for (let slot = 1; slot <= capacity; slot++) {
      const owner = this.ownerOf(slot);
      if (Math.abs(owner) !== dead || !this.takeOver(slot, owner, by)) continue;
      Atomics.store(ints, announcedWord(slot), 0);
      Atomics.store(ints, noticeWord(slot), 0);
      Atomics.store(ints, ownerWord(capacity, slot), 0);
      if (this.wasCounted(owner)) Atomics.sub(ints, REGISTERED_WORD, 1);
      given++;
    }
    return given;
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

export class LeadsInTwo extends Updater {
  protected override lead(): boolean {
    this.step?.("Lead");
    if (Atomics.load(this.words.ints, LEADER_WORD) !== 0) return false;
    Atomics.store(this.words.ints, LEADER_WORD, this.owner);
    return true;
  }
}

export class CountsSleepersInTwo extends Updater {
  protected override addSleeper(): void {
    this.step?.("AddSleeper");
    addInTwo(this.words.ints, SLEEPERS_WORD, 1);
  }
}

export class UncountsSleepersInTwo extends Updater {
  protected override removeSleeper(): void {
    this.step?.("RemoveSleeper");
    addInTwo(this.words.ints, SLEEPERS_WORD, -1);
  }
}

export class RingsInTwo extends Updater {
  protected override ring(): void {
    this.step?.("Ring");
    addInTwo(this.words.ints, DOORBELL_WORD, 1);
  }
}

export class WakesOne extends Updater {
  protected override wakeAll(): void {
    this.step?.("WakeAll");
    Atomics.notify(this.words.ints, DOORBELL_WORD, 1);
  }
}

export class AbandonsLeadUnseen extends Updater {
  protected override endLead(leader: number): void {
    const { ints } = this.words;
    if (Atomics.load(ints, LEADER_WORD) === leader) Atomics.store(ints, LEADER_WORD, 0);
  }
}

export class AbandonsLeadSilently extends Updater {
  override abandonLead(dead: number): void {
    this.endLead(dead);
    Atomics.notify(this.words.ints, DOORBELL_WORD);
  }
}

export class AbandonsFollowersAsleep extends Updater {
  override abandonLead(dead: number): void {
    this.endLead(dead);
    Atomics.add(this.words.ints, DOORBELL_WORD, 1);
  }
}
