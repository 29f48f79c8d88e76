import type { Adjacency, Graph } from "./graph.js";

/** Finds shortest circles among the edges with `times` above 0. */
export class CircleFinder {
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
