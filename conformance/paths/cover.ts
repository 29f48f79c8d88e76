import { type LowerBound, lowerBound } from "./bound.js";
import { cutWalk } from "./cut.js";
import { type Graph, GraphError, groupEdges, reachFrom } from "./graph.js";
import type { Cover } from "./verify.js";
import { decompose } from "./walks.js";

/**
 * The longest path that `cover` makes in a graph that isn't deep: short enough to read. Measured on Urcu's graphs: paths
 * of 150 take 1.08 of the lower bound's steps with two readers, and 1.17 with two updaters; half of them have 116 or
 * fewer.
 */
export const MAX_LENGTH = 150;

export interface CoverOptions {
  /**
   * Steps that a path may have; an edge that no path of this length reaches still gets its shortest path. The
   * default is MAX_LENGTH, or twice the depth of the deepest node: a path that only just gets there covers little.
   */
  readonly maxLength?: number;
  /** The graph's lower bound, if already known: computing it is most of the work. */
  readonly bound?: LowerBound;
}

/**
 * Short paths from initial nodes over every reachable edge, in few steps. The cheapest flow says how often to walk
 * each edge, its decomposition gives long walks, and these are cut where starting again costs least.
 * Deterministic. Throws a GraphError for arrays that contradict each other.
 */
export function cover(graph: Graph, options: CoverOptions = {}): Cover {
  const { extra } = options.bound ?? lowerBound(graph);
  if (extra.length !== graph.from.length) {
    throw new GraphError(
      `The bound is for a graph with ${extra.length} edges; this one has ${graph.from.length}.`,
    );
  }
  const out = groupEdges(graph.nodes, graph.from);
  const reach = reachFrom(graph, out);
  const deepest = reach.depth[reach.order.at(-1) ?? 0] ?? 0;
  const maxLength = options.maxLength ?? Math.max(MAX_LENGTH, 2 * deepest);
  if (!(maxLength >= 1)) throw new RangeError(`A path's longest length must be 1 or more, not ${maxLength}.`);
  const walks = decompose(graph, out, reach, extra, maxLength);

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
