import { startOf } from "../contract/plan.js";
import type { Probe, Probes } from "./items.js";
import type { Graph } from "./track.js";

/**
 * What to ask for in vain on a path before a move: in each state, where a path first comes to it, each refusable step that
 * the specification doesn't allow there.
 */
export function probesOf(graph: Graph): Probes {
  const { plan } = graph;
  if (plan.refusable.length === 0) return () => [];
  const seen = new Uint8Array(plan.states.length);
  /** By path: the moves before which a state is new, and the state. */
  const fresh = plan.paths.map((edges, path) => {
    const states = new Map<number, number>();
    const visit = (state: number, move: number): void => {
      if (seen[state] === 0) states.set(move, state);
      seen[state] = 1;
    };
    visit(startOf(plan, path), 0);
    for (const [i, edge] of edges.entries()) visit(plan.edges[edge]?.[3] ?? 0, i + 1);
    return states;
  });
  return (path, move) => {
    const state = fresh[path]?.get(move);
    return state === undefined ? [] : forbiddenIn(graph, state);
  };
}

/** The refusable steps that the specification doesn't allow in a state. */
export function forbiddenIn(graph: Graph, state: number): Probe[] {
  return graph.plan.refusable
    .filter(([lane, step]) => graph.after([state], lane, step).size === 0)
    .map(([lane, step]) => ({ lane, step }));
}
