import { ownerWord, REGISTERED_WORD, USED_WORD } from "../layout.js";
import { Slots } from "../slots.js";

/** Registration with one step changed each; what and why stands in seen.ts. */

export class UsedNotRaised extends Slots {
  protected override raiseUsed(): void {
    this.step?.("RaiseUsed");
  }
}

export class UsedLowered extends Slots {
  protected override raiseUsed(slot: number): void {
    this.step?.("RaiseUsed");
    Atomics.store(this.words.ints, USED_WORD, slot);
  }
}

export class CountedFirst extends Slots {
  override register(owner: number): number | null {
    const slot = this.claimLowest(owner);
    if (slot === null) return null;
    this.addReader(slot, owner);
    this.raiseUsed(slot);
    return slot;
  }
}

export class ReaderNotCounted extends Slots {
  protected override addReader(slot: number, owner: number): void {
    super.addReader(slot, owner);
    Atomics.sub(this.words.ints, REGISTERED_WORD, 1);
  }
}

export class StaysRegistered extends Slots {
  protected override removeReader(): void {
    this.step?.("RemoveReader");
  }
}

export class UncountedFirst extends Slots {
  override unregister(slot: number): void {
    this.removeReader();
    this.giveBack(slot);
  }
}

export class UnregistersAnother extends Slots {
  protected override giveBack(slot: number): void {
    this.step?.("Unregister");
    const { ints, capacity } = this.words;
    Atomics.store(ints, ownerWord(capacity, (slot % capacity) + 1), 0);
  }
}
