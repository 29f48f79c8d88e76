import { CircleFinder } from "./circles.js";
import { type Adjacency, type Graph, GraphError, type Reach, shortestPath } from "./graph.js";
import { Leftover } from "./leftover.js";

/**
 * Splits the flow into walks from initial nodes. First come the walks that the flow's starts and ends require, without
 * circles; then circles are put into walks that pass them and have room for them (at most `maxLength` steps); the
 * remaining circles are walked in one go, after a shortest path to them.
 */
export function decompose(
  graph: Graph,
  out: Adjacency,
  reach: Reach,
  extra: Int32Array,
  maxLength: number,
): number[][] {
  const left = new Leftover(graph, out, extra, reach);
  const circles = new CircleFinder(graph, out, left.times);
  const walks = straightWalks(graph, left).map((walk) => fill(graph, walk, left, circles, maxLength));
  for (const v of reach.order) {
    if (left.has(v)) walks.push([...shortestPath(graph, reach, v), ...eulerCircuit(graph, left, v)]);
  }
  return walks;
}

/** Walks without circles, from where more edges leave to where more arrive; all that stays behind is balanced. */
function straightWalks(graph: Graph, left: Leftover): number[][] {
  const { from, to, nodes } = graph;
  const surplus = new Int32Array(nodes);
  for (let e = 0; e < from.length; e++) {
    const times = left.times[e] as number;
    surplus[from[e] as number] = (surplus[from[e] as number] as number) + times;
    surplus[to[e] as number] = (surplus[to[e] as number] as number) - times;
  }
  const position = new Int32Array(nodes).fill(-1);
  const circles: number[] = [];
  const walks: number[][] = [];
  for (const start of new Set(graph.initial)) {
    for (; (surplus[start] as number) > 0; surplus[start] = (surplus[start] as number) - 1) {
      const walk: number[] = [];
      let at = start;
      position[start] = 0;
      while ((surplus[at] as number) >= 0) {
        if (!left.has(at))
          throw new GraphError(`The extra walks don't fit the graph: node ${at} is a dead end.`);
        const e = left.take(at, walk.at(-1));
        walk.push(e);
        at = to[e] as number;
        const circleFrom = position[at] as number;
        if (circleFrom === -1) {
          position[at] = walk.length;
          continue;
        }
        for (const c of walk.splice(circleFrom)) {
          circles.push(c);
          if (to[c] !== at) position[to[c] as number] = -1;
        }
      }
      surplus[at] = (surplus[at] as number) + 1;
      position[start] = -1;
      for (const e of walk) position[to[e] as number] = -1;
      walks.push(walk);
    }
  }
  for (const e of circles) left.putBack(e);
  return walks;
}

/** A walk with circles put in while it stays within the limit, at its last nodes first: the deep ones are expensive. */
function fill(
  graph: Graph,
  straight: number[],
  left: Leftover,
  circles: CircleFinder,
  maxLength: number,
): number[] {
  let walk = straight;
  for (let k = walk.length; k >= 0 && walk.length < maxLength; k--) {
    const v = (k < walk.length ? graph.from[walk[k] as number] : graph.to[walk[k - 1] as number]) as number;
    if (!left.has(v)) continue;
    const circle = circles.shortest(v, maxLength - walk.length);
    if (!circle) continue;
    for (const e of circle) left.times[e] = (left.times[e] as number) - 1;
    walk = walk.slice(0, k).concat(circle, walk.slice(k));
    // Look at the circle's own nodes as well, and at v again.
    k += circle.length + 1;
  }
  return walk;
}

/** Everything left that is connected to v, as one circuit (Hierholzer). */
function eulerCircuit(graph: Graph, left: Leftover, v: number): number[] {
  const stack: number[] = [];
  const circuit: number[] = [];
  let at = v;
  while (true) {
    if (left.has(at)) {
      const e = left.take(at, stack.at(-1));
      stack.push(e);
      at = graph.to[e] as number;
      continue;
    }
    const e = stack.pop();
    if (e === undefined) return circuit.reverse();
    circuit.push(e);
    at = graph.from[e] as number;
  }
}
