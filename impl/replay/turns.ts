import { ASLEEP, IDLE } from "../../conformance/contract/plan.js";
import type { DifferentWord, FailureKind } from "../../conformance/contract/result.js";
import { WAITING_WORD, type Words } from "../layout.js";
import type { Control } from "./control.js";
import type { EncodedPlan } from "./encode.js";
import { ReplayStopped } from "./failure.js";
import { observersOf } from "./observe.js";
import { type CountSleepers, settle, sleepersOf } from "./sleepers.js";
import { StateCheck } from "./state-check.js";

/** Which paths this process replays: `first`, `first` + `stride`, and so on. */
export interface Share {
  readonly first: number;
  readonly stride: number;
}

/** What a thread does to begin a path: makes the domain and the control block fresh. */
export type ResetAll = () => void;

/**
 * One thread's view of the turn. Exactly one thread has it at a time. Arriving at its next step point
 * completes the move in progress: the thread that has the turn compares the state, and hands the turn to the
 * thread of the next move itself.
 */
export class Turns {
  private readonly check: StateCheck;
  private readonly countSleepers: CountSleepers;
  private readonly unlock: number;
  private readonly raise: number;
  private asleep = false;
  /** Called with the position before each move; for finding out where a process crashes. */
  onMove: ((path: number, move: number, thread: number, step: number) => void) | null = null;

  constructor(
    private readonly me: number,
    private readonly plan: EncodedPlan,
    private readonly control: Control,
    private readonly words: Words,
    private readonly share: Share,
    private readonly resetAll: ResetAll,
    private readonly onDone: () => void,
  ) {
    this.check = new StateCheck(plan, observersOf(plan.words, words, control), (...how) => this.fail(...how));
    this.countSleepers = sleepersOf(words);
    this.unlock = plan.steps.indexOf("Unlock");
    this.raise = plan.steps.indexOf("Raise");
  }

  /** The step id of the move whose turn it is. */
  get step(): number {
    return this.control.position.step;
  }

  /** What the plan says the updater stands before after the move in progress. */
  get updaterAtNext(): number {
    const { path, move } = this.control.position;
    return this.check.updaterAt(this.state(path, move));
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

  /** This thread takes the step Sleep. If it will really sleep, the turn is handed over first. */
  fallAsleep(): void {
    if (Atomics.load(this.words.ints, WAITING_WORD) !== 1) return;
    this.control.setAt(this.me, ASLEEP);
    this.asleep = true;
    this.complete();
    this.advance();
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
    if (this.control.whereIs(0) === ASLEEP) {
      settle(this.countSleepers, () => this.control.whereIs(0) !== ASLEEP);
    }
    if (this.onMove !== null) {
      const { path, move, thread, step } = this.control.position;
      this.onMove(path, move, thread, step);
    }
  }

  /** Index of the state after a move; before the first one, of the path's first state. */
  private state(path: number, move: number): number {
    if (move < 0) return this.plan.starts[path] ?? 0;
    return this.plan.moves[((this.plan.offsets[path] ?? 0) + move) * 3 + 2] ?? 0;
  }

  private complete(): void {
    const { path, move, step } = this.control.position;
    if (step === this.unlock) this.control.words[this.control.heldWord(this.me)] = -1;
    if (step === this.raise) this.control.countRaise();
    const state = this.state(path, move);
    if (this.control.whereIs(0) === ASLEEP && this.check.updaterAt(state) !== ASLEEP) {
      if (this.me !== 0 && (this.countSleepers() ?? 0) > 0) {
        this.fail("hang", "the updater should have been woken by this step, and still sleeps");
      }
      if (this.me !== 0) this.control.awaitAwake(0);
    }
    this.check.compare(state);
    if (this.me !== 0 && this.control.whereIs(0) === ASLEEP) this.probe();
    this.control.countStep();
  }

  /** The plan says that the updater sleeps: it must. */
  private probe(): void {
    if (this.countSleepers() === 0) this.fail("not-blocked", "the updater should be asleep, and is not");
    this.control.countProbe();
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
    for (let thread = 0; thread <= this.plan.readers; thread++) {
      const registered = this.control.words[this.control.slotWord(thread)] !== 0;
      if (registered || this.control.whereIs(thread) !== IDLE) busy.push(thread);
    }
    this.control.setPosition(path, move, this.me, IDLE);
    if (busy.length === 0) return this.nextPath();
    this.control.leaving = busy.length;
    this.control.draining = true;
    for (const thread of busy) {
      if (thread !== this.me && this.control.whereIs(thread) !== ASLEEP) this.control.letGo(thread);
    }
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
    this.resetAll();
    this.control.setPosition(path, -1, this.me, IDLE);
    this.check.compare(this.state(path, -1));
    return this.takeMove(path, 0);
  }
}
