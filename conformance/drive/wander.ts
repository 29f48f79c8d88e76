import type { Probe, Probes } from "./items.js";
import { forbiddenIn } from "./probes.js";
import type { Graph } from "./track.js";

/** Steps on walks, at least and at most; between them as many as the paths have. */
const LEAST = 200;
const MOST = 20_000;
/** The longest walk, in steps. They end anywhere, so that the next one begins after all kinds of states. */
const LONGEST = 40;
/** So many steps that aren't allowed are asked for in a state that a walk comes to. */
const ASKED = 2;

/** Walks, as paths of the graph, and what to ask for in vain on them. */
export interface Wandering {
  readonly paths: readonly (readonly number[])[];
  readonly probes: Probes;
}

/**
 * Walks through a graph whose every edge has been taken, for what an implementation has in it and does not show: the
 * paths take each edge once and look at the words behind it, so a wrong state that looks right is seen only if a later
 * step of the same path gives it away. A walk goes on with the edge that has followed the last one least often, so that
 * soon each edge has been taken behind each other one. And what is left over from one walk meets the next. The same for
 * the same graph. Empty where what is asked for does not settle what comes next.
 */
export function wander(graph: Graph): Wandering {
  const { plan } = graph;
  if (!graph.settled) return { paths: [], probes: () => [] };
  const random = randomFrom(1);
  const followed = new Map<string, number>();
  const edgesTaken = new Uint32Array(plan.edges.length);
  const steps = plan.paths.reduce((sum, path) => sum + path.length, 0);
  const paths: number[][] = [];
  for (let left = Math.min(MOST, Math.max(LEAST, steps)), begun = 0; left > 0; begun++) {
    let state = plan.initial[begun % plan.initial.length] ?? 0;
    let last = -1 - state;
    const path: number[] = [];
    for (const length = Math.min(left, 1 + random(LONGEST)); path.length < length; ) {
      const next = rarest(graph.leaving(state), (edge) => [
        followed.get(`${last} ${edge}`) ?? 0,
        edgesTaken[edge] ?? 0,
        random(1 << 16),
      ]);
      if (next === undefined) break;
      const pair = `${last} ${next}`;
      followed.set(pair, (followed.get(pair) ?? 0) + 1);
      edgesTaken[next] = (edgesTaken[next] ?? 0) + 1;
      path.push(next);
      last = next;
      state = plan.edges[next]?.[3] ?? 0;
    }
    // One that leads nowhere takes its share, too: otherwise there would be no end.
    left -= Math.max(1, path.length);
    if (path.length > 0) paths.push(path);
  }
  return { paths, probes: askedOn(graph, paths, randomFrom(2)) };
}

/** Some of what isn't allowed, in each state that a walk comes to. */
function askedOn(
  graph: Graph,
  paths: readonly (readonly number[])[],
  random: (below: number) => number,
): Probes {
  const { edges } = graph.plan;
  const chosen = paths.map((path) =>
    path.map((edge) => {
      const all = forbiddenIn(graph, edges[edge]?.[0] ?? 0);
      const first = random(Math.max(1, all.length));
      return Array.from(
        { length: Math.min(ASKED, all.length) },
        (_, i) => all[(first + i) % all.length] as Probe,
      );
    }),
  );
  return (path, move) => chosen[path]?.[move] ?? [];
}

/** The one whose ranks are the least, compared from the first to the last. */
function rarest(edges: readonly number[], ranks: (edge: number) => readonly number[]): number | undefined {
  let best: { readonly edge: number; readonly rank: readonly number[] } | undefined;
  for (const edge of edges) {
    const rank = ranks(edge);
    const differs = rank.findIndex((one, i) => one !== best?.rank[i]);
    if (best === undefined || (differs >= 0 && (rank[differs] ?? 0) < (best.rank[differs] ?? 0)))
      best = { edge, rank };
  }
  return best?.edge;
}

/** Numbers from 0 on below a limit of at most 2^16, by a linear congruence: the same on every machine. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state >>> 16) * below) >>> 16;
  };
}
