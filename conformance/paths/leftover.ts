import type { Adjacency, Graph, Reach } from "./graph.js";

/** How many edges to examine to find one of the same owner: a hub may have thousands. */
const OWNER_LOOKAHEAD = 16;

/** The edges still to walk, each as often as the flow says. */
export class Leftover {
  readonly times: Int32Array;
  private readonly next: Int32Array;

  constructor(
    private readonly graph: Graph,
    private readonly out: Adjacency,
    extra: Int32Array,
    reach: Reach,
  ) {
    this.times = new Int32Array(graph.from.length);
    for (let e = 0; e < this.times.length; e++) {
      if (reach.depth[graph.from[e] as number] !== -1) this.times[e] = 1 + (extra[e] as number);
    }
    this.next = out.first.slice(0, graph.nodes);
  }

  /** Whether an edge out of node v is left. */
  has(v: number): boolean {
    const end = this.out.first[v + 1] as number;
    let i = this.next[v] as number;
    while (i < end && this.times[this.out.edges[i] as number] === 0) i++;
    this.next[v] = i;
    return i < end;
  }

  /** Takes an edge out of v, if `has(v)`: the first one, or one with the owner of the previous edge. */
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
