import type { GraphEdge, StateGraph } from "../../../spec/tlc/graph/graph.js";
import { placesOf } from "../../../spec/tlc/graph/label.js";
import type { Trace } from "../../../spec/tlc/output/trace.js";
import type { Graph } from "./viewer/views.js";

/** A state graph as a page explores it, with the way of a counterexample through it. */
export function graphView(graph: StateGraph, trace?: Trace): Graph {
  const { states, initial, edges } = graph;
  const values = new Numbers();
  const names = namesIn(states[0]?.label ?? "");
  const actions = new Numbers();
  const path = trace === undefined ? [] : wayOf(graph, trace);
  return {
    names,
    states: states.map(({ label }) => pairsOf(label).map(([, value]) => values.of(value))),
    values: values.texts,
    initial,
    edges: edges.flatMap(({ from, action, to }: GraphEdge) => [from, actions.of(action), to]),
    actions: actions.texts,
    ...(path.length > 0 && { path }),
  };
}

/** The states of a counterexample, up to the first that is not in the graph: a constraint may have left it out. */
function wayOf(graph: StateGraph, trace: Trace): number[] {
  const found = placesOf(trace, graph);
  const end = found.indexOf(undefined);
  return found.slice(0, end < 0 ? found.length : end).flatMap((state) => state ?? []);
}

function namesIn(label: string): string[] {
  return pairsOf(label).map(([name]) => name);
}

/** A label has a line for each variable. */
function pairsOf(label: string): (readonly [string, string])[] {
  return label.split("\n").map((line) => {
    const equals = line.indexOf(" = ");
    return [line.slice("/\\ ".length, equals), line.slice(equals + 3)];
  });
}

/** Texts by small numbers, in the order in which they come. */
class Numbers {
  readonly texts: string[] = [];
  readonly #known = new Map<string, number>();

  of(text: string): number {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    this.#known.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}
