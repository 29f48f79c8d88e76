import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { certifiedSteps, lowerBound } from "./bound.js";
import { arbitraryGraph, graphOf, readersAndUpdater, ring } from "./graph.fixture.js";
import type { Graph } from "./graph.js";

describe("lowerBound", () => {
  it("is what a search over all walks finds in tiny graphs", () => {
    fc.assert(
      fc.property(arbitraryGraph({ nodes: 4, edges: 6 }), (graph) => {
        expect(lowerBound(graph).steps).toBe(searchedMinimum(graph));
      }),
      { numRuns: 300 },
    );
  });

  it("is proved by its own prices", () => {
    fc.assert(
      fc.property(arbitraryGraph({ nodes: 30, edges: 90 }), (graph) => {
        const { steps, potential } = lowerBound(graph);
        expect(certifiedSteps(graph, potential)).toBe(steps);
      }),
      { numRuns: 500 },
    );
    const large = readersAndUpdater(14, 10);
    const { steps, potential } = lowerBound(large);
    expect(certifiedSteps(large, potential)).toBe(steps);
  });

  it("counts only the edges where one walk can take each of them once", () => {
    expect(lowerBound(ring(7))).toMatchObject({ steps: 7, paths: 1 });
    expect(
      lowerBound(
        graphOf(
          1,
          [0],
          [
            [0, 0],
            [0, 0],
          ],
        ),
      ),
    ).toMatchObject({ steps: 2, paths: 1 });
  });

  it("counts the way to each edge of a fork again", () => {
    // 0 -> 1 -> 2, then three ways out of 2: the way of two steps is walked three times.
    const fork = graphOf(
      6,
      [0],
      [
        [0, 1],
        [1, 2],
        [2, 3],
        [2, 4],
        [2, 5],
      ],
    );
    expect(lowerBound(fork)).toMatchObject({ steps: 9, paths: 3 });
    // A way back from 3 to 2 saves one of them.
    const back = graphOf(
      6,
      [0],
      [
        [0, 1],
        [1, 2],
        [2, 3],
        [2, 4],
        [2, 5],
        [3, 2],
      ],
    );
    expect(lowerBound(back)).toMatchObject({ steps: 8, paths: 2 });
    // So does starting at 2.
    expect(lowerBound({ ...fork, initial: [0, 2] })).toMatchObject({ steps: 5, paths: 3 });
  });

  it("is 0 where there is nothing to cover, and ignores what can't be reached", () => {
    expect(lowerBound(graphOf(2, [0], []))).toMatchObject({ steps: 0, paths: 0 });
    expect(lowerBound(graphOf(2, [], [[0, 1]]))).toMatchObject({ steps: 0, paths: 0 });
    expect(
      lowerBound(
        graphOf(
          4,
          [0],
          [
            [0, 1],
            [2, 3],
            [2, 1],
          ],
        ),
      ),
    ).toMatchObject({ steps: 1, paths: 1 });
  });
});

describe("certifiedSteps", () => {
  it("refuses prices that prove nothing", () => {
    const graph = graphOf(
      3,
      [0],
      [
        [0, 1],
        [1, 2],
      ],
    );
    expect(certifiedSteps(graph, Int32Array.of(0, 1, 2))).toBe(0);
    expect(certifiedSteps(graph, Int32Array.of(0, 0, 0))).toBe(2);
    expect(() => certifiedSteps(graph, Int32Array.of(1, 0, 0))).toThrow(RangeError);
    expect(() => certifiedSteps(graph, Int32Array.of(0, 2, 0))).toThrow(RangeError);
    expect(() => certifiedSteps(graph, Int32Array.of(0, -1, 0))).toThrow(RangeError);
  });
});

/** By breadth-first search over (node, edges walked so far), starting again at no cost: no flow, no balance. */
function searchedMinimum(graph: Graph): number {
  const reached = new Set(graph.initial);
  for (const u of reached) for (const [e, v] of graph.to.entries()) if (graph.from[e] === u) reached.add(v);
  let all = 0;
  for (const [e, u] of graph.from.entries()) if (reached.has(u)) all |= 1 << e;

  const key = (node: number, walked: number) => walked * graph.nodes + node;
  let layer = new Map(graph.initial.map((v) => [key(v, 0), { node: v, walked: 0 }]));
  const seen = new Set(layer.keys());
  for (let steps = 0; ; steps++) {
    // Starting again costs nothing, so wherever a walk is, all initial nodes are equally near.
    for (const { walked } of [...layer.values()]) {
      for (const v of graph.initial) {
        if (seen.has(key(v, walked))) continue;
        seen.add(key(v, walked));
        layer.set(key(v, walked), { node: v, walked });
      }
    }
    const next: typeof layer = new Map();
    if (all === 0) return 0;
    for (const { node, walked } of layer.values()) {
      if (walked === all) return steps;
      for (const [e, u] of graph.from.entries()) {
        if (u !== node) continue;
        const to = { node: graph.to[e] as number, walked: walked | (1 << e) };
        if (seen.has(key(to.node, to.walked))) continue;
        seen.add(key(to.node, to.walked));
        next.set(key(to.node, to.walked), to);
      }
    }
    layer = next;
  }
}
