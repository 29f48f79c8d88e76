import type { Order } from "../litmus/model.js";
import type { Budget } from "./limits.js";
import { FIRST, type State } from "./state.js";
import { keptIfTurned } from "./threads.js";

/** A pair of events that must be put in one order or the other, the likely one first. */
type Choice = readonly (readonly [number, number])[];

/**
 * Is there an execution in which everything is read from where it is decided to be? All events are put in a row. Where
 * that breaks a rule, one of two edges mends it, and both are tried. Gives the row.
 */
export function complete(state: State, order: Order, budget: Budget): readonly number[] | undefined {
  budget.step();
  const row = inARow(state);
  const choice = storesBetween(state, row) ?? cutThrough(state, row) ?? unscheduled(state, row, order);
  if (choice === undefined) return row;
  for (const [from, to] of choice) {
    const way = state.copy();
    if (!way.order(from, to, "from read") || !way.settle()) continue;
    const found = complete(way, order, budget);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * All events in a row that keeps the order. Where there is a choice, what is first in the program comes first, but a
 * store waits for those who have yet to read what it would overwrite.
 */
function inARow(state: State): number[] {
  const { events, reads, threads, cuts } = state.events;
  const row: number[] = [];
  const done = state.before.none();
  const isDone = (event: number): boolean => (((done[event >> 5] as number) >>> (event & 31)) & 1) === 1;
  const overwrites = (event: number): boolean => {
    for (const { event: reader, stores } of reads) {
      if (reader === event || isDone(reader) || !stores.includes(event)) continue;
      const source = state.source[reader] as number;
      if (source !== event && (source === FIRST || isDone(source))) return true;
    }
    return false;
  };
  const early = (event: number): boolean => {
    const { thread = -1, place } = events[event] as (typeof events)[number];
    const path = threads[thread];
    if (path === undefined || place === undefined)
      return cuts.some(
        ({ taken, pairs }) => taken === event && pairs.some(([a, b]) => isDone(b) && !isDone(a)),
      );
    const size = path.path.lines.length;
    for (let other = 0; other < size; other++)
      if (path.path.compiled[other * size + place] === true && !isDone(path.first + other)) return true;
    return false;
  };
  while (row.length < events.length) {
    let best = -1;
    let worst = 4;
    for (let event = 0; event < events.length && worst > 0; event++) {
      if (isDone(event) || !state.before.allBeforeIn(event, done)) continue;
      const badness = (overwrites(event) ? 2 : 0) + (early(event) ? 1 : 0);
      if (badness >= worst) continue;
      [best, worst] = [event, badness];
    }
    row.push(best);
    (done[best >> 5] as number) |= 1 << (best & 31);
  }
  return row;
}

const placesIn = (row: readonly number[]): number[] => {
  const places: number[] = [];
  for (const [place, event] of row.entries()) places[event] = place;
  return places;
};

/** A store that comes between another and one that reads from that. */
function storesBetween(state: State, row: readonly number[]): Choice | undefined {
  if (!state.rules.has("from read")) return undefined;
  const at = placesIn(row);
  for (const { event, stores } of state.events.reads) {
    const source = state.source[event] as number;
    const begin = source === FIRST ? -1 : (at[source] as number);
    const end = at[event] as number;
    for (const store of stores) {
      if (store === source || (at[store] as number) < begin || (at[store] as number) > end) continue;
      return [
        [store, source],
        [event, store],
      ];
    }
  }
  return undefined;
}

/** An interrupt that is taken where something is done although what the compiler keeps before it is not. */
function cutThrough(state: State, row: readonly number[]): Choice | undefined {
  const at = placesIn(row);
  for (const { taken, pairs } of state.events.cuts)
    for (const [first, second] of pairs)
      if ((at[second] as number) < (at[taken] as number) && (at[taken] as number) < (at[first] as number))
        return [
          [first, taken],
          [taken, second],
        ];
  return undefined;
}

/**
 * On tso there must be a schedule of the compiler's in which everything that was performed in this row could be. It has
 * a before b if the compiler keeps that; and if a was performed first although the processor, had b been before a,
 * would have performed b first. Only on tso can these make a circle (spec/machine/AnySchedule.tla).
 */
function unscheduled(state: State, row: readonly number[], order: Order): Choice | undefined {
  if (order !== "tso" || !state.rules.has("one schedule")) return undefined;
  const at = placesIn(row);
  for (const { path, first } of state.events.threads) {
    if (!path.free) continue;
    const size = path.lines.length;
    const kept = (a: number, b: number): boolean => path.compiled[a * size + b] === true;
    const demanded = (a: number, b: number): boolean => {
      const [one, other] = [path.lines[a], path.lines[b]];
      return (
        one !== undefined &&
        other !== undefined &&
        (at[first + a] as number) < (at[first + b] as number) &&
        !kept(b, a) &&
        keptIfTurned(state.rules, order, one, other)
      );
    };
    const circle = circleIn(size, (a, b) => kept(a, b) || demanded(a, b));
    if (circle === undefined) continue;
    for (const [a, b] of circle)
      if (!kept(a, b) && !state.before.has(first + a, first + b))
        return [
          [first + b, first + a],
          [first + a, first + b],
        ];
    return [];
  }
  return undefined;
}

/** A circle of a relation's pairs, if there is one; a shortest. */
function circleIn(size: number, has: (a: number, b: number) => boolean): [number, number][] | undefined {
  let shortest: [number, number][] | undefined;
  for (let start = 0; start < size; start++) {
    const from: number[] = new Array(size).fill(-1);
    const queue = [start];
    for (let at = 0; at < queue.length; at++) {
      const a = queue[at] as number;
      for (let b = 0; b < size; b++) {
        if (!has(a, b)) continue;
        if (b === start) {
          const circle: [number, number][] = [[a, b]];
          for (let c = a; c !== start; c = from[c] as number) circle.push([from[c] as number, c]);
          if (shortest === undefined || circle.length < shortest.length) shortest = circle;
          queue.length = 0;
          break;
        }
        if (from[b] !== -1 || b === start) continue;
        from[b] = a;
        queue.push(b);
      }
    }
  }
  return shortest;
}
