/** A directed multigraph with initial nodes: a state graph without its states. Edge e goes from[e] -> to[e]. */
export interface Graph {
  /** Nodes are 0 .. nodes-1. */
  readonly nodes: number;
  /** Where a path may start. Duplicates are harmless. */
  readonly initial: readonly number[];
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Who performs each edge (a thread, say): among equally good edges the previous edge's owner is preferred. */
  readonly owner?: Uint8Array;
}

/** A graph whose arrays contradict each other. */
export class GraphError extends Error {
  override readonly name = "GraphError";
}

/** Edges grouped by a node: those of node v are edges[first[v]] .. edges[first[v + 1] - 1], by rising id. */
export interface Adjacency {
  readonly first: Int32Array;
  readonly edges: Int32Array;
}

/** How each node is reached from the initial nodes. */
export interface Reach {
  /** Steps of a shortest path from an initial node; -1 where there is none. */
  readonly depth: Int32Array;
  /** The last edge of that path; -1 at initial and unreachable nodes. */
  readonly parent: Int32Array;
  /** The reachable nodes by rising depth. */
  readonly order: Int32Array;
  /** The edges that leave reachable nodes: those that a cover has to cover. */
  readonly edges: number;
}

/** Throws a GraphError when an edge or an initial node names a node that isn't there. */
export function checkGraph(graph: Graph): void {
  const { nodes, from, to, owner } = graph;
  if (!Number.isInteger(nodes) || nodes < 0) throw new GraphError(`A graph can't have ${nodes} nodes.`);
  if (from.length !== to.length) {
    throw new GraphError(
      `The graph has ${from.length} edge starts but ${to.length} edge ends; give one each per edge.`,
    );
  }
  if (owner && owner.length !== from.length) {
    throw new GraphError(
      `The graph has ${from.length} edges but ${owner.length} owners; give one per edge or none.`,
    );
  }
  const inside = (node: number) => Number.isInteger(node) && node >= 0 && node < nodes;
  for (let e = 0; e < from.length; e++) {
    const u = from[e] as number;
    const v = to[e] as number;
    if (!inside(u) || !inside(v)) {
      throw new GraphError(`Edge ${e} goes from ${u} to ${v}, but the graph's nodes are 0 to ${nodes - 1}.`);
    }
  }
  for (const node of graph.initial) {
    if (!inside(node))
      throw new GraphError(`Initial node ${node} is not one of the nodes 0 to ${nodes - 1}.`);
  }
}

/** Groups edges by `end` (a graph's `from` or `to`), in order of their ids. */
export function groupEdges(nodes: number, end: Int32Array): Adjacency {
  const first = new Int32Array(nodes + 1);
  for (const node of end) first[node + 1] = (first[node + 1] as number) + 1;
  for (let v = 0; v < nodes; v++) first[v + 1] = (first[v + 1] as number) + (first[v] as number);
  const next = first.slice();
  const edges = new Int32Array(end.length);
  for (let e = 0; e < end.length; e++) {
    const v = end[e] as number;
    edges[next[v] as number] = e;
    next[v] = (next[v] as number) + 1;
  }
  return { first, edges };
}

/** Breadth first from all initial nodes together. */
export function reachFrom(graph: Graph, out: Adjacency): Reach {
  const depth = new Int32Array(graph.nodes).fill(-1);
  const parent = new Int32Array(graph.nodes).fill(-1);
  const queue = new Int32Array(graph.nodes);
  let tail = 0;
  let edges = 0;
  for (const node of graph.initial) {
    if (depth[node] !== -1) continue;
    depth[node] = 0;
    queue[tail++] = node;
  }
  for (let head = 0; head < tail; head++) {
    const u = queue[head] as number;
    for (let i = out.first[u] as number; i < (out.first[u + 1] as number); i++) {
      const e = out.edges[i] as number;
      const v = graph.to[e] as number;
      edges++;
      if (depth[v] !== -1) continue;
      depth[v] = (depth[u] as number) + 1;
      parent[v] = e;
      queue[tail++] = v;
    }
  }
  return { depth, parent, order: queue.slice(0, tail), edges };
}

/** The edges of a shortest path from an initial node to `node`, which must be reachable. */
export function shortestPath(graph: Graph, reach: Reach, node: number): number[] {
  const path: number[] = [];
  let v = node;
  for (let e = reach.parent[v] as number; e !== -1; e = reach.parent[v] as number) {
    path.push(e);
    v = graph.from[e] as number;
  }
  return path.reverse();
}
