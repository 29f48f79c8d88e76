import type { Order } from "../litmus/model.js";
import { complete } from "./complete.js";
import type { Events, Read } from "./events.js";
import { type Budget, GivenUp } from "./limits.js";
import type { Judged } from "./propositions.js";
import type { Rules } from "./rules.js";
import { FIRST, State, UNKNOWN, type Watcher } from "./state.js";

/** What all threads have at the end, and what the watched words hold. */
export interface End {
  readonly finals: readonly (readonly number[])[];
  readonly words: readonly number[];
}

/** What is asked of a search besides all ends. */
export interface SearchOptions {
  /** Ends of which this is false are of no interest. */
  readonly wanted?: ((state: State) => Judged) | undefined;
  /** Is one end enough? */
  readonly one?: boolean;
  /** Told why what was tried is no execution. */
  readonly watcher?: Watcher;
  /** Given each execution that has an end of its own, with all its events in a row. */
  readonly onExecution?: (state: State, row: readonly number[]) => void;
}

/** Finds every end that some execution has. */
export class Search {
  constructor(
    readonly events: Events,
    readonly order: Order,
    readonly rules: Rules,
    readonly budget: Budget,
    /** The ends found so far, by their text. */
    readonly found: Map<string, End>,
    readonly options: SearchOptions = {},
  ) {}

  run(): void {
    this.#go(new State(this.events, this.rules, this.options.watcher));
  }

  /** Goes on from a state: true if an execution was found, or would end as one that is known. */
  #go(state: State): boolean {
    this.budget.step();
    const next = this.#settled(state);
    if (next === undefined || this.options.wanted?.(state) === false) return false;
    const end = endOf(state);
    if (end !== undefined && this.found.has(JSON.stringify(end))) return true;
    if (next === "all") {
      const row = complete(state.unwatched(), this.order, this.budget);
      if (row === undefined) return false;
      // An end whose values were never known is one whose values wait for each other, which the order forbids.
      if (end === undefined) throw new GivenUp("there are values that wait for each other");
      this.found.set(JSON.stringify(end), end);
      this.options.onExecution?.(state, row);
      return true;
    }
    let some = false;
    for (const source of next.sources) {
      const way = state.copy();
      if (!way.assign(next.read, source) || !this.#go(way)) continue;
      some = true;
      if (end !== undefined || this.options.one) return true;
    }
    return some;
  }

  /** Draws all conclusions; which read to decide next, and what it may read from. */
  #settled(state: State): { read: Read; sources: number[] } | "all" | undefined {
    for (;;) {
      if (!state.settle()) return undefined;
      let best: { read: Read; sources: number[]; isFirst: boolean } | undefined;
      let again = false;
      // Where one end is looked for, what it depends on is decided first, from the end back: a chain of copies is
      // then followed link by link, and not by the choices of all its threads at once.
      const asked = this.options.one && this.options.wanted ? askedBy(state) : undefined;
      for (const read of this.events.reads) {
        if (state.source[read.event] !== UNKNOWN) continue;
        const sources = sourcesOf(state, read);
        const [only] = sources;
        if (only === undefined) return undefined;
        if (sources.length === 1) {
          if (!state.assign(read, only)) return undefined;
          again = true;
          continue;
        }
        const isFirst = asked?.has(read.event) ?? read.observed;
        const better =
          best === undefined ||
          (isFirst && !best.isFirst) ||
          (isFirst === best.isFirst && sources.length < best.sources.length);
        if (better) best = { read, sources, isFirst };
      }
      if (!again) return best ?? "all";
    }
  }
}

/** The undecided reads on which what is looked at in the end depends, as far as is known who reads from whom. */
function askedBy(state: State): ReadonlySet<number> {
  const { finals, watched, reads, values, readOf } = state.events;
  const into = new Map(reads.map((read) => [read.register, read.event]));
  const asked = new Set<number>();
  const seen = new Set<number>();
  const left = watched.flatMap((word) => (typeof word === "number" ? [] : [word.event]));
  const needed = (registers: readonly number[]) => registers.flatMap((register) => into.get(register) ?? []);
  left.push(...finals.flatMap((thread) => thread.flatMap(({ needs }) => needed(needs))));
  for (let event = left.pop(); event !== undefined; event = left.pop()) {
    if (seen.has(event) || state.readKnown[event] === 1 || readOf[event] === undefined) continue;
    seen.add(event);
    const source = state.source[event] as number;
    if (source === UNKNOWN) {
      asked.add(event);
      continue;
    }
    const value = source === FIRST ? undefined : values[source];
    if (value === undefined) continue;
    left.push(...needed(value.needs), ...(value.ofRead ? [source] : []));
  }
  return asked;
}

/** The stores that an event may read from, the word's first value among them. */
export function sourcesOf(state: State, read: Read): number[] {
  return [FIRST, ...read.stores].filter((source) => state.mayRead(read, source));
}

/** How an execution ends, once its values are known. */
export function endOf(state: State): End | undefined {
  const { finals, watched } = state.events;
  for (const thread of finals) for (const final of thread) if (!state.isKnown(final, 0)) return undefined;
  for (const word of watched)
    if (typeof word !== "number" && state.readKnown[word.event] === 0) return undefined;
  return {
    finals: finals.map((thread) => thread.map((final) => final.of(state.registers, 0))),
    words: watched.map((word) => (typeof word === "number" ? word : (state.read[word.event] as number))),
  };
}
