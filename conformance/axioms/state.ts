import type { Edge, Events, Pending, Read } from "./events.js";
import type { Before } from "./relation.js";
import type { Rules } from "./rules.js";

/** Nothing is known of what a read reads from; it reads the word's first value. */
export const UNKNOWN = -2;
export const FIRST = -1;

/** The edges that were added on the way to a state, the last one first. */
export interface Trail {
  readonly edge: Edge;
  readonly rest: Trail | undefined;
}

/** Told of each edge that would have made a circle, and of the edges that were added before. */
export type Watcher = (edge: Edge, trail: Trail | undefined, state: State) => void;

/**
 * An execution that is not yet decided in all respects: who reads from whom, which values follow, and what must come
 * before what. A copy goes one way, the original another.
 */
export class State {
  readonly before: Before;
  /** By event: the store that it reads from. */
  readonly source: Int32Array;
  readonly registers: Int32Array;
  readonly registerKnown: Int32Array;
  /** By event: what it has read, what it stores, and whether its test was looked at. */
  readonly read: Int32Array;
  readonly readKnown: Int32Array;
  readonly stored: Int32Array;
  readonly storedKnown: Int32Array;
  readonly tested: Int32Array;
  /** All of these but the first in one piece, since they are copied at each step. */
  readonly #all: Int32Array;
  #trail: Trail | undefined;

  constructor(
    readonly events: Events,
    readonly rules: Rules,
    readonly watcher?: Watcher,
    from?: State,
  ) {
    const [count, registers] = [events.events.length, events.registers];
    this.before = (from?.before ?? events.before).copy();
    this.#all = from === undefined ? new Int32Array(6 * count + 2 * registers) : from.#all.slice();
    let at = 0;
    const piece = (size: number): Int32Array => {
      at += size;
      return this.#all.subarray(at - size, at);
    };
    this.source = piece(count);
    this.read = piece(count);
    this.readKnown = piece(count);
    this.stored = piece(count);
    this.storedKnown = piece(count);
    this.tested = piece(count);
    this.registers = piece(registers);
    this.registerKnown = piece(registers);
    if (from === undefined) this.source.fill(UNKNOWN);
    this.#trail = from === undefined ? undefined : from.#trail;
  }

  copy(): State {
    return new State(this.events, this.rules, this.watcher, this);
  }

  /** A copy that nobody watches. */
  unwatched(): State {
    return new State(this.events, this.rules, undefined, this);
  }

  /** Puts one event before another; false if that is impossible. */
  order(from: number, to: number, why: Edge["why"]): boolean {
    if (this.before.has(from, to)) return true;
    if (!this.before.add(from, to)) {
      this.watcher?.({ from, to, why }, this.#trail, this);
      return false;
    }
    if (this.watcher !== undefined) this.#trail = { edge: { from, to, why }, rest: this.#trail };
    return true;
  }

  /** Lets an event read from a store, or the word's first value. */
  assign({ event, stores, own }: Read, source: number): boolean {
    const { rules } = this;
    this.source[event] = source;
    const youngest = own.at(-1);
    if (youngest !== undefined && rules.has("own stores first")) {
      if (source === FIRST || (own.includes(source) && source !== youngest)) {
        const seen: Edge = { from: youngest, to: event, why: "same word" };
        this.watcher?.(
          { from: event, to: youngest, why: "from read" },
          { edge: seen, rest: this.#trail },
          this,
        );
        return false;
      }
      if (source === youngest) return true;
      if (!this.order(youngest, source, "own stores first")) return false;
    }
    if (source === FIRST) {
      if (!rules.has("from read")) return true;
      return stores.every((store) => this.order(event, store, "from read"));
    }
    return own.includes(source) || !rules.has("read from") || this.order(source, event, "read from");
  }

  isKnown({ needs, ofRead }: Pending, event: number): boolean {
    for (const register of needs) if (this.registerKnown[register] === 0) return false;
    return !ofRead || this.readKnown[event] === 1;
  }

  /** What follows for the values; false if a test does not hold. Throws NoValue. */
  #values(): boolean {
    const { values } = this.events;
    for (let changed = true; changed; ) {
      changed = this.#reads();
      // A value under a test that does not hold need not be one that C has.
      if (!this.#tests()) return false;
      for (let event = 0; event < values.length; event++) {
        const value = values[event];
        if (value === undefined || this.storedKnown[event] === 1 || !this.isKnown(value, event)) continue;
        this.stored[event] = value.of(this.registers, this.read[event] as number);
        this.storedKnown[event] = 1;
        changed = true;
      }
    }
    return true;
  }

  /** What is read where it is known from whom; was there anything new? */
  #reads(): boolean {
    let changed = false;
    for (const { event, register, first } of this.events.reads) {
      const source = this.source[event] as number;
      if (this.readKnown[event] === 1 || source === UNKNOWN) continue;
      if (source !== FIRST && this.storedKnown[source] === 0) continue;
      this.read[event] = source === FIRST ? first : (this.stored[source] as number);
      this.readKnown[event] = 1;
      if (register >= 0) {
        this.registers[register] = this.read[event] as number;
        this.registerKnown[register] = 1;
      }
      changed = true;
    }
    return changed;
  }

  #tests(): boolean {
    const { tests } = this.events;
    for (let event = 0; event < tests.length; event++) {
      const test = tests[event];
      if (test === undefined || this.tested[event] === 1 || !this.isKnown(test, event)) continue;
      if (test.of(this.registers, this.read[event] as number) === 0) return false;
      this.tested[event] = 1;
    }
    return true;
  }

  /** What follows for the order; false if it makes a circle. */
  #order(): boolean {
    const { before, rules } = this;
    const { reads, cuts } = this.events;
    for (let changes = -1; changes !== before.changes; ) {
      changes = before.changes;
      if (rules.has("from read"))
        for (const { event, stores } of reads) {
          const source = this.source[event] as number;
          if (source < 0) continue;
          for (const store of stores) {
            if (store === source) continue;
            if (before.has(source, store)) {
              if (!this.order(event, store, "from read")) return false;
            } else if (before.has(store, event) && !this.order(store, source, "from read")) return false;
          }
        }
      for (const { taken, pairs } of cuts)
        for (const [first, second] of pairs) {
          if (before.has(second, taken) && !this.order(first, taken, "interrupt is precise")) return false;
          if (before.has(taken, first) && !this.order(taken, second, "interrupt is precise")) return false;
        }
    }
    return true;
  }

  /** All that follows from what is decided; false if no execution is like this. Throws NoValue. */
  settle(): boolean {
    return this.#values() && this.#order();
  }

  /** May an event read from a store, as far as is known? */
  mayRead(read: Read, source: number): boolean {
    const { event, stores, own, first } = read;
    const { before, rules } = this;
    const test = this.events.tests[event];
    const value = source === FIRST ? first : (this.stored[source] as number);
    if (
      test?.ofRead === true &&
      (source === FIRST || this.storedKnown[source] === 1) &&
      test.needs.every((register) => this.registerKnown[register] === 1) &&
      test.of(this.registers, value) === 0
    )
      return false;
    // Those who watch want to know why it may not.
    if (this.watcher !== undefined) return true;
    const youngest = own.at(-1);
    if (youngest !== undefined && rules.has("own stores first") && source !== youngest) {
      if (source === FIRST || own.includes(source) || before.has(source, youngest)) return false;
    }
    if (source !== FIRST && rules.has("read from") && !own.includes(source) && before.has(event, source))
      return false;
    if (!rules.has("from read")) return true;
    // Of two that read and write in one step only one can be the next.
    if (stores.length > 0 && this.events.swaps[event] === true)
      for (const store of stores)
        if (this.events.swaps[store] === true && this.source[store] === source) return false;
    for (const store of stores)
      if (store !== source && before.has(store, event) && (source === FIRST || before.has(source, store)))
        return false;
    return true;
  }
}
