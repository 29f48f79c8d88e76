import type { Flow } from "./flow.js";
import { type Adjacency, type Graph, type Reach, shortestPath } from "./graph.js";

/** How many edges are looked at to find one of the same owner: a hub may have thousands. */
const OWNER_LOOKAHEAD = 16;

/** The edges still to walk, each as often as the flow says. */
class Leftover {
  readonly times: Int32Array;
  private readonly next: Int32Array;

  constructor(
    private readonly graph: Graph,
    private readonly out: Adjacency,
    flow: Flow,
    reach: Reach,
  ) {
    this.times = new Int32Array(graph.from.length);
    for (let e = 0; e < this.times.length; e++) {
      if (reach.depth[graph.from[e] as number] !== -1) this.times[e] = 1 + (flow.extra[e] as number);
    }
    this.next = out.first.slice(0, graph.nodes);
  }

  /** Whether an edge is left that leaves node v. */
  has(v: number): boolean {
    const end = this.out.first[v + 1] as number;
    let i = this.next[v] as number;
    while (i < end && this.times[this.out.edges[i] as number] === 0) i++;
    this.next[v] = i;
    return i < end;
  }

  /** Takes an edge that leaves v, if `has(v)`: the first one, or one of the owner of the edge before. */
  take(v: number, before: number | undefined): number {
    const { owner } = this.graph;
    const start = this.next[v] as number;
    let choice = this.out.edges[start] as number;
    if (owner && before !== undefined && owner[choice] !== owner[before]) {
      const end = Math.min(this.out.first[v + 1] as number, start + OWNER_LOOKAHEAD);
      for (let i = start + 1; i < end; i++) {
        const e = this.out.edges[i] as number;
        if (owner[e] === owner[before] && (this.times[e] as number) > 0) {
          choice = e;
          break;
        }
      }
    }
    this.times[choice] = (this.times[choice] as number) - 1;
    return choice;
  }

  /** Gives an edge back. */
  putBack(e: number): void {
    const u = this.graph.from[e] as number;
    this.times[e] = (this.times[e] as number) + 1;
    this.next[u] = this.out.first[u] as number;
  }
}

/**
 * Takes the flow apart into walks from initial nodes. First come the walks that the flow's starts and ends ask
 * for, without a circle in them; then circles are put into walks that pass them and have room for them (at most
 * `maxLength` steps); what is left of the circles is walked in one go, behind a shortest path to them.
 */
export function decompose(
  graph: Graph,
  out: Adjacency,
  reach: Reach,
  flow: Flow,
  maxLength: number,
): number[][] {
  const left = new Leftover(graph, out, flow, reach);
  const walks = straightWalks(graph, left);
  const circles = new CircleFinder(graph, out, left.times);
  for (const walk of walks) fill(graph, walk, left, circles, maxLength);
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
          throw new Error(`The flow is not balanced at node ${at}: a fault of cheapestFlow.`);
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

/** Puts circles into a walk while it stays within the limit, at its last nodes first: the deep ones are dear. */
function fill(graph: Graph, walk: number[], left: Leftover, circles: CircleFinder, maxLength: number): void {
  for (let k = walk.length; k >= 0; k--) {
    const v = (k < walk.length ? graph.from[walk[k] as number] : graph.to[walk[k - 1] as number]) as number;
    if (walk.length >= maxLength) return;
    if (!left.has(v)) continue;
    const circle = circles.shortest(v, maxLength - walk.length);
    if (!circle) continue;
    for (const e of circle) left.times[e] = (left.times[e] as number) - 1;
    walk.splice(k, 0, ...circle);
    // Look at the circle's own nodes as well, and at v again.
    k += circle.length + 1;
  }
}

/** All that is left and hangs together with v, as one circuit (Hierholzer). */
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

/** Finds shortest circles among the edges with `times` above 0. */
class CircleFinder {
  private readonly seen: Int32Array;
  private readonly via: Int32Array;
  private readonly queue: Int32Array;
  private round = 0;

  constructor(
    private readonly graph: Graph,
    private readonly out: Adjacency,
    private readonly times: Int32Array,
  ) {
    this.seen = new Int32Array(graph.nodes);
    this.via = new Int32Array(graph.nodes);
    this.queue = new Int32Array(graph.nodes);
  }

  /** A shortest circle through v of at most `limit` edges. */
  shortest(v: number, limit: number): number[] | undefined {
    const { from, to } = this.graph;
    const { out, queue, seen, via } = this;
    this.round++;
    seen[v] = this.round;
    queue[0] = v;
    let tail = 1;
    let levelEnd = 1;
    let level = 0;
    for (let head = 0; head < tail; head++) {
      if (head === levelEnd) {
        level++;
        levelEnd = tail;
      }
      if (level >= limit) return undefined;
      const u = queue[head] as number;
      for (let i = out.first[u] as number; i < (out.first[u + 1] as number); i++) {
        const e = out.edges[i] as number;
        if (this.times[e] === 0) continue;
        const w = to[e] as number;
        if (w === v) {
          const circle = [e];
          for (let x = u; x !== v; ) {
            const back = via[x] as number;
            circle.push(back);
            x = from[back] as number;
          }
          return circle.reverse();
        }
        if (seen[w] === this.round) continue;
        seen[w] = this.round;
        via[w] = e;
        queue[tail++] = w;
      }
    }
    return undefined;
  }
}
