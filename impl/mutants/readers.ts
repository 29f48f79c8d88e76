import { announcedLong, GP_LONG, ownerWord } from "../layout.js";
import { Reader } from "../reader.js";

/** Readers with one step changed each; what and why stands in seen.ts. */

export class AnnouncesZero extends Reader {
  protected override announce(_number: bigint): void {
    super.announce(0n);
  }
}

export class AnnouncesStaleNumber extends Reader {
  protected override announce(number: bigint): void {
    super.announce(number - 1n);
  }
}

export class NestedOverwrites extends Reader {
  protected override lockNested(): void {
    super.lockNested();
    const { longs } = this.words;
    Atomics.store(longs, announcedLong(this.slot), Atomics.load(longs, GP_LONG));
  }
}

export class LoadsNumberEarly extends Reader {
  protected override loadGp(): bigint {
    const number = Atomics.load(this.words.longs, GP_LONG);
    super.loadGp();
    return number;
  }
}

export class UnlocksEarly extends Reader {
  protected override endAnnouncement(): void {
    Atomics.store(this.words.longs, announcedLong(this.slot), 0n);
    super.endAnnouncement();
  }
}

export class InnerUnlockClears extends Reader {
  protected override unlockNested(): void {
    super.unlockNested();
    Atomics.store(this.words.longs, announcedLong(this.slot), 0n);
  }
}

export class UnlockKeepsAnnouncing extends Reader {
  protected override endAnnouncement(): void {
    this.step?.("Unlock");
  }
}

export class UnlockAndForget extends Reader {
  protected override wakeUpdater(): void {}
}

export class MissedWakeUp extends Reader {
  protected override wake(): void {
    this.step?.("Wake");
  }
}

export class WaitingNotCleared extends Reader {
  protected override clearWaiting(): void {
    this.step?.("ClearWaiting");
  }
}

export class UnregistersAnother extends Reader {
  protected override giveBackSlot(): void {
    this.step?.("Unregister");
    Atomics.store(this.words.ints, ownerWord((this.slot % this.words.capacity) + 1), 0);
  }
}
