import { announcedWord, GP_WORD, noticeWord } from "../layout.js";
import { Reader } from "../reader.js";

/** Readers with one step changed each; what and why stands in seen.ts. */

export class NestedOverwrites extends Reader {
  protected override lockNested(): void {
    super.lockNested();
    const { ints } = this.words;
    Atomics.store(ints, announcedWord(this.slot), Atomics.load(ints, GP_WORD));
  }
}

export class InnerUnlockClears extends Reader {
  protected override unlockNested(): void {
    super.unlockNested();
    Atomics.store(this.words.ints, announcedWord(this.slot), 0);
  }
}

export class MissedWakeUp extends Reader {
  protected override wake(): void {
    this.step?.("Wake");
  }
}

export class WakesFirst extends Reader {
  protected override heedNotice(): void {
    this.wake();
    this.takeNotice();
  }
}

export class WakesAnother extends Reader {
  protected override wake(): void {
    this.step?.("Wake");
    Atomics.notify(this.words.ints, noticeWord((this.slot % this.words.capacity) + 1));
  }
}

export class NoticeNotTaken extends Reader {
  protected override takeNotice(): void {
    this.step?.("TakeNotice");
  }
}
