import { cheapestFlow } from "./flow.js";
import { checkGraph, type Graph, groupEdges, reachFrom } from "./graph.js";

/** The fewest steps that any cover of a graph takes, when paths may be of any length. */
export interface LowerBound {
  /** Exact minimum of the sum of the lengths of walks from initial nodes that cover every reachable edge. */
  readonly steps: number;
  /** How many walks the minimum found consists of (another minimum may have fewer). */
  readonly paths: number;
  /** Per edge; how often the minimum found walks it beyond the first time. */
  readonly extra: Int32Array;
  /** Per node; the proof of the minimum: `certifiedSteps` of them is `steps`. */
  readonly potential: Int32Array;
}

/** The exact minimum, by a min-cost flow: each reachable edge once, and the fewest extra steps between them. */
export function lowerBound(graph: Graph): LowerBound {
  checkGraph(graph);
  const out = groupEdges(graph.nodes, graph.from);
  const reach = reachFrom(graph, out);
  const { extra, potential } = cheapestFlow(graph, out, reach);
  let steps = reach.edges;
  const leaving = new Int32Array(graph.nodes);
  for (let e = 0; e < extra.length; e++) {
    const u = graph.from[e] as number;
    const v = graph.to[e] as number;
    if (reach.depth[u] === -1) continue;
    steps += extra[e] as number;
    leaving[u] = (leaving[u] as number) + 1 + (extra[e] as number);
    leaving[v] = (leaving[v] as number) - 1 - (extra[e] as number);
  }
  let paths = 0;
  for (const surplus of leaving) paths += Math.max(0, surplus);
  return { steps, paths: paths === 0 && steps > 0 ? 1 : paths, extra, potential };
}

/**
 * The steps that prices prove necessary. Let each step u -> v cost 1 + price(u) - price(v). When initial nodes have
 * price 0, no price is negative and no step's cost is, then a walk from an initial node costs its length less the price
 * of its last node: never more than its length. As every reachable edge must be paid for once, the sum of their costs
 * is a lower bound on the steps of any cover. Throws a RangeError for other prices.
 */
export function certifiedSteps(graph: Graph, potential: Int32Array): number {
  const reach = reachFrom(graph, groupEdges(graph.nodes, graph.from));
  for (const v of graph.initial) {
    if (potential[v] !== 0) throw new RangeError(`Initial node ${v} has price ${potential[v]} instead of 0.`);
  }
  let steps = 0;
  for (let e = 0; e < graph.from.length; e++) {
    const u = graph.from[e] as number;
    const v = graph.to[e] as number;
    if (reach.depth[u] === -1) continue;
    const cost = 1 + (potential[u] as number) - (potential[v] as number);
    if (cost < 0 || (potential[v] as number) < 0) {
      throw new RangeError(
        `Edge ${e} from node ${u} (price ${potential[u]}) to ${v} (${potential[v]}) proves nothing.`,
      );
    }
    steps += cost;
  }
  return steps;
}
