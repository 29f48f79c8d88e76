import { type Graph, type Reach, shortestPath } from "./graph.js";

/** One path weighs less than one step, so that steps decide and paths break ties. */
const STEP = 2 ** 21;

/**
 * Cuts a walk from an initial node into paths of at most `maxLength` steps at the places where this costs the fewest
 * steps: each path but the first begins with a shortest path to where it resumes the walk, and edges that needn't be
 * walked (`needed` is false for their position) may fall into a gap. A needed edge that is too deep for the limit gets
 * a path of its own, a shortest one. Exact, for the walk given: dynamic programming from its end.
 */
export function cutWalk(
  graph: Graph,
  reach: Reach,
  walk: readonly number[],
  needed: (position: number) => boolean,
  maxLength: number,
): number[][] {
  const length = walk.length;
  // cost[i]: the cost of covering the needed edges from position i on, when a path begins there or later.
  const cost = new Float64Array(length + 1);
  const begin = new Int32Array(length + 1).fill(length);
  const end = new Int32Array(length + 1);
  // Candidates for the end of a path: from the top down, later positions that are cheaper to end at.
  const candidates: number[] = [];
  const price = (j: number) => j * STEP + (cost[j] as number);
  for (let i = length - 1; i >= 0; i--) {
    while (candidates.length > 0 && price(candidates[candidates.length - 1] as number) >= price(i + 1))
      candidates.pop();
    candidates.push(i + 1);
    cost[i] = cost[i + 1] as number;
    begin[i] = begin[i + 1] as number;
    if (!needed(i)) continue;
    const depth = reach.depth[graph.from[walk[i] as number] as number] as number;
    const furthest = i + Math.max(1, maxLength - depth);
    let low = 0;
    let high = candidates.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((candidates[middle] as number) <= furthest) high = middle;
      else low = middle + 1;
    }
    const j = candidates[low] as number;
    cost[i] = price(j) - i * STEP + depth * STEP + 1;
    begin[i] = i;
    end[i] = j;
  }

  const paths: number[][] = [];
  for (let i = begin[0] as number; i < length; i = begin[end[i] as number] as number) {
    const start = graph.from[walk[i] as number] as number;
    paths.push([...shortestPath(graph, reach, start), ...walk.slice(i, end[i])]);
  }
  return paths;
}
