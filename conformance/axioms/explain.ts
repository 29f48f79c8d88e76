import type { CompiledTest } from "../litmus/compile.js";
import type { Order } from "../litmus/model.js";
import type { Explanation } from "../litmus/result.js";
import type { Proposition } from "../litmus/syntax.js";
import { type Edge, eventsOf } from "./events.js";
import { NoValue } from "./formulas.js";
import { budgetOf, GivenUp } from "./limits.js";
import { circlePicture, executionPicture } from "./picture.js";
import { readyProposition } from "./propositions.js";
import { ALL_RULES } from "./rules.js";
import { Search } from "./search.js";
import { type State, type Trail, UNKNOWN } from "./state.js";
import { pathsOf, waysThrough } from "./ways.js";

/** What is explained: that the body of exists can hold, or that of forall can fail. */
function question({ litmus }: CompiledTest): Proposition {
  const { condition, quantifier, filter } = litmus;
  const asked: Proposition = quantifier === "forall" ? { kind: "not", of: condition } : condition;
  return filter === undefined ? asked : { kind: "and", left: filter, right: asked };
}

/** The same lines, wherever they begin. */
function isSameCircle(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join("\n") === [...b].sort().join("\n");
}

interface Circle {
  readonly edges: readonly Edge[];
  readonly state: State;
  readonly decided: number;
}

/** Explains what a test's condition says under an order. */
export function explainByAxioms(test: CompiledTest, order: Order, timeoutMs: number): Explanation {
  const wanted = readyProposition(test, question(test));
  const threads = pathsOf(test, ALL_RULES);
  const budget = budgetOf(timeoutMs);
  let execution: Explanation | undefined;
  let best: Circle | undefined;
  /** The shortest circle of those that came as far, by the kinds of their edges. */
  let kinds = new Map<string, Circle>();
  // The circle of what came furthest says most: all its reads but one are as they should be.
  const watcher = (last: Edge, trail: Trail | undefined, state: State): void => {
    if (wanted(state) === false) return;
    const edges = closed(ofStores(last, state), [...state.events.edges, ...edgesOf(trail)]);
    const decided = isIdle(edges, state)
      ? 0
      : isAlone(edges, state)
        ? 1
        : state.source.reduce((sum, source) => sum + (source === UNKNOWN ? 0 : 1), 0);
    if (best !== undefined && best.decided > decided) return;
    if (best !== undefined && best.decided < decided) kinds = new Map();
    const kind = [...new Set(edges.map(({ why }) => why))].sort().join();
    const known = kinds.get(kind);
    if (known !== undefined && known.edges.length <= edges.length) return;
    const circle = { edges, state: state.unwatched(), decided };
    kinds.set(kind, circle);
    if (best === undefined || decided > best.decided || edges.length < best.edges.length) best = circle;
  };
  try {
    for (const paths of waysThrough(test, threads, { rules: ALL_RULES, budget })) {
      if (execution !== undefined) break;
      const events = eventsOf(test, paths, order, ALL_RULES);
      if (events === undefined) continue;
      new Search(events, order, ALL_RULES, budget, new Map(), {
        wanted,
        one: true,
        watcher,
        onExecution: (state, row) => {
          execution ??= { order, kind: "execution", ...executionPicture(state, row) };
        },
      }).run();
    }
  } catch (error) {
    if (!(error instanceof GivenUp || error instanceof NoValue)) throw error;
    return { order, kind: "none", text: [`not explained: ${error.message}`] };
  }
  if (execution !== undefined) return execution;
  if (best !== undefined) {
    const pictures = [best, ...kinds.values()].map(({ state, edges }) => circlePicture(state, edges));
    const [first, ...more] = pictures.filter(
      ({ text }, n) => pictures.findIndex((one) => isSameCircle(one.text, text)) === n,
    );
    if (first !== undefined) return { order, kind: "circle", ...first, ...(more.length > 0 && { more }) };
  }
  const why = "No single circle forbids it: no values, or no order of the stores, lead there.";
  return { order, kind: "none", text: [why] };
}

/** Two locks that read the same, or a last store that is not the last: it is true, but nobody asks about that. */
function isIdle(edges: readonly Edge[], { events }: State): boolean {
  return (
    edges.some(({ from, to }) => [from, to].some((event) => events.events[event]?.kind === "last look")) ||
    (edges.length === 2 && edges.every(({ from }) => events.swaps[from] === true))
  );
}

/** One thread by itself, which would read what it has yet to store. */
const isAlone = (edges: readonly Edge[], { events }: State): boolean =>
  new Set(edges.map(({ from }) => events.events[from]?.thread)).size === 1;

/** What a word holds at the end says which of two stores is the later one: the circle is theirs. */
function ofStores(last: Edge, { events, source }: State): Edge {
  const from = source[last.from] ?? UNKNOWN;
  if (events.events[last.from]?.kind !== "last look" || from < 0 || from === last.to) return last;
  return { from: last.to, to: from, why: "from read" };
}

function edgesOf(trail: Trail | undefined): Edge[] {
  const edges: Edge[] = [];
  for (let at = trail; at !== undefined; at = at.rest) edges.push(at.edge);
  return edges;
}

/** A shortest circle of an edge and others. */
function closed(last: Edge, edges: readonly Edge[]): Edge[] {
  const next = new Map<number, Edge[]>();
  for (const edge of edges) next.set(edge.from, [...(next.get(edge.from) ?? []), edge]);
  const by = new Map<number, Edge>();
  const queue = [last.to];
  for (let at = 0; at < queue.length && !by.has(last.from); at++)
    for (const edge of next.get(queue[at] as number) ?? []) {
      if (by.has(edge.to) || edge.to === last.to) continue;
      by.set(edge.to, edge);
      queue.push(edge.to);
    }
  const circle = [last];
  for (let event = last.from; event !== last.to; ) {
    const edge = by.get(event);
    if (edge === undefined) break;
    circle.unshift(edge);
    event = edge.from;
  }
  return circle;
}
