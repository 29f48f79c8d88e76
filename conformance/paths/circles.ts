import { type Adjacency, type Graph, groupEdges } from "./graph.js";

/** Longer than any circle. */
const NEVER = 2 ** 31 - 1;

/** One of the two searches of a CircleFinder, which meet in the middle: along the edges, or against them. */
class Search {
  private readonly seen: Int32Array;
  /** Per node: the edge by which it was reached. */
  readonly via: Int32Array;
  private readonly queue: Int32Array;
  /** How many nodes it has come to, in all rounds. */
  looked = 0;
  /** It has kept away from nodes on longer circles. */
  avoided = false;
  private round = 0;
  private head = 0;
  private tail = 0;

  /**
   * @param edges of a node, those to go on by
   * @param end of an edge, the node that it leads to
   */
  constructor(
    nodes: number,
    private readonly edges: Adjacency,
    private readonly end: Int32Array,
    private readonly times: Int32Array,
    private readonly least: Int32Array,
  ) {
    this.seen = new Int32Array(nodes);
    this.via = new Int32Array(nodes);
    this.queue = new Int32Array(nodes);
  }

  begin(v: number): void {
    this.round++;
    this.avoided = false;
    this.seen[v] = this.round;
    this.queue[0] = v;
    this.head = 0;
    this.tail = 1;
  }

  has(v: number): boolean {
    return this.seen[v] === this.round;
  }

  /** How many nodes are as far away as it has come. */
  get width(): number {
    return this.tail - this.head;
  }

  /**
   * Goes one step further from all of these, but not to where no circle of at most `limit` edges passes. Returns an edge
   * to a node that the other search has, or -1.
   */
  advance(other: Search, limit: number): number {
    const { edges, end, least, queue, round, seen, times, via } = this;
    for (const last = this.tail; this.head < last; this.head++) {
      const u = queue[this.head] as number;
      for (let i = edges.first[u] as number; i < (edges.first[u + 1] as number); i++) {
        const e = edges.edges[i] as number;
        if (times[e] === 0) continue;
        const w = end[e] as number;
        if (other.has(w)) return e;
        if (seen[w] === round) continue;
        const length = least[w] as number;
        if (length > limit) {
          this.avoided ||= length !== NEVER;
          continue;
        }
        seen[w] = round;
        via[w] = e;
        this.looked++;
        queue[this.tail++] = w;
      }
    }
    return -1;
  }
}

/**
 * Finds shortest circles among the edges with `times` above 0. These numbers may only go down while it is in use: no
 * circle gets shorter then, so what one search has found out spares the later ones, or makes them narrower: a circle
 * that is short enough passes only nodes on which such a circle is still possible.
 */
export class CircleFinder {
  private readonly onward: Search;
  private readonly backward: Search;
  /** Per node: no circle through it has fewer edges than this. */
  private readonly least: Int32Array;
  /** How many searches there were. */
  searches = 0;

  constructor(
    private readonly graph: Graph,
    out: Adjacency,
    times: Int32Array,
  ) {
    const { nodes, from, to } = graph;
    this.least = new Int32Array(nodes).fill(1);
    this.onward = new Search(nodes, out, to, times, this.least);
    this.backward = new Search(nodes, groupEdges(nodes, to), from, times, this.least);
  }

  /** How many nodes all searches have come to. */
  get looked(): number {
    return this.onward.looked + this.backward.looked;
  }

  /**
   * A shortest circle through v of at most `limit` edges. Two searches take turns, the narrower one next: each sees all
   * nodes that are as near as it has come, so the first edge on which they meet is in the middle of a shortest one.
   */
  shortest(v: number, limit: number): number[] | undefined {
    const { onward, backward, least } = this;
    if ((least[v] as number) > limit) return undefined;
    this.searches++;
    onward.begin(v);
    backward.begin(v);
    let length = 1;
    for (; length <= limit && onward.width > 0 && backward.width > 0; length++) {
      const narrower = onward.width <= backward.width ? onward : backward;
      const meeting = narrower.advance(narrower === onward ? backward : onward, limit);
      if (meeting < 0) continue;
      least[v] = length;
      return this.circle(v, meeting);
    }
    // Where one of them has nowhere to go, and has kept away from nothing, there is no circle, and there will be none.
    const isNever = [onward, backward].some(({ width, avoided }) => width === 0 && !avoided);
    least[v] = isNever ? NEVER : limit + 1;
    return undefined;
  }

  private circle(v: number, meeting: number): number[] {
    const { from, to } = this.graph;
    const circle: number[] = [];
    for (let x = from[meeting] as number; x !== v; ) {
      const e = this.onward.via[x] as number;
      circle.push(e);
      x = from[e] as number;
    }
    circle.reverse().push(meeting);
    for (let x = to[meeting] as number; x !== v; ) {
      const e = this.backward.via[x] as number;
      circle.push(e);
      x = to[e] as number;
    }
    return circle;
  }
}
