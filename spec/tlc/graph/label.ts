import type { Trace } from "../output/trace.js";
import { printValue } from "../value/value.js";
import type { Value } from "../value/value-tree.js";
import type { StateGraph } from "./graph.js";

/** A state's canonical text, from its variables in the order of their names, with values as printValue prints them. */
export function labelOf(pairs: readonly (readonly [name: string, printed: string])[]): string {
  return pairs.map(([name, printed]) => `/\\ ${name} = ${printed}`).join("\n");
}

/** The states of a counterexample in a graph; undefined for one that is not in it, because of a constraint or a VIEW. */
export function placesOf({ states }: Trace, graph: StateGraph): (number | undefined)[] {
  const places = new Map(graph.states.map(({ label }, i) => [label, i]));
  const printed = (variables: ReadonlyMap<string, Value>): [string, string][] =>
    [...variables]
      .map(([name, value]): [string, string] => [name, printValue(value)])
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return states.map(({ variables }) => places.get(labelOf(printed(variables))));
}
