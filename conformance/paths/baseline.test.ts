import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { baseline } from "./baseline.js";
import { lowerBound } from "./bound.js";
import { arbitraryGraph, graphOf, ring, stepsTo } from "./graph.fixture.js";
import { verifyCover } from "./verify.js";

describe("baseline", () => {
  it("covers every reachable edge, never below the lower bound, the same each time", () => {
    fc.assert(
      fc.property(arbitraryGraph(), fc.constantFrom(1, 2, 5, 50), (graph, cap) => {
        const base = baseline(graph, { cap });
        verifyCover(graph, base);
        expect(base.steps).toBeGreaterThanOrEqual(lowerBound(graph).steps);
        expect(baseline(graph, { cap })).toEqual(base);
        for (const path of base.paths) {
          const shortest = stepsTo(graph, graph.from[path.at(-1) as number] as number) + 1;
          expect(path.length).toBeLessThanOrEqual(Math.max(cap, shortest));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("goes to the nearest uncovered edge", () => {
    // After 0 -> 1 -> 2 the edge of node 3 is two steps away, that of node 4 one.
    const graph = graphOf(
      8,
      [0],
      [
        [0, 1],
        [1, 2],
        [2, 0],
        [2, 4],
        [4, 2],
        [4, 6],
      ],
    );
    expect(baseline(graph, { cap: 50 }).paths).toEqual([Int32Array.of(0, 1, 2, 0, 1, 3, 4, 3, 5)]);
  });

  it("begins again at an initial node when the cap is reached, or would be on the way", () => {
    expect(baseline(ring(4), { cap: 3 }).paths.map((path) => path.length)).toEqual([3, 4]);
    const graph = graphOf(
      4,
      [0],
      [
        [0, 1],
        [1, 0],
        [1, 2],
        [0, 3],
      ],
    );
    // After 0 -> 1 -> 0 -> 3: stuck; the last uncovered edge is one step from the start.
    expect(baseline(graph, { cap: 50 }).paths).toEqual([Int32Array.of(0, 1, 3), Int32Array.of(0, 2)]);
    expect(baseline(graph, { cap: 2 }).paths).toEqual([
      Int32Array.of(0, 1),
      Int32Array.of(3),
      Int32Array.of(0, 2),
    ]);
  });
});
