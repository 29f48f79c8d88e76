import type { Graph } from "./graph.js";

/** Paths through a graph and what they claim to cover; `verifyCover` checks the claim. */
export interface Cover {
  /** Edge ids. Each path starts at an initial node: from[path[0]]. */
  readonly paths: readonly Int32Array[];
  /** The sum of the paths' lengths. */
  readonly steps: number;
  /** How many of the reachable edges lie on a path. */
  readonly covered: number;
  readonly reachableEdges: number;
}

/** A cover that doesn't do what it says: what is wrong, at which path, step or edge. */
export class CoverError extends Error {
  override readonly name = "CoverError";
}

/**
 * Checks a cover without trusting how it was made: each path is a walk of the graph from an initial node, each
 * reachable edge lies on one, and the numbers are true. Throws a CoverError for the first fault.
 */
export function verifyCover(graph: Graph, cover: Cover): void {
  const { from, to } = graph;
  const initial = new Set(graph.initial);
  const covered = new Set<number>();
  let steps = 0;
  for (const [p, path] of cover.paths.entries()) {
    if (path.length === 0) throw new CoverError(`Path ${p} is empty; drop it.`);
    let at: number | undefined;
    for (const [s, e] of path.entries()) {
      if (e < 0 || e >= from.length) throw new CoverError(`Path ${p}, step ${s}: there is no edge ${e}.`);
      const start = from[e] as number;
      if (at === undefined && !initial.has(start)) {
        throw new CoverError(`Path ${p} starts at node ${start}, which is not an initial node.`);
      }
      if (at !== undefined && at !== start) {
        throw new CoverError(
          `Path ${p}, step ${s}: edge ${e} leaves node ${start}, but the path is at node ${at}.`,
        );
      }
      at = to[e] as number;
      covered.add(e);
    }
    steps += path.length;
  }

  const reachable = reachableEdges(graph);
  const missing = reachable.filter((e) => !covered.has(e));
  if (missing.length > 0) {
    const e = missing[0] as number;
    throw new CoverError(
      `${missing.length} of ${reachable.length} reachable edges lie on no path; the first is edge ${e}, from node ${from[e]} to node ${to[e]}.`,
    );
  }
  if (cover.steps !== steps)
    throw new CoverError(`The cover says ${cover.steps} steps; its paths have ${steps}.`);
  if (cover.covered !== covered.size) {
    throw new CoverError(`The cover says ${cover.covered} edges covered; its paths cover ${covered.size}.`);
  }
  if (cover.reachableEdges !== reachable.length) {
    throw new CoverError(
      `The cover says ${cover.reachableEdges} reachable edges; the graph has ${reachable.length}.`,
    );
  }
}

/** By a fixed point over the bare edge list: deliberately shares no code with what it checks. */
function reachableEdges(graph: Graph): number[] {
  const leaving = new Map<number, number[]>();
  for (const [e, u] of graph.from.entries()) {
    const edges = leaving.get(u);
    if (edges) edges.push(e);
    else leaving.set(u, [e]);
  }
  const reached = new Set(graph.initial);
  const edges: number[] = [];
  // A Set hands out what is added to it while it is iterated.
  for (const u of reached) {
    for (const e of leaving.get(u) ?? []) {
      edges.push(e);
      reached.add(graph.to[e] as number);
    }
  }
  return edges.sort((a, b) => a - b);
}
