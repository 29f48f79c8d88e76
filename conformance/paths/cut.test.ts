import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutWalk } from "./cut.js";
import { arbitraryGraph, graphOf, ring } from "./graph.fixture.js";
import { type Graph, groupEdges, type Reach, reachFrom } from "./graph.js";

const reachOf = (graph: Graph) => reachFrom(graph, groupEdges(graph.nodes, graph.from));

describe("cutWalk", () => {
  it("takes as few steps as trying all cuts does, and keeps the needed edges", () => {
    fc.assert(
      fc.property(
        arbitraryGraph(),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
        fc.integer({ min: 1, max: 8 }),
        (graph, choices, needed, maxLength) => {
          const walk = walkOf(graph, choices);
          const reach = reachOf(graph);
          const paths = cutWalk(graph, reach, walk, (i) => needed[i] as boolean, maxLength);
          const steps = paths.reduce((sum, path) => sum + path.length, 0);
          expect(steps).toBe(fewestSteps(graph, reach, walk, needed, maxLength, 0));
          const kept = new Set(paths.flat());
          expect(walk.filter((e, i) => needed[i] && !kept.has(e))).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("cuts where starting again is free, and leaves out what isn't needed at either end", () => {
    // Twice round a ring of 5: the second path starts at the initial node, not in the middle.
    const graph = ring(5);
    const walk = [0, 1, 2, 3, 4, 0, 1, 2, 3, 4];
    expect(cutWalk(graph, reachOf(graph), walk, () => true, 8)).toEqual([
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3, 4],
    ]);
    expect(cutWalk(graph, reachOf(graph), walk, (i) => i === 1 || i === 7, 8)).toEqual([
      [0, 1],
      [0, 1, 2],
    ]);
    expect(cutWalk(graph, reachOf(graph), walk, () => false, 8)).toEqual([]);
  });

  it("gives an edge beyond the limit its shortest path", () => {
    const graph = graphOf(
      4,
      [0],
      [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 3],
      ],
    );
    expect(cutWalk(graph, reachOf(graph), [0, 1, 2, 3], () => true, 2)).toEqual([
      [0, 1],
      [0, 1, 2],
      [0, 1, 2, 3],
    ]);
  });
});

/** A walk from the first initial node that takes edges by choice. */
function walkOf(graph: Graph, choices: readonly number[]): number[] {
  const walk: number[] = [];
  let at = graph.initial[0];
  for (const choice of choices) {
    const leaving = [...graph.from.keys()].filter((e) => graph.from[e] === at);
    if (leaving.length === 0) break;
    const e = leaving[choice % leaving.length] as number;
    walk.push(e);
    at = graph.to[e];
  }
  return walk;
}

/** The fewest steps for the walk from position i on, by trying every next cut. */
function fewestSteps(
  graph: Graph,
  reach: Reach,
  walk: readonly number[],
  needed: readonly boolean[],
  maxLength: number,
  i: number,
): number {
  if (i >= walk.length) return 0;
  const rest = (j: number) => fewestSteps(graph, reach, walk, needed, maxLength, j);
  const depth = reach.depth[graph.from[walk[i] as number] as number] as number;
  const ends: number[] = needed[i] ? [] : [rest(i + 1)];
  for (let j = i + 1; j <= walk.length; j++) {
    if (j === i + 1 || depth + j - i <= maxLength) ends.push(depth + j - i + rest(j));
  }
  return Math.min(...ends);
}
