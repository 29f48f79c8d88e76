/** What was observed in a step, or a parameter of it: as in TLA+, a whole number, a truth or a text. */
export type Observed = number | boolean | string;

/** A step as it was recorded: the moment at which it happened is somewhere in its box, the ends included. */
export interface RecordedEvent {
  readonly step: string;
  /** In ticks of the recording's clock. */
  readonly start: number;
  /** Undefined: it was not over when the recording ended, and may not have happened at all. */
  readonly end?: number;
  /** Further parameters of the step, by their names in the contract. */
  readonly with?: Readonly<Record<string, Observed>>;
  /** Words of the state as they were just after the step, by their names in the contract. */
  readonly words?: Readonly<Record<string, Observed>>;
}

/** The steps of one thread, in their order. */
export interface RecordedLane {
  readonly name: string;
  /** How many events at the beginning of it are not there, because newer ones have taken their place. */
  readonly missing: number;
  readonly events: Events;
}

/** What a recording says about itself. */
export interface RecordingHead {
  readonly name: string;
  readonly ticksPerSecond: number;
  /** By so many ticks the ends are later than what was measured, so that the boxes are sure to contain their steps. */
  readonly drain: number;
  /** Some thread had not ended when the recording was written. */
  readonly hung: boolean;
  /** How many events had no room. */
  readonly lost: number;
  /** What made it, for people. */
  readonly made: unknown;
}

/** A run of a program: what each of its threads did, in boxes. */
export interface Recording extends RecordingHead {
  readonly lanes: readonly RecordedLane[];
}

/** How many events a recording has. */
export function countEvents({ lanes }: Pick<Recording, "lanes">): number {
  return lanes.reduce((sum, { events }) => sum + events.count, 0);
}

/** The one number that an event has: a parameter of its step, or a word that was observed after it. */
export interface SingleNumber {
  readonly name: string;
  readonly value: number;
  readonly isParameter: boolean;
}

const FIRST_ROOM = 64;

/**
 * The events of a lane, by columns: there may be millions of them. A step that observes one whole number, which is what
 * most do that observe anything, costs no object.
 */
export class Events {
  #count = 0;
  #step = new Uint32Array(FIRST_ROOM);
  #start = new Float64Array(FIRST_ROOM);
  #end = new Float64Array(FIRST_ROOM);
  #name = new Uint32Array(FIRST_ROOM);
  #value = new Float64Array(FIRST_ROOM);
  readonly #more = new Map<number, Pick<RecordedEvent, "with" | "words">>();
  readonly #steps = new Names();
  readonly #names = new Names();

  get count(): number {
    return this.#count;
  }

  /** The names of the steps that occur; `stepAt` is an index of it. */
  get steps(): readonly string[] {
    return this.#steps.list;
  }

  /** Of the event at an index: which of `steps` it is. */
  stepAt(index: number): number {
    return this.#step[index] ?? 0;
  }

  startAt(index: number): number {
    return this.#start[index] ?? 0;
  }

  /** Infinity for an event that was not over. */
  endAt(index: number): number {
    return this.#end[index] ?? 0;
  }

  /** The whole number that an event has under this name, as a parameter or as a word; undefined if there is none. */
  numberAt(index: number, name: string): number | undefined {
    const place = this.#name[index] ?? 0;
    if (place > 0) return this.#names.list[(place >> 1) - 1] === name ? this.#value[index] : undefined;
    const more = this.#more.get(index);
    const own = (of: Readonly<Record<string, Observed>> = {}): Observed | undefined =>
      Object.hasOwn(of, name) ? of[name] : undefined;
    const found = own(more?.with) ?? own(more?.words);
    return typeof found === "number" ? found : undefined;
  }

  at(index: number): RecordedEvent {
    const end = this.endAt(index);
    const place = this.#name[index] ?? 0;
    const name = this.#names.list[(place >> 1) - 1];
    const single = name === undefined ? undefined : { [name]: this.#value[index] ?? 0 };
    return {
      step: this.#steps.list[this.stepAt(index)] ?? "",
      start: this.startAt(index),
      ...(end !== Number.POSITIVE_INFINITY && { end }),
      ...(single !== undefined && (place % 2 === 0 ? { words: single } : { with: single })),
      ...this.#more.get(index),
    };
  }

  push({ step, start, end, with: parameters, words }: RecordedEvent): void {
    const all = [...Object.entries(parameters ?? {}), ...Object.entries(words ?? {})];
    const [name, value] = all[0] ?? [];
    if (all.length === 1 && name !== undefined && typeof value === "number") {
      this.add(step, start, end, { name, value, isParameter: Object.hasOwn(parameters ?? {}, name) });
      return;
    }
    this.add(step, start, end);
    if (all.length === 0) return;
    this.#more.set(this.#count - 1, {
      ...(parameters !== undefined && { with: parameters }),
      ...(words !== undefined && { words }),
    });
  }

  /** As `push`, for an event with at most one number. */
  add(step: string, start: number, end: number | undefined, single?: SingleNumber): void {
    const index = this.#count++;
    if (index === this.#step.length) this.#grow();
    this.#step[index] = this.#steps.place(step);
    this.#start[index] = start;
    this.#end[index] = end ?? Number.POSITIVE_INFINITY;
    if (single === undefined) return;
    this.#name[index] = (this.#names.place(single.name) + 1) * 2 + (single.isParameter ? 1 : 0);
    this.#value[index] = single.value;
  }

  #grow(): void {
    const room = this.#step.length * 2;
    const larger = <T extends Uint32Array | Float64Array>(fresh: T, old: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.#step = larger(new Uint32Array(room), this.#step);
    this.#start = larger(new Float64Array(room), this.#start);
    this.#end = larger(new Float64Array(room), this.#end);
    this.#name = larger(new Uint32Array(room), this.#name);
    this.#value = larger(new Float64Array(room), this.#value);
  }
}

/** Texts by small numbers. */
class Names {
  readonly list: string[] = [];
  readonly #places = new Map<string, number>();

  place(name: string): number {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const place = this.list.length;
    this.list.push(name);
    this.#places.set(name, place);
    return place;
  }
}
