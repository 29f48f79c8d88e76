import { describe, expect, it } from "vitest";
import type { Plan } from "../contract/plan.js";
import type { ReplayFailure } from "../contract/result.js";
import { failureFile, planAlong } from "./failure-file.js";
import { shorten, wholeTrail } from "./shorten.js";
import { showReplayFailure, trailDiagram } from "./show.js";

/** A light that goes round in a circle: green, amber, red; and a button that may be pressed while it is red. */
const LIGHT: Plan = {
  format: 3,
  claim: "Light",
  module: "Light",
  source: "",
  constants: {},
  lanes: [
    { kind: "light", name: "light", value: 0 },
    { kind: "walker", name: "walker 1", value: 1 },
  ],
  steps: [
    { name: "Idle", with: {} },
    { name: "Change", with: {} },
    { name: "Press", with: { times: 2 }, refusable: true },
  ],
  words: ["colour", "pressed", "at0", "at1"],
  groups: [
    { name: "colour", first: 0, count: 1 },
    { name: "pressed", first: 1, count: 1 },
    { name: "at", first: 2, count: 2 },
  ],
  positions: 2,
  refusable: [[1, 2]],
  states: [
    ["green", 0, 1, 0],
    ["amber", 0, 1, 0],
    ["red", 0, 1, 0],
    ["red", 2, 1, 0],
  ],
  initial: [0],
  edges: [
    [0, 0, 1, 1],
    [1, 0, 1, 2],
    [2, 0, 1, 0],
    [2, 1, 2, 3],
  ],
  paths: [[0, 1, 2, 0, 1, 3]],
};
const FAILURE: ReplayFailure = {
  kind: "state",
  path: 0,
  move: 5,
  lane: 1,
  step: "Press(times = 2)",
  message: "the state is not the specification's",
  words: [{ name: "pressed", expected: 2, actual: 1 }],
};

describe("showReplayFailure", () => {
  it("names the verdict before what the driver has printed, which may be long", () => {
    const message = `${FAILURE.message}; it said: Traceback:\n  File "queue.py"`;
    const [line] = showReplayFailure({ ...FAILURE, message }, LIGHT).split("\n");
    expect(line).toMatch(/the state is not the specification's \(state\); it said: Traceback:$/);
  });

  it("says where, what differs, and what led there with what it changed", () => {
    expect(showReplayFailure(FAILURE, LIGHT, 41).split("\n")).toEqual([
      "path 41, step 6 of 6, Press(times = 2) of walker 1: the state is not the specification's (state)",
      "  pressed: the specification has 2, the implementation has 1",
      '       1  light    Change   colour: "green" -> "amber"',
      '       2  light    Change   colour: "amber" -> "red"',
      '       3  light    Change   colour: "red" -> "green"',
      '       4  light    Change   colour: "green" -> "amber"',
      '       5  light    Change   colour: "amber" -> "red"',
      "  >    6  walker 1 Press(times = 2)   pressed: 0 -> 2",
    ]);
  });

  it("names the steps where lanes stand", () => {
    const words = [
      { name: "at0", expected: 1, actual: 0 },
      { name: "at1", expected: -1, actual: 17 },
    ];
    expect(
      showReplayFailure({ ...FAILURE, words }, LIGHT)
        .split("\n")
        .slice(1, 3),
    ).toEqual([
      "  at0: the specification has Change, the implementation has Idle",
      "  at1: the specification has Asleep, the implementation has 17, which is not a step",
    ]);
  });

  it("knows failures before the first step, after the last, and of a step that isn't allowed", () => {
    const hang: ReplayFailure = {
      kind: "hang",
      path: 0,
      move: -1,
      lane: 0,
      step: "",
      message: "nothing moves",
    };
    expect(showReplayFailure(hang, LIGHT)).toContain("path 1, before its first step: nothing moves (hang)");
    expect(showReplayFailure({ ...hang, move: 6 }, LIGHT)).toContain("after its last step");
    const taken: ReplayFailure = {
      ...FAILURE,
      kind: "taken",
      move: 1,
      probe: { lane: 1, step: 2 },
      message: "it takes it",
      words: [],
    };
    expect(showReplayFailure(taken, LIGHT).split("\n").at(-1)).toBe(
      "  >       walker 1 Press(times = 2), which is not allowed here",
    );
  });

  it("shortens what led there, when a shorter way fails, too", async () => {
    const tried: number[][] = [];
    const trail = await shorten(LIGHT, FAILURE, async ({ paths: [edges = []] }) => {
      tried.push([...edges]);
      return { paths: 0, steps: 0, probes: 0, seconds: 0, failure: { ...FAILURE, move: edges.length - 1 } };
    });
    expect(tried).toEqual([[0, 1, 3]]);
    expect(trail.edges).toEqual([0, 1, 3]);
    expect(showReplayFailure(FAILURE, LIGHT, 1, trail)).toContain(
      "the shortest way there that fails, too, has 3 steps",
    );
  });

  it("keeps as few of the last steps as fail, when the shortest way to them does not", async () => {
    const along = [0, 1, 2, 0, 1, 2, 0, 1, 3];
    const failure = { ...FAILURE, along, move: along.length - 1 };
    const trail = await shorten(LIGHT, failure, async ({ paths: [edges = []] }) => ({
      paths: 0,
      steps: 0,
      probes: 0,
      seconds: 0,
      // It takes one circle to go wrong.
      ...(edges.includes(2) && { failure: { ...failure, along: edges, move: edges.length - 1 } }),
    }));
    expect(trail.edges).toContain(2);
    expect(trail.edges.length).toBeLessThan(along.length);
  });

  it("goes to the nearest state in which the same step fails, too, and only where it fails in the same way", async () => {
    // The button may be pressed in each colour: edges 4 (green), 5 (amber) and 3 (red).
    const states = [...LIGHT.states, ["green", 2, 1, 0], ["amber", 2, 1, 0]];
    const edges: Plan["edges"] = [...LIGHT.edges, [0, 1, 2, 4], [1, 1, 2, 5]];
    const fails = (wrong: readonly number[], others: readonly number[] = []) => {
      return async ({ paths }: Plan) => {
        const path = paths.findIndex((edges) => [...wrong, ...others].includes(edges.at(-1) ?? -1));
        const move = (paths[path]?.length ?? 0) - 1;
        const kind = wrong.includes(paths[path]?.at(-1) ?? -1) ? FAILURE.kind : "crash";
        const failure = path < 0 ? {} : { failure: { ...FAILURE, kind, path, move } };
        return { paths: 0, steps: 0, probes: 0, seconds: 0, ...failure };
      };
    };
    const plan = { ...LIGHT, states, edges };
    expect((await shorten(plan, FAILURE, fails([3, 4, 5]))).edges).toEqual([4]);
    expect((await shorten(plan, FAILURE, fails([3, 5]))).edges).toEqual([0, 5]);
    expect((await shorten(plan, FAILURE, fails([3]))).edges).toEqual([0, 1, 3]);
    expect((await shorten(plan, FAILURE, fails([3], [4, 5]))).edges).toEqual([0, 1, 3]);
  });

  it("says so when the path does not fail alone", async () => {
    const trail = await shorten(LIGHT, FAILURE, async () => ({ paths: 1, steps: 0, probes: 0, seconds: 0 }));
    expect(trail.edges).toEqual([0, 1, 2, 0, 1, 3]);
    expect(trail.failure.message).toContain("not when this path is driven alone");
  });

  it("keeps the way as it is when a shorter one doesn't fail in the same way", async () => {
    const other = { ...FAILURE, kind: "hang" as const };
    const trail = await shorten(LIGHT, FAILURE, async () => ({
      paths: 0,
      steps: 0,
      probes: 0,
      seconds: 0,
      failure: other,
    }));
    expect(trail.edges).toEqual([0, 1, 2, 0, 1, 3]);
  });
});

describe("trailDiagram", () => {
  it("has a participant a lane, a line a step, and what differs", () => {
    expect(
      trailDiagram(LIGHT, wholeTrail(LIGHT, { ...FAILURE, along: [0, 1, 3], move: 2 })).split("\n"),
    ).toEqual([
      "sequenceDiagram",
      "  participant L0 as light",
      "  participant L1 as walker 1",
      "  L0->>L0: Change",
      "  Note right of L0: colour: green → amber",
      "  L0->>L0: Change",
      "  Note right of L0: colour: amber → red",
      "  L1->>L1: Press(times = 2)",
      "  Note right of L1: pressed: 0 → 2",
      "  Note over L1: state: the state is not the specification's, pressed: 1 in place of 2",
      "",
    ]);
  });
});

describe("a failure's file", () => {
  const file = failureFile(LIGHT, wholeTrail(LIGHT, FAILURE), { claim: "Light.cfg", driver: "light.ts" });

  it("leads along the same edges, also when the plan numbers them anew", () => {
    expect(planAlong(LIGHT, file, "f.json").paths).toEqual([[0, 1, 2, 0, 1, 3]]);
    const anew: Plan = { ...LIGHT, edges: [...LIGHT.edges].reverse() };
    expect(planAlong(anew, file, "f.json").paths).toEqual([[3, 2, 1, 3, 2, 0]]);
  });

  it("is refused when the specification has other steps now", () => {
    const without: Plan = { ...LIGHT, edges: LIGHT.edges.slice(0, 3) };
    expect(() => planAlong(without, file, "f.json")).toThrow(/no step 6, Press of walker 1, any more/);
  });
});
