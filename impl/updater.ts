import { announcedLong, GP_LONG, WAITING_WORD, type Words } from "./layout.js";
import { fence_d, fence_e, fence_h, fence_i } from "./letters.js";
import type { SharedPointer } from "./pointer.js";
import type { StepHook } from "./step-hook.js";
import { abandonUpdaterLock, acquireUpdaterLock, releaseUpdaterLock } from "./updater-lock.js";
import type { Blocking } from "./waiting.js";

/**
 * The updater's side of the algorithm *number*: publish, wait for a grace period, reclaim. Its methods are
 * generators that yield when they have to sleep, so that the same code serves the blocking and the
 * asynchronous calls of `Domain`.
 */
export class Updater {
  /** @internal use `Domain` */
  constructor(
    protected readonly words: Words,
    private readonly owner: number,
    protected readonly step: StepHook | null,
  ) {}

  /**
   * Publishes the cell, waits for a grace period, and calls `reclaim` with the cell that was there before.
   */
  *replace(pointer: SharedPointer, cell: number, reclaim: (old: number) => void): Blocking<void> {
    const old = this.publish(pointer, cell);
    yield* this.synchronize();
    this.free(old, reclaim);
  }

  /** When it is done, every section that was open when it began is closed. */
  *synchronize(): Blocking<void> {
    yield* acquireUpdaterLock(this.words, this.owner);
    try {
      yield* this.gracePeriod();
    } finally {
      releaseUpdaterLock(this.words);
    }
  }

  /** Gives back the updaters' lock if this owner, who is dead, holds it. */
  abandonLock(dead: number): void {
    abandonUpdaterLock(this.words, dead);
  }

  protected *gracePeriod(): Blocking<void> {
    const number = this.startGracePeriod();
    for (let slot = 1; slot <= this.words.capacity; slot++) {
      if (!this.scan(slot, number)) yield* this.waitFor(slot, number);
    }
    fence_h();
  }

  /** The number is raised after the fence: whoever announces the new number has seen the new pointer. */
  protected startGracePeriod(): bigint {
    this.membarrier();
    return this.raise();
  }

  /** The slow path: until the reader in this slot has left the section that it was seen in. */
  protected *waitFor(slot: number, number: bigint): Blocking<void> {
    for (;;) {
      this.setWaiting();
      this.membarrierWaiting();
      if (this.rescan(slot, number)) {
        this.stopWaiting();
        return;
      }
      if (this.step !== null) this.step("Sleep");
      const slept = yield { words: this.words.ints, index: WAITING_WORD, value: 1 };
      if (slept !== "not-equal" && this.step !== null) this.step("Awake");
    }
  }

  /** Whether nobody in this slot can still be in a section that was open when the number was raised. */
  protected isQuiescent(slot: number, number: bigint): boolean {
    const announced = Atomics.load(this.words.longs, announcedLong(slot));
    return announced === 0n || announced >= number;
  }

  protected publish(pointer: SharedPointer, cell: number): number {
    fence_d();
    if (this.step !== null) this.step("Publish");
    return Atomics.exchange(pointer.words, pointer.index, cell);
  }

  protected membarrier(): void {
    if (this.step !== null) this.step("Membarrier");
    fence_e();
  }

  protected raise(): bigint {
    if (this.step !== null) this.step("Raise");
    return Atomics.add(this.words.longs, GP_LONG, 1n) + 1n;
  }

  protected scan(slot: number, number: bigint): boolean {
    if (this.step !== null) this.step("Scan");
    return this.isQuiescent(slot, number);
  }

  protected setWaiting(): void {
    if (this.step !== null) this.step("SetWaiting");
    Atomics.store(this.words.ints, WAITING_WORD, 1);
  }

  protected membarrierWaiting(): void {
    if (this.step !== null) this.step("MembarrierWaiting");
    fence_i();
  }

  protected rescan(slot: number, number: bigint): boolean {
    if (this.step !== null) this.step("Rescan");
    return this.isQuiescent(slot, number);
  }

  protected stopWaiting(): void {
    if (this.step !== null) this.step("StopWaiting");
    Atomics.store(this.words.ints, WAITING_WORD, 0);
  }

  protected free(old: number, reclaim: (old: number) => void): void {
    if (this.step !== null) this.step("Free");
    reclaim(old);
  }
}
