import { announcedLong } from "../layout.js";
import type { SharedPointer } from "../pointer.js";
import { Updater } from "../updater.js";
import type { Blocking } from "../waiting.js";

/** Updaters with one step changed each; what and why stands in seen.ts. */

export class RaisedFirst extends Updater {
  protected override startGracePeriod(): bigint {
    const number = this.raise();
    this.membarrier();
    return number;
  }
}

export class NotRaised extends Updater {
  protected override raise(): bigint {
    this.step?.("Raise");
    return 1n;
  }
}

export class ScanSkipsReader extends Updater {
  protected override scan(slot: number, number: bigint): boolean {
    return slot === 1 || super.scan(slot, number);
  }
}

export class ScanComparesWrongly extends Updater {
  protected override isQuiescent(slot: number, number: bigint): boolean {
    return Atomics.load(this.words.longs, announcedLong(slot)) + 1n >= number;
  }
}

export class EarlyReturn extends Updater {
  protected override *waitFor(): Blocking<void> {}
}

export class AwakeIsEnough extends Updater {
  private woken = false;

  protected override rescan(slot: number, number: bigint): boolean {
    const quiescent = super.rescan(slot, number) || this.woken;
    this.woken = !quiescent;
    return quiescent;
  }
}

export class SleepsWithoutRescan extends Updater {
  private looked = false;

  protected override rescan(slot: number, number: bigint): boolean {
    this.looked = !this.looked;
    return this.looked ? false : super.rescan(slot, number);
  }
}

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

export class ComparesIn32Bits extends Updater {
  protected override isQuiescent(slot: number, number: bigint): boolean {
    const announced = Atomics.load(this.words.longs, announcedLong(slot));
    return announced === 0n || BigInt.asUintN(32, announced) >= BigInt.asUintN(32, number);
  }
}

export class FreesTwice extends Updater {
  protected override free(old: number, reclaim: (old: number) => void): void {
    super.free(old, reclaim);
    reclaim(old);
  }
}
