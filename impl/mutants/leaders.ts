import { BEGUN_WORD, ENDED_WORD, GP_WORD, LEADER_WORD, NUMBER_STEP } from "../layout.js";
import { Updater } from "../updater.js";
import type { Blocking } from "../waiting.js";

/** Leaders with one step changed each; what and why stands in seen.ts. */

export class LeadsBesides extends Updater {
  protected override lead(): boolean {
    this.step?.("Lead");
    Atomics.store(this.words.ints, LEADER_WORD, this.owner);
    return true;
  }
}

export class LeadsForNothing extends Updater {
  protected override loadEndedAgain(want: number): boolean {
    super.loadEndedAgain(want);
    return false;
  }
}

export class NotBegun extends Updater {
  protected override begin(): number {
    this.step?.("Begin");
    return (Atomics.load(this.words.ints, BEGUN_WORD) + NUMBER_STEP) | 0;
  }
}

export class BegunLate extends Updater {
  protected override startGracePeriod(): number {
    this.membarrier();
    return this.raise(this.begin());
  }
}

export class RaisedFirst extends Updater {
  protected override startGracePeriod(): number {
    const number = this.raise(this.begin());
    this.membarrier();
    return number;
  }
}

export class NotRaised extends Updater {
  protected override raise(): number {
    this.step?.("Raise");
    return Atomics.load(this.words.ints, GP_WORD);
  }
}

export class MarkLoadedEarly extends Updater {
  protected override startGracePeriod(): number {
    this.mark = super.loadUsed();
    return super.startGracePeriod();
  }

  private mark = 0;

  protected override loadUsed(): number {
    return this.mark;
  }
}

export class ScansTooFar extends Updater {
  protected override loadUsed(): number {
    super.loadUsed();
    return this.words.capacity;
  }
}

export class ScansOneTooFew extends Updater {
  protected override loadUsed(): number {
    return Math.max(1, super.loadUsed() - 1);
  }
}

export class ScanSkipsReader extends Updater {
  protected override scan(slot: number, number: number): boolean {
    return super.scan(slot, number) || slot === 1;
  }
}

export class EarlyReturn extends Updater {
  protected override *waitFor(): Blocking<void> {}
}

export class NoticeToOne extends Updater {
  protected override giveNotice(late: readonly number[]): void {
    super.giveNotice(late.slice(0, 1));
  }
}

export class FenceEach extends Updater {
  protected override giveNotice(late: readonly number[]): void {
    for (const slot of late) super.giveNotice([slot]);
  }
}

export class FenceBeforeNotice extends Updater {
  protected override giveNotice(late: readonly number[]): void {
    this.membarrierNotice();
    for (const slot of late) this.setNotice(slot);
  }
}

export class NoticeNotGiven extends Updater {
  protected override setNotice(): void {
    this.step?.("SetNotice");
  }
}

export class AwakeIsEnough extends Updater {
  private woken = false;

  protected override rescan(slot: number, number: number): boolean {
    const quiescent = super.rescan(slot, number) || this.woken;
    this.woken = !quiescent;
    return quiescent;
  }
}

export class SleepsWithoutRescan extends Updater {
  private looked = false;

  protected override rescan(slot: number, number: number): boolean {
    this.looked = !this.looked;
    return this.looked ? false : super.rescan(slot, number);
  }
}

export class NoticeNotCleared extends Updater {
  protected override clearNotice(): void {
    this.step?.("ClearNotice");
  }
}

export class NoticeGivenOnce extends Updater {
  protected override *sleep(slot: number): Blocking<boolean> {
    yield* super.sleep(slot);
    return true;
  }
}

export class NeverSleeps extends Updater {
  // biome-ignore lint/correctness/useYield: that it does not is the mutant
  protected override *sleep(): Blocking<boolean> {
    this.step?.("Sleep");
    return true;
  }
}

export class EndedEarly extends Updater {
  protected override *gracePeriod(): Blocking<void> {
    const number = this.startGracePeriod();
    const late = this.scanAll(this.loadUsed(), number);
    this.end();
    if (late.length > 0) yield* this.waitFor(late, number);
  }
}

export class NotEnded extends Updater {
  protected override end(): void {
    this.step?.("End");
  }
}

export class EndsWhatHasNotBegun extends Updater {
  protected override end(): void {
    super.end();
    Atomics.add(this.words.ints, ENDED_WORD, NUMBER_STEP);
  }
}

export class StaysLeader extends Updater {
  protected override stepDown(): void {
    this.step?.("StepDown");
  }
}

export class StepsDownFirst extends Updater {
  protected override *gracePeriod(): Blocking<void> {
    const number = this.startGracePeriod();
    const late = this.scanAll(this.loadUsed(), number);
    if (late.length > 0) yield* this.waitFor(late, number);
    super.stepDown();
    this.end();
  }

  protected override stepDown(): void {}
}

export class RingsFirst extends Updater {
  protected override stepDown(): void {
    super.ring();
    super.stepDown();
  }

  protected override ring(): void {}
}

export class NotRung extends Updater {
  protected override ring(): void {
    this.step?.("Ring");
  }
}

export class LooksBeforeRinging extends Updater {
  private sleepers = 0;

  protected override ring(): void {
    this.sleepers = super.loadSleepers();
    super.ring();
  }

  protected override loadSleepers(): number {
    return this.sleepers;
  }
}

export class WakesForNothing extends Updater {
  protected override loadSleepers(): number {
    super.loadSleepers();
    return 1;
  }
}

export class WakesNobody extends Updater {
  protected override loadSleepers(): number {
    super.loadSleepers();
    return 0;
  }
}

export class MissesFollowers extends Updater {
  protected override wakeAll(): void {
    this.step?.("WakeAll");
  }
}
