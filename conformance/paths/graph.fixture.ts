import fc from "fast-check";
import type { Graph } from "./graph.js";

/** A graph from a list of edges [from, to]. */
export function graphOf(
  nodes: number,
  initial: number[],
  edges: readonly (readonly [number, number])[],
): Graph {
  return {
    nodes,
    initial,
    from: Int32Array.from(edges, ([u]) => u),
    to: Int32Array.from(edges, ([, v]) => v),
  };
}

/** One circle of `nodes` nodes that starts at node 0. */
export function ring(nodes: number): Graph {
  return graphOf(
    nodes,
    [0],
    Array.from({ length: nodes }, (_, v) => [v, (v + 1) % nodes] as const),
  );
}

/** Small graphs of any shape: parallel edges, self-loops, unreachable parts, several initial nodes or none. */
export function arbitraryGraph({ nodes = 9, edges = 24 } = {}): fc.Arbitrary<Graph> {
  return fc.integer({ min: 1, max: nodes }).chain((n) => {
    const node = fc.integer({ min: 0, max: n - 1 });
    return fc
      .record({
        initial: fc.array(node, { maxLength: 3 }),
        edges: fc.array(fc.tuple(node, node), { maxLength: edges }),
        owned: fc.boolean(),
      })
      .map(({ initial, edges: list, owned }) => {
        const graph = graphOf(n, initial, list);
        return owned ? { ...graph, owner: Uint8Array.from(list, (_, e) => (e * 7) % 3) } : graph;
      });
  });
}

/**
 * A graph shaped like a step-level specification's: two readers that go round `states` states, with a shortcut
 * each, beside an updater that goes through `stages` in order and waits at every third until reader 1 or 2
 * (in turn) is in the first half of its states.
 */
export function readersAndUpdater(states: number, stages: number): Graph {
  const nodes = states * states * stages;
  const node = (a: number, b: number, u: number) => (u * states + a) * states + b;
  const edges: [number, number][] = [];
  const owner: number[] = [];
  for (let u = 0; u < stages; u++) {
    for (let a = 0; a < states; a++) {
      for (let b = 0; b < states; b++) {
        const here = node(a, b, u);
        const step = (to: number, thread: number) => {
          edges.push([here, to]);
          owner.push(thread);
        };
        step(node((a + 1) % states, b, u), 1);
        step(node(a, (b + 1) % states, u), 2);
        if (a === 3) step(node(0, b, u), 1);
        if (b === 4) step(node(a, 0, u), 2);
        const waitsFor = u % 3 !== 0 ? 0 : u % 2 === 0 ? a : b;
        if (u + 1 < stages && waitsFor < states / 2) step(node(a, b, u + 1), 0);
      }
    }
  }
  return { ...graphOf(nodes, [0], edges), owner: Uint8Array.from(owner) };
}

/** The distance of a node from the initial ones, by relaxing all edges until nothing changes. */
export function stepsTo(graph: Graph, node: number): number {
  const steps = new Array<number>(graph.nodes).fill(Number.POSITIVE_INFINITY);
  for (const v of graph.initial) steps[v] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (const [e, u] of graph.from.entries()) {
      const v = graph.to[e] as number;
      if ((steps[u] as number) + 1 >= (steps[v] as number)) continue;
      steps[v] = (steps[u] as number) + 1;
      changed = true;
    }
  }
  return steps[node] as number;
}
