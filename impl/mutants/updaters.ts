import { announcedWord, DOORBELL_WORD, ENDED_WORD, NUMBER_STEP, SLEEPERS_WORD } from "../layout.js";
import type { SharedPointer } from "../pointer.js";
import { Updater } from "../updater.js";
import type { Blocking } from "../waiting.js";

/** Updaters with one step changed each; what and why stands in seen.ts. The leader's are in leaders.ts. */

export class FreesBeforeScan extends Updater {
  override *replace(pointer: SharedPointer, cell: number, reclaim: (old: number) => void): Blocking<void> {
    const old = this.publish(pointer, cell);
    this.free(old, reclaim);
    yield* this.synchronize();
  }
}

export class PublishesAfterScan extends Updater {
  override *replace(pointer: SharedPointer, cell: number, reclaim: (old: number) => void): Blocking<void> {
    yield* this.synchronize();
    this.free(this.publish(pointer, cell), reclaim);
  }
}

export class FreesTwice extends Updater {
  protected override free(old: number, reclaim: (old: number) => void): void {
    super.free(old, reclaim);
    reclaim(old);
  }
}

export class SkipsAlways extends Updater {
  protected override loadRegistered(): number {
    super.loadRegistered();
    return 0;
  }
}

export class SkipsWithOne extends Updater {
  protected override loadRegistered(): number {
    return super.loadRegistered() >> 1;
  }
}

export class SkipsNever extends Updater {
  protected override loadRegistered(): number {
    super.loadRegistered();
    return 1;
  }
}

export class LooksBeforePublishing extends Updater {
  override *replace(pointer: SharedPointer, cell: number, reclaim: (old: number) => void): Blocking<void> {
    const skips = this.loadRegistered() === 0;
    const old = this.publish(pointer, cell);
    if (!skips) yield* this.synchronize();
    this.free(old, reclaim);
  }
}

export class AsksForTheCurrent extends Updater {
  protected override loadBegun(): number {
    return (super.loadBegun() - NUMBER_STEP) | 0;
  }
}

export class JoinsInProgress extends Updater {
  protected override loadBegun(): number {
    super.loadBegun();
    return (Atomics.load(this.words.ints, ENDED_WORD) + NUMBER_STEP) | 0;
  }
}

export class AsksForTheNextButOne extends Updater {
  protected override loadBegun(): number {
    return (super.loadBegun() + NUMBER_STEP) | 0;
  }
}

export class ListensLate extends Updater {
  protected override *follow(want: number): Blocking<"ended" | "leads"> {
    for (;;) {
      if (this.loadEnded(want)) return "ended";
      const bell = this.loadDoorbell();
      if (this.lead()) return "leads";
      this.addSleeper();
      yield* this.sleepAtDoorbell(bell);
      this.removeSleeper();
    }
  }
}

export class SleepsThroughTheRing extends Updater {
  protected override *sleepAtDoorbell(): Blocking<void> {
    this.step?.("SleepAtDoorbell");
    const { ints } = this.words;
    const value = Atomics.load(ints, DOORBELL_WORD);
    yield { words: ints, index: DOORBELL_WORD, value, limitMs: this.sleepLimitMs };
  }
}

export class NeverSleepsAtDoorbell extends Updater {
  // biome-ignore lint/correctness/useYield: that it does not is the mutant
  protected override *sleepAtDoorbell(): Blocking<void> {
    this.step?.("SleepAtDoorbell");
  }
}

export class SleeperNotCounted extends Updater {
  protected override addSleeper(): void {
    super.addSleeper();
    Atomics.sub(this.words.ints, SLEEPERS_WORD, 1);
  }
}

export class StaysCountedAsSleeper extends Updater {
  protected override removeSleeper(): void {
    this.step?.("RemoveSleeper");
  }
}

export class WokenIsEnough extends Updater {
  protected override *follow(want: number): Blocking<"ended" | "leads"> {
    const bell = this.loadDoorbell();
    if (this.loadEnded(want)) return "ended";
    if (this.lead()) return "leads";
    this.addSleeper();
    yield* this.sleepAtDoorbell(bell);
    this.removeSleeper();
    return "ended";
  }
}

export class ComparesSigned extends Updater {
  protected override isQuiescent(slot: number, number: number): boolean {
    const announced = Atomics.load(this.words.ints, announcedWord(slot));
    return announced === 0 || announced >= number;
  }
}

export class ComparesUnsigned extends Updater {
  protected override isQuiescent(slot: number, number: number): boolean {
    const announced = Atomics.load(this.words.ints, announcedWord(slot));
    return announced === 0 || announced >>> 0 >= number >>> 0;
  }
}

export class EndedComparesSigned extends Updater {
  protected override hasEnded(number: number): boolean {
    return Atomics.load(this.words.ints, ENDED_WORD) >= number;
  }
}

export class EndedComparesUnsigned extends Updater {
  protected override hasEnded(number: number): boolean {
    return Atomics.load(this.words.ints, ENDED_WORD) >>> 0 >= number >>> 0;
  }
}

export class ComparesWrongly extends Updater {
  protected override isQuiescent(slot: number, number: number): boolean {
    return super.isQuiescent(slot, (number - NUMBER_STEP) | 0);
  }
}

export class WaitsForAll extends Updater {
  protected override isQuiescent(slot: number): boolean {
    return Atomics.load(this.words.ints, announcedWord(slot)) === 0;
  }
}
