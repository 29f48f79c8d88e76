import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cover } from "./cover.js";
import { arbitraryGraph, graphOf, ring } from "./graph.fixture.js";
import { type Cover, CoverError, verifyCover } from "./verify.js";

describe("verifyCover", () => {
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
  const good: Cover = {
    paths: [Int32Array.of(0, 1, 2), Int32Array.of(0, 3)],
    steps: 5,
    covered: 4,
    reachableEdges: 4,
  };
  const fault = (change: Partial<Cover>) => () => verifyCover(graph, { ...good, ...change });

  it("accepts a cover", () => {
    expect(() => verifyCover(graph, good)).not.toThrow();
  });

  it("kills the mutant that drops the last edge of a path", () => {
    fc.assert(
      fc.property(arbitraryGraph(), fc.nat(), (any, choice) => {
        const ours = cover(any);
        // Where each path's last edge is in no other step, dropping it must be noticed.
        const times = new Map<number, number>();
        for (const path of ours.paths) for (const e of path) times.set(e, (times.get(e) ?? 0) + 1);
        const single = [...ours.paths.keys()].filter((p) => times.get(ours.paths[p]?.at(-1) as number) === 1);
        fc.pre(single.length > 0);
        const victim = single[choice % single.length];
        const paths = ours.paths.map((path, p) => (p === victim ? path.slice(0, -1) : path));
        const mutant = { ...ours, paths: paths.filter((path) => path.length > 0), steps: ours.steps - 1 };
        expect(() => verifyCover(any, mutant)).toThrow(/1 of \d+ reachable edges lie on no path/);
      }),
    );
  });

  it("names the path, the step and the edge", () => {
    expect(fault({ paths: [Int32Array.of(0, 1, 2)] })).toThrow(
      "1 of 4 reachable edges lie on no path; the first is edge 3, from node 1 to node 3.",
    );
    expect(fault({ paths: [Int32Array.of(0, 2)] })).toThrow(
      "Path 0, step 1: edge 2 leaves node 2, but the path is at node 1.",
    );
    expect(fault({ paths: [Int32Array.of(1, 2)] })).toThrow(
      "Path 0 starts at node 1, which is not an initial node.",
    );
    expect(fault({ paths: [Int32Array.of(7)] })).toThrow("Path 0, step 0: there is no edge 7.");
    expect(fault({ paths: [new Int32Array(0)] })).toThrow("Path 0 is empty");
  });

  it("compares the numbers", () => {
    expect(fault({ steps: 4 })).toThrow("The cover says 4 steps; its paths have 5.");
    expect(fault({ covered: 3 })).toThrow("The cover says 3 edges covered; its paths cover 4.");
    expect(fault({ reachableEdges: 5 })).toThrow("The cover says 5 reachable edges; the graph has 4.");
    expect(fault({ steps: 4 })).toThrow(CoverError);
  });

  it("requires no edge that can't be reached", () => {
    const apart = graphOf(5, [0], [...ringEdges(3), [3, 4], [4, 3]]);
    expect(() => verifyCover(apart, cover(ring(3)))).not.toThrow();
  });
});

function ringEdges(nodes: number): [number, number][] {
  const { from, to } = ring(nodes);
  return Array.from(from, (u, e) => [u, to[e] as number]);
}
