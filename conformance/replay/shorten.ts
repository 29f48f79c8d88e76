import type { Plan } from "../contract/plan.js";
import type { ReplayFailure, ReplayResult } from "../contract/result.js";
import { type Graph, groupEdges, type Reach, reachFrom, shortestPath } from "../paths/graph.js";

/** A failure, and the edges that lead to it: the last is the step that failed, unless that was asked for in vain. */
export interface Trail {
  readonly failure: ReplayFailure;
  readonly edges: readonly number[];
}

/** Drives an implementation along a plan. */
export type Replay = (plan: Plan) => Promise<ReplayResult>;

/** The edges of a failure's path, up to where it failed. */
export function wholeTrail(plan: Plan, failure: ReplayFailure): Trail {
  const moves = failure.probe === undefined ? failure.move + 1 : failure.move;
  return { failure, edges: (failure.along ?? plan.paths[failure.path] ?? []).slice(0, Math.max(0, moves)) };
}

/**
 * A shorter way to the same failure, tried on the implementation: the shortest path of the graph to where it failed, or
 * else the path without the circles in it, or else as few of its last steps as show it, behind the shortest path to
 * where they begin: what is wrong may have been so for some time. The path itself, if none of these fails; and if it
 * does not fail either when it is driven alone, the failure says so. At last, the nearest state in which the same step
 * fails, too: paths that take every edge come to a bug late, and by a state that has little to do with it.
 */
export async function shorten(plan: Plan, failure: ReplayFailure, replay: Replay): Promise<Trail> {
  return nearest(plan, await shortenTo(plan, failure, replay), replay);
}

/** More of them are not tried: each takes the implementation a fresh start. */
const MOST_TRIED = 200;

/** The shortest of the ways that end in the step of a trail, in whatever state, and fail as the trail does. */
async function nearest(plan: Plan, trail: Trail, replay: Replay): Promise<Trail> {
  const { kind, step, lane, probe, message } = trail.failure;
  // A hang takes seconds each time, and what does not fail alone would not do so here.
  if (probe !== undefined || kind === "hang" || message.endsWith(NOT_ALONE)) return trail;
  let best = trail;
  let ways = waysToStep(plan, trail.edges);
  while (ways.length > 0) {
    const { failure } = await replay({ ...plan, paths: ways });
    const edges = ways[failure?.path ?? -1];
    if (failure === undefined || edges === undefined || failure.walk) return best;
    // Several processes share the ways: a shorter one may not have had its turn. And each has to fail alone.
    ways = ways.slice(0, failure.path);
    if (failure.move !== edges.length - 1) continue;
    const { failure: again } = await replay({ ...plan, paths: [edges] });
    if (again?.kind === kind && again.step === step && again.lane === lane && again.probe === undefined)
      best = wholeTrail({ ...plan, paths: [edges] }, again);
  }
  return best;
}

/** The shortest way to each edge that takes the step of a trail's last one, if it is shorter than that. */
function waysToStep(plan: Plan, trail: readonly number[]): number[][] {
  const [, lane, step] = plan.edges[trail.at(-1) ?? -1] ?? [];
  if (step === undefined) return [];
  const { graph, reach } = reachOf(plan);
  const depth = (edge: number): number => reach.depth[graph.from[edge] ?? -1] ?? -1;
  return [...plan.edges.keys()]
    .filter((edge) => plan.edges[edge]?.[1] === lane && plan.edges[edge]?.[2] === step)
    .filter((edge) => depth(edge) >= 0 && depth(edge) + 1 < trail.length)
    .toSorted((a, b) => depth(a) - depth(b))
    .slice(0, MOST_TRIED)
    .map((edge) => [...shortestPath(graph, reach, graph.from[edge] ?? 0), edge]);
}

async function shortenTo(plan: Plan, failure: ReplayFailure, replay: Replay): Promise<Trail> {
  const whole = wholeTrail(plan, failure);
  const last = failure.probe === undefined ? whole.edges.at(-1) : undefined;
  const target = last === undefined ? endOf(plan, whole.edges) : (plan.edges[last]?.[0] ?? 0);
  const tail = last === undefined ? [] : [last];
  const candidates = [
    [...shortestTo(plan, target), ...tail],
    withoutCircles(plan, whole.edges),
    ...lastSteps(plan, whole.edges, tail.length),
  ].filter((edges) => edges.length > 0 && edges.length < whole.edges.length);
  for (const edges of [...candidates.toSorted((a, b) => a.length - b.length), whole.edges]) {
    const { failure: again, interrupted } = await replay({ ...plan, paths: [edges] });
    if (again?.kind === failure.kind && again.step === failure.step && again.lane === failure.lane)
      return edges === whole.edges ? whole : wholeTrail({ ...plan, paths: [edges] }, again);
    if (interrupted) return whole;
    if (edges === whole.edges && again === undefined)
      return { ...whole, failure: { ...failure, message: `${failure.message}${NOT_ALONE}` } };
  }
  return whole;
}

/** A failure that its own path does not show, in an implementation that has just been started. */
const NOT_ALONE =
  " (not when this path is driven alone: something is left over from one before it, or time decides)";

/** The last 2, 4, 8 ... steps of a way, each behind the shortest path to where they begin. */
function lastSteps(plan: Plan, edges: readonly number[], least: number): number[][] {
  const ways: number[][] = [];
  for (let length = 2; length < edges.length; length *= 2) {
    const last = edges.slice(-length);
    if (length > least) ways.push([...shortestTo(plan, plan.edges[last[0] ?? 0]?.[0] ?? 0), ...last]);
  }
  return ways;
}

function endOf(plan: Plan, edges: readonly number[]): number {
  const last = edges.at(-1);
  return last === undefined ? (plan.initial[0] ?? 0) : (plan.edges[last]?.[3] ?? 0);
}

/** The edges of a shortest path from an initial state. */
function shortestTo(plan: Plan, target: number): number[] {
  const { graph, reach } = reachOf(plan);
  return shortestPath(graph, reach, target);
}

function reachOf({ states, initial, edges }: Plan): { readonly graph: Graph; readonly reach: Reach } {
  const graph = {
    nodes: states.length,
    initial,
    from: Int32Array.from(edges, ([from]) => from),
    to: Int32Array.from(edges, ([, , , to]) => to),
  };
  return { graph, reach: reachFrom(graph, groupEdges(graph.nodes, graph.from)) };
}

function withoutCircles(plan: Plan, edges: readonly number[]): number[] {
  const [first] = edges;
  if (first === undefined) return [];
  // Its last edge is what failed: it stays.
  const kept: number[] = [];
  const at = new Map<number, number>([[plan.edges[first]?.[0] ?? 0, 0]]);
  for (const edge of edges.slice(0, -1)) {
    kept.push(edge);
    const to = plan.edges[edge]?.[3] ?? 0;
    const before = at.get(to);
    if (before === undefined) {
      at.set(to, kept.length);
      continue;
    }
    for (const gone of kept.splice(before)) at.delete(plan.edges[gone]?.[3] ?? 0);
    at.set(to, before);
  }
  return [...kept, edges.at(-1) ?? first];
}
