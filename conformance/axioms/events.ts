import type { CompiledTest } from "../litmus/compile.js";
import type { Order } from "../litmus/model.js";
import { neededBy, type Ready, ready, speaksOfRead } from "./formulas.js";
import { isAccess, type Line, reads, writes } from "./lines.js";
import { Before } from "./relation.js";
import type { Rule, Rules } from "./rules.js";
import type { ThreadPath } from "./threads.js";

/**
 * Something that happens at one moment: a line is performed; an interrupt begins, is taken by another thread, or has
 * been taken by all; or all is over, and a word is looked at.
 */
export interface Event {
  /** The thread that it happens on; none for the last look at a word. */
  readonly thread?: number;
  /** Its place among the thread's lines. */
  readonly place?: number;
  readonly line?: Line;
  readonly kind: "line" | "interrupt begins" | "interrupt is over" | "interrupt is taken" | "last look";
  readonly word?: string;
}

/** An edge of an execution, by its events' numbers, and why it is there. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly why: Rule | "read last";
}

/** A formula with what it waits for. */
export interface Pending {
  readonly of: Ready;
  readonly needs: readonly number[];
  readonly ofRead: boolean;
}

/** An event that reads, and what it may read from. */
export interface Read {
  readonly event: number;
  readonly word: string;
  /** The stores that it may read from, of all threads. */
  readonly stores: readonly number[];
  /** Its own thread's earlier stores; the last of them is the youngest. */
  readonly own: readonly number[];
  /** The word's value at first. */
  readonly first: number;
  /** The register that it is read into, or -1. */
  readonly register: number;
  /** Does the outcome depend on it? */
  observed: boolean;
}

/** A moment at which a thread is interrupted: of each of these pairs the second is not done before and the first after. */
export interface Cut {
  readonly taken: number;
  readonly pairs: readonly (readonly [number, number])[];
}

/** The events of a test whose threads each go one way, and what is known before anything is read. */
export interface Events {
  readonly events: readonly Event[];
  readonly before: Before;
  readonly edges: readonly Edge[];
  readonly reads: readonly Read[];
  readonly readOf: readonly (Read | undefined)[];
  /** By event: does it read and write in one step? */
  readonly swaps: readonly boolean[];
  /** By event: what it stores, and what must be true for it to be performed. */
  readonly values: readonly (Pending | undefined)[];
  readonly tests: readonly (Pending | undefined)[];
  readonly registers: number;
  /** Each thread's final values. */
  readonly finals: readonly (readonly Pending[])[];
  /** What is looked at when all is over: the read, or the value that nobody changes. */
  readonly watched: readonly (Read | number)[];
  readonly cuts: readonly Cut[];
  /** Each thread's path, and the number of its first event. */
  readonly threads: readonly { readonly path: ThreadPath; readonly first: number }[];
}

/** Builds the events of one way through all threads; undefined if their order alone already makes a circle. */
export function eventsOf(
  test: CompiledTest,
  paths: readonly ThreadPath[],
  order: Order,
  rules: Rules,
): Events | undefined {
  const events: Event[] = [];
  const threads: { path: ThreadPath; first: number }[] = [];
  const entry: number[] = [];
  const exit: number[] = [];
  const interrupts: { thread: number; begins: number; over: number }[] = [];
  for (const [thread, path] of paths.entries()) {
    threads.push({ path, first: events.length });
    for (const [place, { line }] of path.lines.entries()) {
      const event = events.length;
      entry[event] = exit[event] = event;
      const word = isAccess(line) ? line.word : undefined;
      events.push({
        thread,
        place,
        line,
        kind: line.kind === "interrupt" ? "interrupt begins" : "line",
        ...(word !== undefined && { word }),
      });
    }
  }
  const lineEvents = events.length;
  for (let event = 0; event < lineEvents; event++) {
    const { thread = 0, line } = events[event] as Event;
    if (line?.kind !== "interrupt") continue;
    exit[event] = events.push({ thread, line, kind: "interrupt is over" }) - 1;
    interrupts.push({ thread, begins: event, over: exit[event] as number });
  }
  const edges: Edge[] = [];
  const edge = (from: number, to: number, why: Edge["why"]): void => {
    edges.push({ from, to, why });
  };
  for (const { path, first } of threads)
    for (const { from, to, why } of path.kept(order))
      edge(exit[first + from] as number, entry[first + to] as number, why);
  const cuts: Cut[] = [];
  for (const { thread, begins, over } of interrupts) {
    edge(begins, over, "interrupt");
    for (const [other, { path, first }] of threads.entries()) {
      if (other === thread || path.lines.length === 0) continue;
      const taken = events.push({ thread: other, kind: "interrupt is taken" }) - 1;
      if (rules.has("interrupt")) {
        edge(begins, taken, "interrupt");
        edge(taken, over, "interrupt");
      }
      if (rules.has("interrupt is precise"))
        cuts.push({ taken, pairs: path.steps.map(([a, b]) => [first + a, first + b] as const) });
    }
  }

  const registers: Map<string, number>[] = paths.map(() => new Map());
  let count = 0;
  for (const { thread = 0, line } of events)
    if (line !== undefined && reads(line) && line.dst !== undefined)
      registers[thread]?.set(line.dst, count++);
  const storesOf = new Map<string, number[]>();
  for (const [event, { line, kind }] of events.entries())
    if (kind === "line" && line !== undefined && writes(line))
      storesOf.set(line.word, [...(storesOf.get(line.word) ?? []), event]);
  const pending = (thread: number, formula: Parameters<typeof ready>[0]): Pending => {
    const indexOf = (name: string): number => registers[thread]?.get(name) ?? -1;
    return {
      of: ready(formula, indexOf),
      needs: [...new Set(neededBy(formula).map(indexOf))],
      ofRead: speaksOfRead(formula),
    };
  };
  const values: (Pending | undefined)[] = [];
  const tests: (Pending | undefined)[] = [];
  const allReads: Read[] = [];
  const readOf: (Read | undefined)[] = [];
  for (let event = 0; event < lineEvents; event++) {
    const { thread = 0, line } = events[event] as Event;
    if (line === undefined) continue;
    if (isAccess(line) && line.value !== undefined) values[event] = pending(thread, line.value);
    if ("test" in line && line.test !== undefined) tests[event] = pending(thread, line.test);
    if (!reads(line)) continue;
    const stores = (storesOf.get(line.word) ?? []).filter((store) => store !== event);
    const read: Read = {
      event,
      word: line.word,
      stores,
      own: stores.filter((store) => store < event && events[store]?.thread === thread),
      first: test.memory.get(line.word) ?? 0,
      register: line.dst === undefined ? -1 : (registers[thread]?.get(line.dst) ?? -1),
      observed: false,
    };
    readOf[event] = read;
    allReads.push(read);
  }
  const watched = test.watched.map((word): Read | number => {
    const stores = storesOf.get(word) ?? [];
    const first = test.memory.get(word) ?? 0;
    if (stores.length === 0) return first;
    const event = events.push({ kind: "last look", word }) - 1;
    const read: Read = { event, word, stores, own: [], first, register: -1, observed: true };
    for (const store of stores) edge(store, event, "read last");
    readOf[event] = read;
    allReads.push(read);
    return read;
  });
  const finals = paths.map(({ path }, thread) => path.finals.map((formula) => pending(thread, formula)));
  const looked = new Set(finals.flatMap((thread) => thread.flatMap(({ needs }) => needs)));
  for (const read of allReads) if (looked.has(read.register)) read.observed = true;

  const before = new Before(events.length);
  for (const { from, to } of edges) if (!before.add(from, to)) return undefined;
  return {
    events,
    before,
    edges,
    reads: allReads,
    readOf,
    swaps: events.map(({ kind, line }) => kind === "line" && line?.kind === "swap"),
    values,
    tests,
    registers: count,
    finals,
    watched,
    cuts,
    threads,
  };
}
