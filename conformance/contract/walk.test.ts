import { describe, expect, it } from "vitest";
import type { Plan } from "./plan.js";
import { BadPlanError, walkOf } from "./walk.js";

const STEP = { LoadX: 1, StoreX: 2 };

/** Two counters: each loads x and stores what it has loaded and one more, once. */
const PLAN: Plan = {
  format: 3,
  claim: "counters",
  module: "",
  refusable: [],
  source: "",
  constants: {},
  lanes: [
    { kind: "counter", name: "counter 1", value: 1 },
    { kind: "counter", name: "counter 2", value: 2 },
  ],
  steps: ["Idle", "LoadX", "StoreX"].map((name) => ({ name, with: {} })),
  words: ["x", "at1", "at2"],
  groups: [
    { name: "x", first: 0, count: 1 },
    { name: "at", first: 1, count: 2 },
  ],
  positions: 1,
  states: [
    [0, 0, 0],
    [0, STEP.StoreX, 0],
    [1, 0, 0],
    [0, 0, STEP.StoreX],
    [-1, 0, -1],
  ],
  initial: [0],
  edges: [
    [0, 0, STEP.LoadX, 1],
    [1, 0, STEP.StoreX, 2],
    [0, 1, STEP.LoadX, 3],
    [3, 1, STEP.StoreX, 2],
  ],
  paths: [[0, 1], [2, 3], []],
};

const withEdge = (edge: Plan["edges"][number]): Partial<Plan> => ({
  edges: [...PLAN.edges, edge],
  paths: [[4]],
});

describe("walkOf", () => {
  it("puts states and moves one after another", () => {
    expect(walkOf(PLAN)).toEqual({
      lanes: 2,
      words: 3,
      positions: 1,
      states: Int32Array.from(PLAN.states.flat() as number[]),
      starts: Int32Array.of(0, 0, 0),
      offsets: Int32Array.of(0, 2, 4, 4),
      moves: Int32Array.from([
        ...[0, STEP.LoadX, 1, 0, STEP.StoreX, 2],
        ...[1, STEP.LoadX, 3, 1, STEP.StoreX, 2],
      ]),
    });
  });

  it("says how to write a word that is a function", () => {
    const walk = (): unknown => walkOf({ ...PLAN, states: [[[[0, 0]], 0, 0]] });
    expect(walk).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/each element: .*"value": "x\[i\]"/) }),
    );
  });

  it.each<[where: string, what: RegExp, change: Partial<Plan>]>([
    ["format", /has format 2/, { format: 2 as unknown as 3 }],
    ["states", /no list/, { states: undefined as unknown as Plan["states"] }],
    ["steps[0]", /must be "Idle"/, { steps: PLAN.steps.slice(1) }],
    ["positions", /doesn't say where each lane stands/, { positions: -1 }],
    [
      "groups[1]",
      /don't follow/,
      { groups: [PLAN.groups[0], { name: "at", first: 2, count: 2 }] as Plan["groups"] },
    ],
    ["groups", /the positions, one a lane/, { words: [...PLAN.words, "more"] }],
    ["groups", /the positions, one a lane/, { lanes: PLAN.lanes.slice(1) }],
    [
      "lanes[1]",
      /only threads/,
      { lanes: [PLAN.lanes[0], { kind: "e", name: "e", value: null }] as Plan["lanes"] },
    ],
    [
      "steps[3]",
      /Flush is a hidden step/,
      { steps: [...PLAN.steps, { name: "Flush", with: {}, hidden: "later" }] },
    ],
    ["steps[3]", /Put\(v = 2\) has parameters/, { steps: [...PLAN.steps, { name: "Put", with: { v: 2 } }] }],
    ["states[0]", /2 values for 3 words/, { states: [[0, 0]] }],
    ["states[0]", /x is "empty", .* whole numbers/, { states: [["empty", 0, 0]] }],
    ["states[0]", /x is 0.5/, { states: [[0.5, 0, 0]] }],
    ["states[0]", /x is 2147483648/, { states: [[2 ** 31, 0, 0]] }],
    ["paths[0]", /starts in no state/, { initial: [9], paths: [[]] }],
    ["paths[0]", /starts in no state/, withEdge([-1, 0, STEP.LoadX, 0])],
    ["paths[0][0]", /no edge 9/, { paths: [[9]] }],
    ["paths[0][1]", /edge 3 leaves state 3, and the path is in state 1/, { paths: [[0, 3]] }],
    ["paths[0][0]", /no lane 2/, withEdge([0, 2, STEP.LoadX, 1])],
    ["paths[0][0]", /no step 3/, withEdge([0, 0, 3, 1])],
    ["paths[0][0]", /no step 0/, withEdge([0, 0, 0, 1])],
    ["paths[0][0]", /no state 9/, withEdge([0, 0, STEP.LoadX, 9])],
    [
      "paths[0][0]",
      /counter 1 stands before StoreX and can't take the step LoadX/,
      withEdge([1, 0, STEP.LoadX, 1]),
    ],
    ["paths[0][0]", /counter 2 is asleep/, withEdge([4, 1, STEP.LoadX, 1])],
  ])("says where a plan can't be followed: %s, %s", (where, what, change) => {
    const walk = (): unknown => walkOf({ ...PLAN, ...change });
    expect(walk).toThrow(BadPlanError);
    expect(walk).toThrow(what);
    expect(walk).toThrow(expect.objectContaining({ where: `plan: ${where}`, exitCode: 2 }));
  });
});
