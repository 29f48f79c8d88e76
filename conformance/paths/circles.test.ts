import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CircleFinder } from "./circles.js";
import { arbitraryGraph, graphOf, readersAndUpdater, ring } from "./graph.fixture.js";
import { type Graph, groupEdges } from "./graph.js";

function finder(graph: Graph, times: Int32Array): CircleFinder {
  return new CircleFinder(graph, groupEdges(graph.nodes, graph.from), times);
}

/** The edges of a shortest circle through v, by trying all walks of one length after the other; 0: there is none. */
function shortestLength({ nodes, from, to }: Graph, times: Int32Array, v: number, limit: number): number {
  let at = new Set([v]);
  for (let length = 1; length <= Math.min(limit, nodes); length++) {
    const next = new Set<number>();
    for (const [e, u] of from.entries()) if (at.has(u) && (times[e] ?? 0) > 0) next.add(to[e] as number);
    if (next.has(v)) return length;
    at = next;
  }
  return 0;
}

const used = (times: Int32Array, circle: readonly number[]): void => {
  for (const e of circle) times[e] = (times[e] as number) - 1;
};

describe("CircleFinder", () => {
  it("finds a shortest circle within the limit whenever there is one, whatever it was asked before", () => {
    const asked = fc.array(fc.tuple(fc.nat(8), fc.integer({ min: 0, max: 9 }), fc.boolean()), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(arbitraryGraph(), asked, (graph, questions) => {
        const times = new Int32Array(graph.from.length).fill(2);
        const circles = finder(graph, times);
        for (const [node, limit, takes] of questions) {
          const v = node % graph.nodes;
          const found = circles.shortest(v, limit);
          expect(found?.length ?? 0).toBe(shortestLength(graph, times, v, limit));
          const closed = [...(found ?? []), ...(found ?? []).slice(0, 1)];
          for (let i = 0; i + 1 < closed.length; i++)
            expect(graph.to[closed[i] as number]).toBe(graph.from[closed[i + 1] as number]);
          if (takes) used(times, found ?? []);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("does not search again for what was found to be too far away", () => {
    const graph = graphOf(
      4,
      [0],
      [
        [0, 1],
        [1, 2],
        [2, 0],
        [1, 3],
      ],
    );
    const times = new Int32Array(4).fill(1);
    const circles = finder(graph, times);
    expect([circles.shortest(0, 2), circles.shortest(0, 1), circles.shortest(0, 2)]).toEqual(Array(3));
    expect(circles.searches).toBe(1);
    expect(circles.shortest(0, 3)).toEqual([0, 1, 2]);
    expect(circles.searches).toBe(2);
    // On no circle at all: once and for all.
    expect([circles.shortest(3, 5), circles.shortest(3, 500)]).toEqual(Array(2));
    expect(circles.searches).toBe(3);
  });

  it("does not go again where no circle is short enough", () => {
    const nodes = 60;
    const graph = ring(nodes);
    const circles = finder(graph, new Int32Array(nodes).fill(1));
    for (let v = nodes - 1; v >= 0; v--) expect(circles.shortest(v, 10)).toBeUndefined();
    expect(circles.searches).toBe(nodes);
    // Each search for itself would come to ten.
    expect(circles.looked).toBeLessThan(2 * nodes);
    expect(circles.shortest(7, nodes)).toHaveLength(nodes);
  });

  it("searches at most once for each circle and each longer way that it is asked for", () => {
    const graph = readersAndUpdater(12, 9);
    const times = new Int32Array(graph.from.length).fill(1);
    const circles = finder(graph, times);
    const limits = [5, 20, 60];
    let found = 0;
    for (let round = 0; round < 10; round++)
      for (const limit of limits)
        for (let v = 0; v < graph.nodes; v++) {
          const circle = circles.shortest(v, limit);
          if (circle === undefined) continue;
          found++;
          used(times, circle);
        }
    expect(found).toBeGreaterThan(0);
    expect(circles.searches).toBeLessThanOrEqual(found + limits.length * graph.nodes);
  });
});
