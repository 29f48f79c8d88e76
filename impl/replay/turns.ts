import { ASLEEP, IDLE } from "../../conformance/contract/plan.js";
import type { DifferentWord, FailureKind } from "../../conformance/contract/result.js";
import type { Step } from "../generated/steps.js";
import { HEAD_WORD, ownerWord, type Words } from "../layout.js";
import type { Sleep, SleepOutcome } from "../waiting.js";
import { type Control, NONE } from "./control.js";
import { ReplayStopped } from "./failure.js";
import type { ImplPlan } from "./impl-plan.js";
import { observersOf } from "./observe.js";
import { type CountSleepers, settle, sleepersOf } from "./sleepers.js";
import { StateCheck } from "./state-check.js";

/** Which paths this process replays: `first`, `first` + `stride`, and so on. */
export interface Share {
  readonly first: number;
  readonly stride: number;
}

/** How long a thread sleeps in a drain before it looks again, in milliseconds. */
const DRAIN_MS = 20;

/** What a thread does to begin a path: makes the domain and the control block fresh. */
export type ResetAll = (path: number) => void;

/**
 * One thread's view of the turn. Exactly one thread has it at a time. Arriving at its next step point
 * completes the move in progress: the thread that has the turn compares the state, and hands the turn to the
 * thread of the next move itself.
 */
export class Turns {
  private readonly check: StateCheck;
  private readonly countSleepers: CountSleepers;
  /** What this driver keeps of the state, by the id of the step that changes it. */
  private readonly keeps: ReadonlyMap<number, () => void>;
  private asleep = false;
  private replaced = NONE;
  /** Called with the position before each move; for finding out where a process crashes. */
  onMove: ((path: number, move: number, thread: number, step: number) => void) | null = null;

  constructor(
    private readonly me: number,
    private readonly plan: ImplPlan,
    private readonly control: Control,
    private readonly words: Words,
    private readonly share: Share,
    private readonly resetAll: ResetAll,
    private readonly onDone: () => void,
  ) {
    this.check = new StateCheck(plan, observersOf(plan.words, words, control), (...how) => this.fail(...how));
    this.countSleepers = sleepersOf(words);
    const keeps: Partial<Record<Step, () => void>> = {
      Register: () => this.keep(control.slotWord(me), this.claimed()),
      Unregister: () => this.keep(control.slotWord(me), 0),
      Unlock: () => this.keep(control.heldWord(me), NONE),
      Publish: () => this.keep(control.mineWord(me), this.replaced),
      Raise: () => control.countRaise(),
      Ring: () => control.countRing(),
    };
    this.keeps = new Map(Object.entries(keeps).map(([step, keep]) => [plan.steps.indexOf(step), keep]));
  }

  /** The step id of the move whose turn it is. */
  get step(): number {
    return this.control.position.step;
  }

  /** Waits until this thread may go on: it has the turn, or all are draining. */
  park(): void {
    this.control.park(this.me);
    this.begin();
  }

  /** This thread stands before that step, or, with IDLE, between operations. Returns when it may go on. */
  arrive(at: number): void {
    if (this.asleep) {
      this.asleep = false;
      if (this.control.draining) return;
      this.control.announceAt(this.me, at);
      this.park();
      return;
    }
    this.control.setAt(this.me, at);
    this.complete();
    if (!this.advance()) this.park();
  }

  /** Between the beginning of an operation and its first step point nothing may have changed. */
  checkUnchanged(): void {
    const { path, move } = this.control.position;
    this.check.compare(this.state(path, move - 1));
  }

  /** This thread is about to exchange the published cell for its own. */
  beforePublish(): void {
    this.replaced = Atomics.load(this.words.ints, HEAD_WORD);
  }

  /**
   * How a thread sleeps in a replay: without a limit, and if it will really sleep, the turn is handed over first. In a
   * drain, which is not part of the path, nobody's mistake may keep the others from leaving, so there is one.
   */
  sleep({ words, index, value }: Sleep): SleepOutcome {
    if (!this.control.draining) {
      if (Atomics.load(words, index) !== value) return "not-equal";
      this.control.fallAsleep(this.me, index);
      this.asleep = true;
      this.complete();
      this.advance();
    }
    return Atomics.wait(words, index, value, this.control.draining ? DRAIN_MS : undefined);
  }

  /**
   * This thread has left, in a drain. The last one begins the next path. Returns when this thread may go on.
   */
  left(): void {
    this.asleep = false;
    if (!this.control.left() || !this.nextPath()) this.park();
  }

  /** Begins the first path, in the one thread that is told to. */
  start(): void {
    if (!this.beginPath(this.share.first)) this.park();
  }

  fail(kind: FailureKind, message: string, words?: readonly DifferentWord[]): never {
    const { path, move, step } = this.control.position;
    throw new ReplayStopped({ kind, path, move, thread: this.me, step, message, ...(words && { words }) });
  }

  private begin(): void {
    if (this.control.draining) return;
    this.settle();
    if (this.onMove !== null) {
      const { path, move, thread, step } = this.control.position;
      this.onMove(path, move, thread, step);
    }
  }

  /** Waits for all who said that they would sleep. @returns where they do */
  private settle(): number[] {
    const { control, me } = this;
    const beds: number[] = [];
    for (let thread = 0; thread < control.updaters; thread++) {
      const bed = thread === me ? null : control.bedOf(thread);
      if (bed === null) continue;
      settle(this.countSleepers, bed, () => control.asleepOn(bed, me));
      beds.push(bed);
    }
    return beds;
  }

  /** Index of the state after a move; before the first one, of the path's first state. */
  private state(path: number, move: number): number {
    if (move < 0) return this.plan.starts[path] ?? 0;
    return this.plan.moves[((this.plan.offsets[path] ?? 0) + move) * 3 + 2] ?? 0;
  }

  private complete(): void {
    const { path, move, step } = this.control.position;
    this.keeps.get(step)?.();
    const state = this.state(path, move);
    for (let thread = 0; thread < this.control.updaters; thread++)
      if (thread !== this.me) this.wokenAsPlanned(thread, state);
    this.check.compare(state);
    for (let thread = 0; thread < this.control.updaters; thread++) if (thread !== this.me) this.probe(thread);
    this.control.countStep();
  }

  /** If the plan says that this move woke a thread, it waits for it to come to its next step. */
  private wokenAsPlanned(thread: number, state: number): void {
    const bed = this.control.bedOf(thread);
    if (bed === null || this.check.at(state, thread) === ASLEEP) return;
    let sleepOn = 0;
    for (let other = 0; other < this.control.updaters; other++)
      if (other !== this.me && this.control.bedOf(other) === bed && this.check.at(state, other) === ASLEEP)
        sleepOn++;
    if ((this.countSleepers(bed) ?? 0) > sleepOn) {
      const who = this.plan.lanes[thread];
      this.fail("hang", `${who} should have been woken by this step, and still sleeps`);
    }
    this.control.awaitAwake(thread);
  }

  /** The plan says that a thread sleeps: it must. */
  private probe(thread: number): void {
    const bed = this.control.bedOf(thread);
    if (bed === null) return;
    const count = this.countSleepers(bed);
    if (count !== null && count < this.control.asleepOn(bed, this.me))
      this.fail("not-blocked", `${this.plan.lanes[thread]} should be asleep, and is not`);
    this.control.countProbe();
  }

  private keep(word: number, value: number): void {
    Atomics.store(this.control.words, word, value);
  }

  /** The slot that this thread owns, 0 if none. */
  private claimed(): number {
    const { ints, capacity } = this.words;
    for (let slot = 1; slot <= capacity; slot++)
      if (Math.abs(Atomics.load(ints, ownerWord(capacity, slot))) === this.me) return slot;
    return 0;
  }

  /** Hands the turn on. @returns whether this thread gets it straight back */
  private advance(): boolean {
    const { path, move } = this.control.position;
    return this.takeMove(path, move + 1);
  }

  private takeMove(path: number, move: number): boolean {
    const at = ((this.plan.offsets[path] ?? 0) + move) * 3;
    if (at >= (this.plan.offsets[path + 1] ?? 0) * 3) return this.drain(path, move);
    const thread = this.plan.moves[at] ?? 0;
    this.control.setPosition(path, move, thread, this.plan.moves[at + 1] ?? 0);
    if (thread === this.me) {
      this.begin();
      return true;
    }
    this.control.letGo(thread);
    return false;
  }

  /** The path is over: threads that are inside of something run freely until they have left. */
  private drain(path: number, move: number): boolean {
    const busy: number[] = [];
    for (let thread = 0; thread < this.control.threads; thread++) {
      const registered = this.control.words[this.control.slotWord(thread)] !== 0;
      if (registered || this.control.whereIs(thread) !== IDLE) busy.push(thread);
    }
    this.control.setPosition(path, move, this.me, IDLE);
    if (busy.length === 0) return this.nextPath();
    const beds = this.settle();
    const parked = busy.filter((thread) => thread !== this.me && this.control.whereIs(thread) !== ASLEEP);
    this.control.leaving = busy.length;
    this.control.draining = true;
    for (const bed of beds) Atomics.notify(this.words.ints, bed);
    for (const thread of parked) this.control.letGo(thread);
    return busy.includes(this.me);
  }

  private nextPath(): boolean {
    this.control.countPath();
    return this.beginPath(this.control.position.path + this.share.stride);
  }

  /** @returns whether this thread has the first turn */
  private beginPath(path: number): boolean {
    if (path >= Math.min(this.plan.starts.length, this.control.limit)) {
      this.onDone();
      return false;
    }
    this.resetAll(path);
    this.control.setPosition(path, -1, this.me, IDLE);
    this.check.compare(this.state(path, -1));
    return this.takeMove(path, 0);
  }
}
