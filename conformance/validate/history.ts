import { BadInputError } from "../../spec/tlc/base/errors.js";
import type { RecordedLane, Recording } from "../record/recording.js";
import type { Source } from "./module.js";

/**
 * The steps of a history, which are about the promise of RCU and not about how it is kept: a section is what is between
 * Lock and Unlock, outermost only; Find follows the published pointer to an object that has a number, which is never used
 * again, and Read looks at one that was found before; Publish puts another object in the place of one; a grace period is Synchronize, from its call to its return, or Begin and End; Free frees one.
 */
export const HISTORY_STEPS = [
  "Lock",
  "Unlock",
  "Find",
  "Read",
  "Publish",
  "Synchronize",
  "Begin",
  "End",
  "Free",
] as const;
type HistoryStep = (typeof HISTORY_STEPS)[number];

/** What each observes: the object that is read, replaced or freed. */
const OBJECT: Readonly<Partial<Record<HistoryStep, string>>> = {
  Find: "sees",
  Read: "sees",
  Publish: "replaces",
  Free: "frees",
};

/** Moments and who they belong to, by columns: a long history has millions. */
export class Moments {
  readonly lane: number[] = [];
  readonly event: number[] = [];
  /** The box of each moment: the earliest and the latest that it can have been. */
  readonly from: number[] = [];
  readonly to: number[] = [];

  get count(): number {
    return this.lane.length;
  }

  push(lane: number, event: number, from: number, to: number): void {
    this.lane.push(lane);
    this.event.push(event);
    this.from.push(from);
    this.to.push(to);
  }
}

/** A history, ready to be checked: the i-th section is from the i-th lock to the i-th unlock. */
export interface History {
  readonly locks: Moments;
  readonly unlocks: Moments;
  readonly begins: Moments;
  readonly ends: Moments;
  readonly reads: Moments;
  /** Which of the reads followed the published pointer. */
  readonly isFind: boolean[];
  /** Objects that `reads`, `publishes` and `frees` are about. */
  readonly read: number[];
  readonly publishes: Moments;
  readonly published: number[];
  readonly frees: Moments;
  readonly freed: number[];
  /** The latest moment that is recorded. */
  readonly last: number;
  /** Reads that found what is in a freed object, and not only the object. */
  readonly poisoned: number[];
}

/**
 * Takes a history out of a recording.
 *
 * @throws BadInputError for a step that is none of a history's, or that stands where it can't
 */
export function readHistory({ recording, file }: Source): History {
  const history: History = {
    locks: new Moments(),
    unlocks: new Moments(),
    begins: new Moments(),
    ends: new Moments(),
    reads: new Moments(),
    isFind: [],
    read: [],
    publishes: new Moments(),
    published: [],
    frees: new Moments(),
    freed: [],
    last: lastOf(recording),
    poisoned: [],
  };
  for (const [i, lane] of recording.lanes.entries()) new LaneReader(history, recording, lane, i, file).all();
  return history;
}

function lastOf({ lanes }: Recording): number {
  let last = 0;
  for (const { events } of lanes) {
    for (let i = 0; i < events.count; i++) {
      const end = events.endAt(i);
      last = Math.max(last, end === Number.POSITIVE_INFINITY ? events.startAt(i) : end);
    }
  }
  return last;
}

/** Reads one lane: whether its thread is inside a section, and whether it is waiting for a grace period. */
class LaneReader {
  #inside = false;
  #waiting = false;

  constructor(
    private readonly history: History,
    private readonly recording: Recording,
    private readonly lane: RecordedLane,
    private readonly number: number,
    private readonly file: string,
  ) {}

  all(): void {
    const { events } = this.lane;
    const steps = events.steps.map((name) => HISTORY_STEPS.find((step) => step === name));
    for (let i = 0; i < events.count; i++) {
      const step = steps[events.stepAt(i)];
      if (step === undefined) throw this.#bad(i, `"${events.at(i).step}" is no step of a history`, HINT);
      this.#take(step, i, events.startAt(i), events.endAt(i));
    }
    // All lanes end at one moment, and by then it had not happened: so it comes after everything that is recorded.
    const never = Number.POSITIVE_INFINITY;
    if (this.#inside) this.history.unlocks.push(this.number, events.count - 1, never, never);
    if (this.#waiting) this.history.ends.push(this.number, events.count - 1, never, never);
  }

  #take(step: HistoryStep, i: number, from: number, to: number): void {
    const { locks, unlocks, begins, ends, reads, publishes, frees } = this.history;
    switch (step) {
      case "Lock":
        if (this.#inside) throw this.#bad(i, "a section begins inside of a section", NESTED);
        this.#inside = true;
        locks.push(this.number, i, from, to);
        return;
      case "Unlock":
        if (!this.#inside) this.#alreadyInside(i);
        this.#inside = false;
        unlocks.push(this.number, i, from, to);
        return;
      case "Begin":
        if (this.#waiting) throw this.#bad(i, "a grace period begins before the thread's last one has ended");
        this.#waiting = true;
        begins.push(this.number, i, from, to);
        return;
      case "End":
        if (!this.#waiting) {
          this.#unasked(i);
          return;
        }
        this.#waiting = false;
        ends.push(this.number, i, from, to);
        return;
      case "Synchronize":
        begins.push(this.number, i, from, from);
        // One that has not returned has promised nothing.
        ends.push(this.number, i, to, to);
        return;
      case "Find":
      case "Read":
        this.history.isFind.push(step === "Find");
        if (this.lane.events.numberAt(i, "poisoned") !== undefined) this.history.poisoned.push(reads.count);
        this.history.read.push(this.#object(step, i));
        reads.push(this.number, i, from, to);
        return;
      case "Publish":
        if (this.#isUnfinished(i, to)) return;
        this.history.published.push(this.#object(step, i));
        publishes.push(this.number, i, from, to);
        return;
      case "Free":
        if (this.#isUnfinished(i, to)) return;
        this.history.freed.push(this.#object(step, i));
        frees.push(this.number, i, from, to);
        return;
    }
  }

  /** The thread was inside when the recording began, where its beginning is missing. */
  #alreadyInside(i: number): void {
    if (this.lane.missing === 0) throw this.#bad(i, "a section ends that has not begun");
    const first = this.lane.events.startAt(0);
    this.history.locks.push(this.number, 0, Number.NEGATIVE_INFINITY, first);
  }

  /** What was under way at the end of the recording, and has not said which object it is about. */
  #isUnfinished(i: number, to: number): boolean {
    const { events } = this.lane;
    return i + 1 === events.count && to === Number.POSITIVE_INFINITY && events.at(i).with === undefined;
  }

  /** A grace period of which only the end is recorded says nothing. */
  #unasked(i: number): void {
    if (this.lane.missing === 0) throw this.#bad(i, "a grace period ends that has not begun");
  }

  #object(step: HistoryStep, i: number): number {
    const name = OBJECT[step] ?? "";
    const { events } = this.lane;
    const found =
      events.numberAt(i, name) ?? (OBJECT[step] === "sees" ? events.numberAt(i, "poisoned") : undefined);
    if (found !== undefined) return found;
    throw this.#bad(i, `${step} must say which object it ${name}: "with": {"${name}": 1}`);
  }

  #bad(i: number, message: string, hint?: string): BadInputError {
    const { name } = this.recording;
    const where = `${this.file}${name === "" ? "" : `, recording ${name}`}, ${this.lane.name}, event ${i + 1}`;
    return new BadInputError(message, { where, ...(hint !== undefined && { hint }) });
  }
}

const HINT = `The steps of a history are ${HISTORY_STEPS.join(", ")}: conformance/record/FORMAT.md.`;
const NESTED = "Only the outermost Lock and Unlock are recorded.";
