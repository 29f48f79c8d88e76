import { checkGraph, type Graph, groupEdges, reachFrom, shortestPath } from "./graph.js";
import type { Cover } from "./verify.js";

/**
 * The cover to compare with: walk to the nearest uncovered edge until the path is `cap` steps long, then begin
 * again at an initial node. Only an edge too deep for the cap makes a longer path (a shortest one, to that edge).
 */
export function baseline(graph: Graph, { cap }: { readonly cap: number }): Cover {
  checkGraph(graph);
  const { from, to } = graph;
  const out = groupEdges(graph.nodes, from);
  const reach = reachFrom(graph, out);
  // The next uncovered edge of each node: a node's edges are taken in order, so one index is enough.
  const next = out.first.slice(0, graph.nodes);
  const open = (v: number) => (next[v] as number) < (out.first[v + 1] as number);

  const seen = new Int32Array(graph.nodes);
  const via = new Int32Array(graph.nodes);
  const queue = new Int32Array(graph.nodes);
  let round = 0;
  /** Edges from `start` to the nearest node with an uncovered edge, at most `limit` of them. */
  const approach = (start: number, limit: number): number[] | undefined => {
    round++;
    seen[start] = round;
    via[start] = -1;
    queue[0] = start;
    let tail = 1;
    let levelEnd = 1;
    let level = 0;
    for (let head = 0; head < tail; head++) {
      if (head === levelEnd) {
        level++;
        levelEnd = tail;
      }
      const u = queue[head] as number;
      if (open(u)) {
        const path: number[] = [];
        for (let e = via[u] as number; e !== -1; e = via[from[e] as number] as number) path.push(e);
        return path.reverse();
      }
      if (level === limit) continue;
      for (let i = out.first[u] as number; i < (out.first[u + 1] as number); i++) {
        const e = out.edges[i] as number;
        const v = to[e] as number;
        if (seen[v] === round) continue;
        seen[v] = round;
        via[v] = e;
        queue[tail++] = v;
      }
    }
    return undefined;
  };

  const paths: Int32Array[] = [];
  let steps = 0;
  for (const nearest of reach.order) {
    while (open(nearest)) {
      const path: number[] = [];
      let way: number[] | undefined = shortestPath(graph, reach, nearest);
      let at = nearest;
      while (way) {
        for (const e of way) path.push(e);
        if (way.length > 0) at = to[way.at(-1) as number] as number;
        const e = out.edges[next[at] as number] as number;
        next[at] = (next[at] as number) + 1;
        path.push(e);
        at = to[e] as number;
        way = path.length < cap ? approach(at, cap - path.length - 1) : undefined;
      }
      steps += path.length;
      paths.push(Int32Array.from(path));
    }
  }
  return { paths, steps, covered: reach.edges, reachableEdges: reach.edges };
}
