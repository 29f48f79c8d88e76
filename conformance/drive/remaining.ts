import type { Plan } from "../contract/plan.js";
import { type Edges, SURE } from "./walk.js";

/** Beyond this many moves a path looks for no further edge: the implementation may leave it at any of them. */
const LONG = 60;

/**
 * Paths for the edges that nobody has taken yet, where the implementation's choices so far don't stand in the way: each
 * goes to the nearest of them, and on to the next. Empty when none is left.
 */
export function remainingPaths(plan: Plan, { taken, declined, passed }: Edges): number[][] {
  const out: number[][] = plan.states.map(() => []);
  plan.edges.forEach(([from, , step], edge) => {
    if (declined[edge] === SURE) return;
    // In a state that the implementation doesn't stay in, it can be asked for nothing.
    if (passed[from] === SURE && plan.steps[step]?.hidden === undefined) return;
    out[from]?.push(edge);
  });
  const open = taken.map((one) => (one === 0 ? 1 : 0));
  const paths: number[][] = [];
  for (;;) {
    const path = nearest(plan, out, open, plan.initial);
    if (path === undefined) return paths;
    for (;;) {
      for (const edge of path) open[edge] = 0;
      if (path.length >= LONG) break;
      const more = nearest(plan, out, open, [plan.edges[path.at(-1) ?? 0]?.[3] ?? 0]);
      if (more === undefined || path.length + more.length > 2 * LONG) break;
      path.push(...more);
    }
    paths.push(path);
  }
}

/** The shortest way from some states that takes an open edge with its last move. */
function nearest(
  plan: Plan,
  out: readonly (readonly number[])[],
  open: Uint8Array,
  from: readonly number[],
): number[] | undefined {
  const came = new Map<number, number>(from.map((state) => [state, -1]));
  for (const [state] of came)
    for (const edge of out[state] ?? []) {
      if (open[edge] === 1) return wayTo(plan, came, edge);
      const to = plan.edges[edge]?.[3] ?? 0;
      if (!came.has(to)) came.set(to, edge);
    }
  return undefined;
}

function wayTo(plan: Plan, came: ReadonlyMap<number, number>, last: number): number[] {
  const way = [last];
  for (let state = plan.edges[last]?.[0] ?? 0; ; ) {
    const before = came.get(state) ?? -1;
    if (before < 0) return way.reverse();
    way.push(before);
    state = plan.edges[before]?.[0] ?? 0;
  }
}
