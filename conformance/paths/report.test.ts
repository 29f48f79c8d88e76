import { describe, expect, it } from "vitest";
import { baseline } from "./baseline.js";
import { lowerBound } from "./bound.js";
import { cover } from "./cover.js";
import { graphOf } from "./graph.fixture.js";
import { coverReport, printReport } from "./report.js";

describe("coverReport", () => {
  // A fork of two behind one step, a third way out that leads back, and an edge that can't be reached.
  const graph = graphOf(
    6,
    [0],
    [
      [0, 1],
      [1, 2],
      [1, 3],
      [1, 4],
      [4, 0],
      [5, 4],
    ],
  );
  const report = coverReport(graph, cover(graph), baseline(graph, { cap: 50 }), lowerBound(graph));

  it("counts states, edges, paths and steps beside baseline and bound", () => {
    expect(report).toEqual({
      states: 6,
      edges: 6,
      unreachableEdges: 1,
      paths: 2,
      steps: 7,
      coverage: 1,
      lowerBound: 7,
      ratioToLowerBound: 1,
      baseline: { paths: 3, steps: 7 },
      ratioToBaseline: 1,
      longest: 5,
      median: 2,
    });
  });

  it("prints aligned lines", () => {
    expect(printReport({ ...report, coverage: 0.9999, states: 33_447 }).split("\n")).toEqual([
      "states         33,447",
      "edges               6  1 unreachable, left out",
      "paths               2  median 2 steps, longest 5",
      "steps               7",
      "edge coverage  99.9 %  of the reachable edges",
      "lower bound         7  steps; ours takes 1.000 of it",
      "baseline            7  steps in 3 paths; ours takes 1.000 of it",
    ]);
  });

  it("counts nothing covered as no coverage", () => {
    const empty = graphOf(1, [0], []);
    const none = coverReport(empty, cover(empty), baseline(empty, { cap: 50 }), lowerBound(empty));
    expect(none).toMatchObject({
      coverage: 0,
      ratioToLowerBound: 0,
      ratioToBaseline: 0,
      longest: 0,
      median: 0,
    });
  });
});
