import { describe, expect, it } from "vitest";
import type { Plan } from "../contract/plan.js";
import { remainingPaths } from "./remaining.js";
import { type Edges, SURE } from "./walk.js";

/** Steps of a small graph: 1 is asked for, 2 happens by itself. */
const steps: Plan["steps"] = [
  { name: "Idle", with: {} },
  { name: "Ask", with: {} },
  { name: "Happens", with: {}, hidden: "later" },
];

function plan(edges: Plan["edges"]): Plan {
  const size = 1 + Math.max(...edges.flatMap(([from, , , to]) => [from, to]));
  return {
    ...{ format: 3, claim: "", module: "", source: "", constants: {}, lanes: [], words: [], groups: [] },
    ...{ steps, positions: -1, refusable: [], initial: [0], paths: [] },
    states: Array.from({ length: size }, () => []),
    edges,
  };
}

function nothing({ edges, states }: Plan): Edges {
  const none = (): Uint8Array => new Uint8Array(edges.length);
  return { taken: none(), declined: none(), passed: new Uint8Array(states.length) };
}

describe("remainingPaths", () => {
  it("goes on to the next open edge, and not back to the beginning for each", () => {
    const line = plan(Array.from({ length: 50 }, (_, i) => [i, 0, 1, i + 1] as const));
    expect(remainingPaths(line, nothing(line))).toEqual([line.edges.map((_, edge) => edge)]);
  });

  it("takes nothing that is known, and nothing that was declined", () => {
    const fork = plan([
      [0, 0, 1, 1],
      [1, 0, 1, 2],
      [0, 0, 1, 3],
      [3, 0, 1, 4],
    ]);
    const edges = nothing(fork);
    edges.taken[0] = 1;
    edges.declined[2] = SURE;
    expect(remainingPaths(fork, edges)).toEqual([[0, 1]]);
  });

  it("asks for nothing where the implementation does not stay, but lets it go on", () => {
    const late = plan([
      [0, 0, 1, 1],
      [1, 0, 2, 2],
      [1, 0, 1, 3],
      [2, 0, 1, 4],
    ]);
    const edges = nothing(late);
    expect(remainingPaths(late, edges).flat()).toContain(2);
    edges.passed[1] = 1;
    expect(remainingPaths(late, edges).flat()).toContain(2);
    edges.passed[1] = SURE;
    expect(remainingPaths(late, edges)).toEqual([[0, 1, 3]]);
  });

  it("ends where all that is left is behind a choice that was not made", () => {
    const wall = plan([
      [0, 0, 1, 1],
      [1, 0, 1, 2],
    ]);
    const edges = nothing(wall);
    edges.declined[0] = SURE;
    expect(remainingPaths(wall, edges)).toEqual([]);
  });
});
