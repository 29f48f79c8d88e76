import { cutWalk } from "./cut.js";
import { cheapestFlow } from "./flow.js";
import { checkGraph, type Graph, groupEdges, reachFrom } from "./graph.js";
import type { Cover } from "./verify.js";
import { decompose } from "./walks.js";

/** The longest path that `cover` makes, unless told otherwise or an edge lies deeper. */
export const MAX_LENGTH = 100;

export interface CoverOptions {
  /** Steps that a path may have; an edge that no path of this length reaches still gets its shortest path. */
  readonly maxLength?: number;
}

/**
 * Short paths from initial nodes over every reachable edge, in few steps. The cheapest flow says how often to walk
 * each edge, its decomposition gives long walks, and these are cut where starting again costs least.
 * Deterministic. Throws a GraphError for arrays that contradict each other.
 */
export function cover(graph: Graph, { maxLength = MAX_LENGTH }: CoverOptions = {}): Cover {
  checkGraph(graph);
  if (!(maxLength >= 1)) throw new RangeError(`A path's longest length must be 1 or more, not ${maxLength}.`);
  const out = groupEdges(graph.nodes, graph.from);
  const reach = reachFrom(graph, out);
  const walks = decompose(graph, out, reach, cheapestFlow(graph, out, reach), maxLength);

  const walked = new Uint8Array(graph.from.length);
  const paths: Int32Array[] = [];
  let steps = 0;
  for (const walk of walks) {
    const first = walk.map((e) => {
      const isFirst = walked[e] === 0;
      walked[e] = 1;
      return isFirst;
    });
    for (const path of cutWalk(graph, reach, walk, (i) => first[i] as boolean, maxLength)) {
      steps += path.length;
      paths.push(Int32Array.from(path));
    }
  }
  return { paths, steps, covered: reach.edges, reachableEdges: reach.edges };
}
