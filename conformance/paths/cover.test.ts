import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { baseline } from "./baseline.js";
import { lowerBound } from "./bound.js";
import { cover, MAX_LENGTH } from "./cover.js";
import { arbitraryGraph, graphOf, readersAndUpdater, ring, stepsTo } from "./graph.fixture.js";
import { GraphError } from "./graph.js";
import { verifyCover } from "./verify.js";

describe("cover", () => {
  const lengths = fc.constantFrom(1, 2, 3, 5, 8, 20, 100, Number.POSITIVE_INFINITY);

  it("covers every reachable edge by walks from initial nodes, never below the lower bound", () => {
    fc.assert(
      fc.property(arbitraryGraph(), lengths, (graph, maxLength) => {
        const ours = cover(graph, { maxLength });
        verifyCover(graph, ours);
        expect(ours.covered).toBe(ours.reachableEdges);
        expect(ours.steps).toBeGreaterThanOrEqual(lowerBound(graph).steps);
      }),
      { numRuns: 500 },
    );
  });

  it("takes exactly the lower bound's steps when paths may be as long as they like", () => {
    fc.assert(
      fc.property(arbitraryGraph(), (graph) => {
        const ours = cover(graph, { maxLength: Number.POSITIVE_INFINITY });
        expect(ours.steps).toBe(lowerBound(graph).steps);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps to the longest length, except for a shortest path to an edge that is too deep", () => {
    fc.assert(
      fc.property(arbitraryGraph(), fc.integer({ min: 1, max: 8 }), (graph, maxLength) => {
        for (const path of cover(graph, { maxLength }).paths) {
          if (path.length <= maxLength) continue;
          const last = graph.from[path.at(-1) as number] as number;
          expect(path.length).toBe(stepsTo(graph, last) + 1);
        }
      }),
    );
  });

  it("gives the same paths for the same graph", () => {
    fc.assert(
      fc.property(arbitraryGraph(), lengths, (graph, maxLength) => {
        expect(cover(structuredClone(graph), { maxLength })).toEqual(cover(graph, { maxLength }));
      }),
    );
  });

  it("walks a ring in one go, and in pieces when paths must be short", () => {
    expect(cover(ring(10), { maxLength: 10 })).toMatchObject({ steps: 10, covered: 10 });
    expect(cover(ring(10), { maxLength: 10 }).paths).toHaveLength(1);
    const pieces = cover(ring(10), { maxLength: 4 });
    // 0-4, then a shortest path to each of the edges 4 to 9 alone: they are too deep to share one.
    expect(pieces.paths.map((path) => path.length)).toEqual([4, 5, 6, 7, 8, 9, 10]);
  });

  it("covers parallel edges one by one, and self-loops", () => {
    const graph = graphOf(
      2,
      [0],
      [
        [0, 1],
        [0, 1],
        [0, 1],
        [1, 1],
        [1, 1],
        [1, 0],
      ],
    );
    const ours = cover(graph);
    verifyCover(graph, ours);
    // Three ways in, one way back: two paths start again.
    expect(ours.paths).toHaveLength(3 - 1);
    expect(ours.steps).toBe(6);
  });

  it("leaves out what can't be reached, and says how much it covers", () => {
    const graph = graphOf(
      4,
      [0],
      [
        [0, 1],
        [2, 3],
        [3, 3],
      ],
    );
    expect(cover(graph)).toEqual({ paths: [Int32Array.of(0)], steps: 1, covered: 1, reachableEdges: 1 });
  });

  it("has no paths for a graph without edges, without initial nodes or without nodes", () => {
    const nothing = { paths: [], steps: 0, covered: 0, reachableEdges: 0 };
    expect(cover(graphOf(3, [0, 2], []))).toEqual(nothing);
    expect(cover(graphOf(2, [], [[0, 1]]))).toEqual(nothing);
    expect(cover(graphOf(0, [], []))).toEqual(nothing);
  });

  it("starts at each of several initial nodes as needed; one may have no edges", () => {
    const graph = graphOf(
      6,
      [4, 0, 2, 0],
      [
        [0, 1],
        [2, 3],
        [1, 0],
      ],
    );
    const ours = cover(graph);
    verifyCover(graph, ours);
    expect(ours.paths).toEqual([Int32Array.of(1), Int32Array.of(0, 2)]);
  });

  it("prefers the next step of the same owner", () => {
    // Two petals at node 0, out and back: either order is a shortest cover, one petal after the other.
    const edges: [number, number][] = [
      [0, 1],
      [0, 2],
      [1, 0],
      [2, 0],
      [0, 3],
      [3, 0],
    ];
    const graph = { ...graphOf(4, [0], edges), owner: Uint8Array.of(1, 2, 1, 2, 1, 1) };
    const [path] = cover(graph).paths;
    expect(Array.from(path ?? [], (e) => graph.owner[e])).toEqual([1, 1, 1, 1, 2, 2]);
  });

  it("takes at most 0.8 of the baseline's steps on a product of two readers and an updater", () => {
    const graph = readersAndUpdater(20, 15);
    const ours = cover(graph, { maxLength: MAX_LENGTH });
    const base = baseline(graph, { cap: 50 });
    verifyCover(graph, ours);
    verifyCover(graph, base);
    expect(ours.steps / base.steps).toBeLessThan(0.8);
    expect(ours.steps / lowerBound(graph).steps).toBeLessThan(1.1);
    expect(Math.max(...ours.paths.map((path) => path.length))).toBe(MAX_LENGTH);
    expect(cover(graph, { maxLength: MAX_LENGTH, bound: lowerBound(graph) })).toEqual(ours);
  });

  it("lets paths of a deep graph be twice as long as it is deep", () => {
    // A way of 150 steps with a loop at each node: one path takes all, and 100 steps would not reach the end.
    const way = Array.from({ length: 150 }, (_, v) => [v, v + 1] as const);
    const graph = graphOf(151, [0], [...way, ...way.map(([v]) => [v, v] as const)]);
    expect(cover(graph).paths.map((path) => path.length)).toEqual([300]);
    expect(cover(graph, { maxLength: 100 }).paths.map((path) => path.length)).toContain(150);
  });

  it("takes circles of any size", () => {
    const graph = ring(200_000);
    expect(cover(graph)).toMatchObject({ steps: 200_000, covered: 200_000 });
    expect(baseline(graph, { cap: 200_000 })).toMatchObject({ steps: 200_000 });
    expect(cover({ ...graph, initial: [0, 100_000] }).steps).toBe(200_000);
  });

  it("refuses arrays that contradict each other", () => {
    expect(() => cover(graphOf(2, [0], [[0, 2]]))).toThrow(GraphError);
    expect(() => cover(graphOf(2, [5], [[0, 1]]))).toThrow("Initial node 5 is not one of the nodes 0 to 1.");
    expect(() => cover({ ...graphOf(2, [0], [[0, 1]]), to: new Int32Array(0) })).toThrow(
      "1 edge starts but 0",
    );
    expect(() => cover(graphOf(2, [0], [[0, 1]]), { maxLength: 0 })).toThrow(RangeError);
    expect(() => cover(ring(3), { bound: lowerBound(ring(4)) })).toThrow(
      "The bound is for a graph with 4 edges",
    );
  });
});
