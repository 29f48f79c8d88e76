import { type Adjacency, type Graph, groupEdges, type Reach } from "./graph.js";

/** How often to walk each edge so that all can be walked in one go, at the least cost. */
export interface Flow {
  /** Walks beyond the first, per edge. */
  readonly extra: Int32Array;
  /** Prices, per node, that prove the flow cheapest: see `certifiedSteps`. */
  readonly potential: Int32Array;
}

const FAR = 0x3fffffff;

/**
 * The cheapest way to balance the graph. Each reachable edge is walked once; walks begin at initial nodes and end
 * anywhere. A node that more edges leave than enter needs extra arrivals: initial nodes supply any number of them, a
 * node that more edges enter than leave supplies its surplus, and each step on the way costs 1.
 *
 * Primal-dual: as long as a node is in need, find the distance to the nearest one (Dial's buckets on reduced costs),
 * then send as much as fits along shortest ways (Dinic's blocking flows). Distances are small integers, so there are
 * few such phases.
 */
export function cheapestFlow(graph: Graph, out: Adjacency, reach: Reach): Flow {
  const { nodes, from, to } = graph;
  const into = groupEdges(nodes, to);
  const extra = new Int32Array(from.length);
  const potential = new Int32Array(nodes);
  const supply = new Int32Array(nodes);
  const need = new Int32Array(nodes);
  let needed = 0;
  for (const u of reach.order) {
    for (let i = out.first[u] as number; i < (out.first[u + 1] as number); i++) {
      const v = to[out.edges[i] as number] as number;
      supply[v] = (supply[v] as number) + 1;
    }
  }
  for (const v of reach.order) {
    const surplus = (supply[v] as number) - ((out.first[v + 1] as number) - (out.first[v] as number));
    supply[v] = Math.max(0, surplus);
    need[v] = Math.max(0, -surplus);
  }
  for (const v of graph.initial) {
    supply[v] = FAR;
    need[v] = 0;
  }
  for (const v of reach.order) needed += need[v] as number;

  const distance = new Int32Array(nodes);
  /** Adds to the potentials the distance to the nearest node in need. */
  const reprice = () => {
    distance.fill(FAR);
    const buckets: number[][] = [[]];
    const lower = (v: number, d: number) => {
      if (d >= (distance[v] as number)) return;
      distance[v] = d;
      while (buckets.length <= d) buckets.push([]);
      (buckets[d] as number[]).push(v);
    };
    for (const v of reach.order) if ((supply[v] as number) > 0) lower(v, 0);
    let nearest = FAR;
    for (let d = 0; d < buckets.length && nearest === FAR; d++) {
      // A bucket grows while it is read: steps whose reduced cost is 0 stay in it.
      for (const u of buckets[d] as number[]) {
        if (distance[u] !== d) continue;
        if ((need[u] as number) > 0) {
          nearest = d;
          break;
        }
        const price = potential[u] as number;
        for (let i = out.first[u] as number; i < (out.first[u + 1] as number); i++) {
          const v = to[out.edges[i] as number] as number;
          lower(v, d + 1 + price - (potential[v] as number));
        }
        for (let i = into.first[u] as number; i < (into.first[u + 1] as number); i++) {
          const e = into.edges[i] as number;
          const v = from[e] as number;
          if ((extra[e] as number) > 0) lower(v, d - 1 + price - (potential[v] as number));
        }
      }
    }
    for (const v of reach.order) {
      potential[v] = (potential[v] as number) + Math.min(distance[v] as number, nearest);
    }
  };

  // The arcs that lie on cheapest ways, grouped by the node that they leave: an edge e as e; an edge taken backwards,
  // which undoes an extra walk, as -1 - e.
  const arcs = new Int32Array(2 * from.length);
  const firstArc = new Int32Array(nodes + 1);
  const selectArcs = () => {
    let count = 0;
    for (let u = 0; u < nodes; u++) {
      firstArc[u] = count;
      const price = potential[u] as number;
      for (let i = out.first[u] as number; i < (out.first[u + 1] as number); i++) {
        const e = out.edges[i] as number;
        if (potential[to[e] as number] === price + 1) arcs[count++] = e;
      }
      for (let i = into.first[u] as number; i < (into.first[u + 1] as number); i++) {
        const e = into.edges[i] as number;
        if (potential[from[e] as number] === price - 1) arcs[count++] = -1 - e;
      }
    }
    firstArc[nodes] = count;
  };
  const isOpen = (a: number) => a >= 0 || (extra[-1 - a] as number) > 0;
  const arcEnd = (a: number) => (a >= 0 ? to[a] : from[-1 - a]) as number;

  const level = new Int32Array(nodes);
  const queue = new Int32Array(nodes);
  const next = new Int32Array(nodes);
  /** Levels of the graph of cheapest arcs; false when no node in need is on it. */
  const layer = (): boolean => {
    level.fill(-1);
    next.set(firstArc.subarray(0, nodes));
    let tail = 0;
    let found = false;
    for (const v of reach.order) {
      if ((supply[v] as number) === 0) continue;
      level[v] = 0;
      queue[tail++] = v;
    }
    for (let head = 0; head < tail; head++) {
      const u = queue[head] as number;
      if ((need[u] as number) > 0) found = true;
      for (let i = firstArc[u] as number; i < (firstArc[u + 1] as number); i++) {
        const a = arcs[i] as number;
        const v = arcEnd(a);
        if (level[v] !== -1 || !isOpen(a)) continue;
        level[v] = (level[u] as number) + 1;
        queue[tail++] = v;
      }
    }
    return found;
  };

  /**
   * Sends from `source` as much as fits along the levels, depth first. Bundles are booked when a node is left for good,
   * so that an edge is touched once for all the needs behind it.
   */
  const send = (source: number): void => {
    const way: number[] = [];
    // Per node on the way: what may still go into it, and what was delivered at it and behind it.
    const room = [supply[source] as number];
    const sent = [0];
    let at = source;
    while (true) {
      const k = way.length;
      const served = Math.min(need[at] as number, room[k] as number);
      need[at] = (need[at] as number) - served;
      needed -= served;
      room[k] = (room[k] as number) - served;
      sent[k] = (sent[k] as number) + served;

      const i = next[at] as number;
      if (room[k] === 0 || i === firstArc[at + 1]) {
        const delivered = sent[k] as number;
        // Room left means that nothing leads on from here: in these levels no other way needs to try this node.
        if ((room[k] as number) > 0) level[at] = FAR;
        const back = way.pop();
        if (back === undefined) {
          if (supply[source] !== FAR) supply[source] = (supply[source] as number) - delivered;
          return;
        }
        if (back >= 0) extra[back] = (extra[back] as number) + delivered;
        else extra[-1 - back] = (extra[-1 - back] as number) - delivered;
        at = (back >= 0 ? from[back] : to[-1 - back]) as number;
        room[k - 1] = (room[k - 1] as number) - delivered;
        sent[k - 1] = (sent[k - 1] as number) + delivered;
        continue;
      }
      const a = arcs[i] as number;
      if (isOpen(a) && level[arcEnd(a)] === (level[at] as number) + 1) {
        way.push(a);
        room[k + 1] = a >= 0 ? (room[k] as number) : Math.min(room[k] as number, extra[-1 - a] as number);
        sent[k + 1] = 0;
        at = arcEnd(a);
      } else {
        next[at] = i + 1;
      }
    }
  };

  while (needed > 0) {
    reprice();
    selectArcs();
    while (needed > 0 && layer()) {
      for (const source of reach.order) {
        if (level[source] === 0 && (supply[source] as number) > 0 && needed > 0) send(source);
      }
    }
  }
  return { extra, potential };
}
