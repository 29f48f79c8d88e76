import { ASLEEP, IDLE } from "../../conformance/contract/plan.js";
import type { ImplPlan } from "./impl-plan.js";

/** Where in the plan the threads are. */
export interface Position {
  readonly path: number;
  /** -1 before the first; the path's length while the threads leave after the last. */
  readonly move: number;
  readonly thread: number;
  /** Step id; 0 where `move` is not a move of the path. */
  readonly step: number;
}

const PATH = 0;
const MOVE = 1;
const THREAD = 2;
const STEP = 3;
const MODE = 16;
const REMAINING = 17;
const LIMIT = 18;
const RAISES = 19;
const RINGS = 20;
const PATHS = 32;
const STEPS = 33;
const PROBES = 34;
const BEAT = 35;
const SLOTS = 48;

const REPLAY = 0;
const DRAIN = 1;
const LINE = 16;

type Sizes = Pick<ImplPlan, "updaters" | "readers" | "cells">;

/** No cell. */
export const NONE = -1;

/**
 * What the threads of a replay and their watchdog share, besides the domain: the position, who may go on, and
 * the words of the state vector that are not the library's.
 */
export class Control {
  readonly threads: number;
  private readonly held: number;
  private readonly mine: number;
  private readonly at: number;
  private readonly bed: number;
  private readonly cell: number;
  private readonly mailbox: number;

  constructor(
    readonly words: Int32Array,
    readonly updaters: number,
    readonly readers: number,
    readonly cells: number,
  ) {
    this.threads = updaters + readers;
    this.held = SLOTS + this.threads;
    this.mine = this.held + this.threads;
    this.at = this.mine + this.threads;
    this.bed = this.at + this.threads;
    this.cell = this.bed + this.threads;
    this.mailbox = Math.ceil((this.cell + cells) / LINE) * LINE;
  }

  static create({ updaters, readers, cells }: Sizes): Control {
    const threads = updaters + readers;
    const bytes = (SLOTS + 5 * threads + cells + LINE * (threads + 2)) * Int32Array.BYTES_PER_ELEMENT;
    const control = new Control(new Int32Array(new SharedArrayBuffer(bytes)), updaters, readers, cells);
    control.words[LIMIT] = 2 ** 31 - 1;
    return control;
  }

  /** As another thread of the plan sees it. */
  static of(words: Int32Array, { updaters, readers, cells }: Sizes): Control {
    return new Control(words, updaters, readers, cells);
  }

  /** Before a path: cell 0 is live, no thread is anywhere. */
  reset(): void {
    for (let thread = 0; thread < this.threads; thread++) {
      this.words[SLOTS + thread] = 0;
      this.words[this.held + thread] = NONE;
      this.words[this.mine + thread] = NONE;
      this.words[this.at + thread] = IDLE;
    }
    this.words[RAISES] = 0;
    this.words[RINGS] = 0;
    this.words.fill(0, this.cell, this.cell + this.cells);
    this.words[this.cell] = CellState.live;
    this.draining = false;
  }

  get position(): Position {
    const word = (index: number) => Atomics.load(this.words, index);
    return { path: word(PATH), move: word(MOVE), thread: word(THREAD), step: word(STEP) };
  }

  setPosition(path: number, move: number, thread: number, step: number): void {
    const { words } = this;
    Atomics.store(words, PATH, path);
    Atomics.store(words, MOVE, move);
    Atomics.store(words, THREAD, thread);
    Atomics.store(words, STEP, step);
    Atomics.add(words, BEAT, 1);
  }

  /** Changes whenever anything moves. */
  get beat(): number {
    return Atomics.load(this.words, BEAT);
  }

  /** In a drain the step points let everybody through, and the threads leave. */
  get draining(): boolean {
    return Atomics.load(this.words, MODE) === DRAIN;
  }

  set draining(on: boolean) {
    Atomics.store(this.words, MODE, on ? DRAIN : REPLAY);
  }

  set leaving(threads: number) {
    Atomics.store(this.words, REMAINING, threads);
  }

  /** @returns whether it was the last one */
  left(): boolean {
    Atomics.add(this.words, BEAT, 1);
    return Atomics.sub(this.words, REMAINING, 1) === 1;
  }

  /** Paths from this one on are not replayed. */
  get limit(): number {
    return Atomics.load(this.words, LIMIT);
  }

  set limit(path: number) {
    Atomics.store(this.words, LIMIT, path);
  }

  get counts(): { paths: number; steps: number; probes: number } {
    const word = (index: number) => Atomics.load(this.words, index);
    return { paths: word(PATHS), steps: word(STEPS), probes: word(PROBES) };
  }

  countPath(): void {
    Atomics.add(this.words, PATHS, 1);
  }

  countStep(): void {
    Atomics.add(this.words, STEPS, 1);
  }

  countProbe(): void {
    Atomics.add(this.words, PROBES, 1);
  }

  /** How often the path has raised gp so far. */
  get raises(): number {
    return Atomics.load(this.words, RAISES);
  }

  countRaise(): void {
    Atomics.add(this.words, RAISES, 1);
  }

  /** How often the path has rung the doorbell so far. */
  get rings(): number {
    return Atomics.load(this.words, RINGS);
  }

  countRing(): void {
    Atomics.add(this.words, RINGS, 1);
  }

  slotWord(thread: number): number {
    return SLOTS + thread;
  }

  heldWord(thread: number): number {
    return this.held + thread;
  }

  mineWord(thread: number): number {
    return this.mine + thread;
  }

  atWord(thread: number): number {
    return this.at + thread;
  }

  cellWord(cell: number): number {
    return this.cell + cell;
  }

  whereIs(thread: number): number {
    return Atomics.load(this.words, this.atWord(thread));
  }

  setAt(thread: number, at: number): void {
    Atomics.store(this.words, this.atWord(thread), at);
  }

  /** This thread is about to sleep on that word of the domain. */
  fallAsleep(thread: number, word: number): void {
    Atomics.store(this.words, this.bed + thread, word);
    this.setAt(thread, ASLEEP);
  }

  /** The word of the domain that this thread sleeps on, or null if it is awake. */
  bedOf(thread: number): number | null {
    return this.whereIs(thread) === ASLEEP ? Atomics.load(this.words, this.bed + thread) : null;
  }

  /** How many threads sleep on that word, or are about to, without one that is not to count. */
  asleepOn(word: number, without: number): number {
    let count = 0;
    for (let thread = 0; thread < this.updaters; thread++)
      if (thread !== without && this.bedOf(thread) === word) count++;
    return count;
  }

  /** A woken sleeper says where it has come to. */
  announceAt(thread: number, at: number): void {
    this.setAt(thread, at);
    Atomics.notify(this.words, this.atWord(thread));
  }

  /** Waits until the sleeper has come back. The watchdog bounds this. */
  awaitAwake(thread: number): void {
    while (this.whereIs(thread) === ASLEEP) Atomics.wait(this.words, this.atWord(thread), ASLEEP);
  }

  /** Lets a parked thread go on. */
  letGo(thread: number): void {
    const mailbox = this.mailbox + LINE * (thread + 1);
    Atomics.store(this.words, mailbox, 1);
    Atomics.notify(this.words, mailbox);
  }

  /**
   * Waits until somebody lets this thread go on. It sleeps immediately: on two cores, with more threads
   * than cores, spinning before that made replay slower at every length that was tried.
   */
  park(thread: number): void {
    const mailbox = this.mailbox + LINE * (thread + 1);
    while (Atomics.load(this.words, mailbox) === 0) Atomics.wait(this.words, mailbox, 0);
    Atomics.store(this.words, mailbox, 0);
  }
}

/** Content of a cell, as in the state vector. */
export const CellState = { fresh: 0, live: 1, freed: 2 } as const;
