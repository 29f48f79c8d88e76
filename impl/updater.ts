import {
  ahead,
  announcedWord,
  BEGUN_WORD,
  DOORBELL_WORD,
  ENDED_WORD,
  GP_WORD,
  LEADER_WORD,
  NUMBER_STEP,
  noticeWord,
  OLD,
  REGISTERED_WORD,
  SLEEPERS_WORD,
  USED_WORD,
  type Words,
} from "./layout.js";
import {
  fence_d,
  fence_e,
  fence_h,
  fence_i,
  fence_j,
  fence_m,
  fence_n,
  fence_o,
  fence_p,
  fence_q,
  fence_r,
} from "./letters.js";
import type { SharedPointer } from "./pointer.js";
import type { StepHook } from "./step-hook.js";
import type { Blocking } from "./waiting.js";

/**
 * The updater's side of the algorithm *number*: publish, wait for a grace period, reclaim. Updaters share grace periods:
 * each asks for the first one that begins after it has published. Whoever finds nobody leading leads; the others sleep
 * at the doorbell. Its methods are generators that yield when they have to sleep, so that the same code serves the
 * blocking and the asynchronous calls of `Domain`.
 */
export class Updater {
  /**
   * @internal use `Domain`
   * @param sleepLimitMs after this long, in milliseconds, a sleeper looks again by itself
   */
  constructor(
    protected readonly words: Words,
    protected readonly owner: number,
    protected readonly step: StepHook | null,
    protected readonly sleepLimitMs: number,
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
    fence_j();
    if (this.loadRegistered() !== 0) {
      const want = this.loadBegun();
      if ((yield* this.follow(want)) === "leads") yield* this.leadFor(want);
    }
    fence_h();
  }

  /** Whether this thread leads, in an asynchronous call: a blocking one would wait for it, and so for itself. */
  get leads(): boolean {
    return Atomics.load(this.words.ints, LEADER_WORD) === this.owner;
  }

  /**
   * Ends what a dead thread may have begun. If it led, nobody leads now, and the grace period that it has not ended is
   * nobody's: the next one ends both. It may have died before it could ring, so the doorbell is rung whether it led or not.
   */
  abandonLead(dead: number): void {
    this.endLead(dead);
    Atomics.add(this.words.ints, DOORBELL_WORD, 1);
    Atomics.notify(this.words.ints, DOORBELL_WORD);
  }

  protected endLead(leader: number): void {
    Atomics.compareExchange(this.words.ints, LEADER_WORD, leader, 0);
  }

  /** Sleeps until what it asks for has ended, or nobody leads. It listens before it looks. */
  protected *follow(want: number): Blocking<"ended" | "leads"> {
    for (;;) {
      const bell = this.loadDoorbell();
      fence_r();
      if (this.loadEnded(want)) return "ended";
      if (this.lead()) {
        fence_q();
        return "leads";
      }
      this.addSleeper();
      fence_n();
      yield* this.sleepAtDoorbell(bell);
      this.removeSleeper();
    }
  }

  protected *leadFor(want: number): Blocking<void> {
    try {
      if (!this.loadEndedAgain(want)) yield* this.gracePeriod();
      fence_p();
      this.stepDown();
    } catch (error) {
      // Only a step hook throws. The others must not wait for us.
      this.abandonLead(this.owner);
      throw error;
    }
    this.ring();
    fence_o();
    if (this.loadSleepers() !== 0) this.wakeAll();
  }

  protected *gracePeriod(): Blocking<void> {
    const number = this.startGracePeriod();
    const late = this.scanAll(this.loadUsed(), number);
    if (late.length > 0) yield* this.waitFor(late, number);
    fence_h();
    fence_m();
    this.end();
  }

  /**
   * It has begun before the fence: who asks later, asks for the next one. The number is raised after the fence: whoever
   * announces the new number has seen the new pointer.
   */
  protected startGracePeriod(): number {
    const number = this.begin();
    this.membarrier();
    return this.raise(number);
  }

  /** Looks at each slot up to the mark once. @returns those that are late */
  protected scanAll(mark: number, number: number): number[] {
    const late: number[] = [];
    for (let slot = 1; slot <= mark; slot++) if (!this.scan(slot, number)) late.push(slot);
    return late;
  }

  /** The slow path: until the readers in these slots have left the sections that they were seen in. */
  protected *waitFor(late: readonly number[], number: number): Blocking<void> {
    for (let waited = 0; waited < late.length; ) {
      this.giveNotice(late.slice(waited));
      // A reader may have taken its notice in another section than the one waited for; then all get notice again.
      for (let taken = false; waited < late.length && !taken; ) {
        const slot = late[waited] ?? 0;
        if (this.rescan(slot, number)) {
          this.clearNotice(slot);
          waited++;
        } else taken = !(yield* this.sleep(slot));
      }
    }
  }

  /** One fence serves for all that are late. */
  protected giveNotice(late: readonly number[]): void {
    for (const slot of late) this.setNotice(slot);
    this.membarrierNotice();
  }

  /** Whether nobody in this slot can still be in a section that was open when the number was raised. */
  protected isQuiescent(slot: number, number: number): boolean {
    const announced = Atomics.load(this.words.ints, announcedWord(slot));
    return announced === 0 || (announced !== OLD && ahead(number, announced) <= 0);
  }

  /**
   * Whether the grace period of this number has ended. That is at most two ahead of the last one that has. If this thread
   * is held up while half of all numbers go by, the answer may be no for a yes, never the reverse: it then waits for
   * longer than it has to (claim `rcu/read-side/number-width-asked`).
   */
  protected hasEnded(number: number): boolean {
    return ahead(Atomics.load(this.words.ints, ENDED_WORD), number) >= 0;
  }

  protected publish(pointer: SharedPointer, cell: number): number {
    fence_d();
    if (this.step !== null) this.step("Publish");
    return Atomics.exchange(pointer.words, pointer.index, cell);
  }

  protected loadRegistered(): number {
    if (this.step !== null) this.step("LoadRegistered");
    return Atomics.load(this.words.ints, REGISTERED_WORD);
  }

  /** @returns the number of the grace period that it asks for: one in progress is of no use */
  protected loadBegun(): number {
    if (this.step !== null) this.step("LoadBegun");
    return (Atomics.load(this.words.ints, BEGUN_WORD) + NUMBER_STEP) | 0;
  }

  protected loadDoorbell(): number {
    if (this.step !== null) this.step("LoadDoorbell");
    return Atomics.load(this.words.ints, DOORBELL_WORD);
  }

  protected loadEnded(want: number): boolean {
    if (this.step !== null) this.step("LoadEnded");
    return this.hasEnded(want);
  }

  /** @returns whether it leads now */
  protected lead(): boolean {
    if (this.step !== null) this.step("Lead");
    return Atomics.compareExchange(this.words.ints, LEADER_WORD, 0, this.owner) === 0;
  }

  protected addSleeper(): void {
    if (this.step !== null) this.step("AddSleeper");
    Atomics.add(this.words.ints, SLEEPERS_WORD, 1);
  }

  /**
   * Sleeps unless it has rung since. A thread that is held up here while it rings 2^32 times sleeps for nothing, up to the
   * limit.
   */
  protected *sleepAtDoorbell(bell: number): Blocking<void> {
    if (this.step !== null) this.step("SleepAtDoorbell");
    yield { words: this.words.ints, index: DOORBELL_WORD, value: bell, limitMs: this.sleepLimitMs };
  }

  protected removeSleeper(): void {
    if (this.step !== null) this.step("RemoveSleeper");
    Atomics.sub(this.words.ints, SLEEPERS_WORD, 1);
  }

  /** Meanwhile another may have led what it asks for. */
  protected loadEndedAgain(want: number): boolean {
    if (this.step !== null) this.step("LoadEndedAgain");
    return this.hasEnded(want);
  }

  /** Only the leader writes here, so this takes no exchange. */
  protected begin(): number {
    if (this.step !== null) this.step("Begin");
    const { ints } = this.words;
    return Atomics.store(ints, BEGUN_WORD, (Atomics.load(ints, BEGUN_WORD) + NUMBER_STEP) | 0);
  }

  protected membarrier(): void {
    if (this.step !== null) this.step("Membarrier");
    fence_e();
  }

  protected raise(number: number): number {
    if (this.step !== null) this.step("Raise");
    return Atomics.store(this.words.ints, GP_WORD, number);
  }

  /** After the fence: a reader in a slot above the mark has announced nothing before it. */
  protected loadUsed(): number {
    if (this.step !== null) this.step("LoadUsed");
    return Atomics.load(this.words.ints, USED_WORD);
  }

  protected scan(slot: number, number: number): boolean {
    if (this.step !== null) this.step("Scan");
    return this.isQuiescent(slot, number);
  }

  protected setNotice(slot: number): void {
    if (this.step !== null) this.step("SetNotice");
    Atomics.store(this.words.ints, noticeWord(slot), 1);
  }

  protected membarrierNotice(): void {
    if (this.step !== null) this.step("MembarrierNotice");
    fence_i();
  }

  protected rescan(slot: number, number: number): boolean {
    if (this.step !== null) this.step("Rescan");
    return this.isQuiescent(slot, number);
  }

  protected clearNotice(slot: number): void {
    if (this.step !== null) this.step("ClearNotice");
    Atomics.store(this.words.ints, noticeWord(slot), 0);
  }

  /** Sleeps unless the notice has been taken. @returns whether it was still there */
  protected *sleep(slot: number): Blocking<boolean> {
    if (this.step !== null) this.step("Sleep");
    const { ints } = this.words;
    const outcome = yield { words: ints, index: noticeWord(slot), value: 1, limitMs: this.sleepLimitMs };
    return outcome !== "not-equal";
  }

  protected end(): void {
    if (this.step !== null) this.step("End");
    const { ints } = this.words;
    Atomics.store(ints, ENDED_WORD, Atomics.load(ints, BEGUN_WORD));
  }

  protected stepDown(): void {
    if (this.step !== null) this.step("StepDown");
    Atomics.store(this.words.ints, LEADER_WORD, 0);
  }

  protected ring(): void {
    if (this.step !== null) this.step("Ring");
    Atomics.add(this.words.ints, DOORBELL_WORD, 1);
  }

  protected loadSleepers(): number {
    if (this.step !== null) this.step("LoadSleepers");
    return Atomics.load(this.words.ints, SLEEPERS_WORD);
  }

  protected wakeAll(): void {
    if (this.step !== null) this.step("WakeAll");
    Atomics.notify(this.words.ints, DOORBELL_WORD);
  }

  protected free(old: number, reclaim: (old: number) => void): void {
    if (this.step !== null) this.step("Free");
    reclaim(old);
  }
}
