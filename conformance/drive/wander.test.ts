import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Plan } from "../contract/plan.js";
import { drive } from "./drive.js";
import { LAMP } from "./lamp.fixture.js";
import type { DriverCommand } from "./session.js";
import { Graph } from "./track.js";
import { wander } from "./wander.js";

const ROOT = dirname(createRequire(import.meta.url).resolve("quiesce/package.json"));
const NAMES = ["PutA", "PutB", "TakeA", "TakeB", "Keep"];

/** A box that A or B is in, or nothing; what is in it is not seen. Its path ends before `Keep` could be found out. */
const BOX: Plan = {
  ...LAMP,
  claim: "Box",
  module: "Box",
  steps: NAMES.map((name) => ({ name, with: {} })),
  words: ["full"],
  groups: [{ name: "full", first: 0, count: 1 }],
  refusable: [],
  states: [[false], [true], [true]],
  edges: [
    [0, 0, 0, 1],
    [0, 0, 1, 2],
    [1, 0, 2, 0],
    [2, 0, 3, 0],
    [2, 0, 4, 2],
  ],
  paths: [[0, 2, 1, 3, 1, 4]],
};

function box(fault: string): DriverCommand {
  return {
    command: process.execPath,
    args: [join(ROOT, "conformance", "drive", "fixtures", "box.mjs"), fault],
  };
}

describe("walks beyond the paths", () => {
  it("are steps of their own in the result", async () => {
    const result = await drive(BOX, box("none"));
    expect(result).toMatchObject({ paths: 1, steps: 6, wandered: 200 });
    expect(result.failure).toBeUndefined();
  });

  it("find a wrong state that looks right until a later step", async () => {
    const { failure } = await drive(BOX, box("turns"));
    expect(failure).toMatchObject({ kind: "refused", step: "TakeB", walk: true });
  });

  it("find what is left over from a walk when the next one begins", async () => {
    const { failure } = await drive(BOX, box("leftover"));
    expect(failure).toMatchObject({ walk: true });
  });

  it("take each edge behind each other, and end in every state", () => {
    const { paths } = wander(new Graph(BOX));
    const pairs = new Set(paths.flatMap((path) => path.slice(1).map((edge, i) => `${path[i]} ${edge}`)));
    expect(pairs.size).toBe(1 + 2 + 2 + 2 + 2);
    expect(new Set(paths.map((path) => BOX.edges[path.at(-1) ?? 0]?.[3]))).toEqual(new Set([0, 1, 2]));
    expect(paths.reduce((sum, { length }) => sum + length, 0)).toBe(200);
    expect(wander(new Graph(BOX)).paths).toEqual(paths);
  });

  it("ask for some of what isn't allowed", () => {
    const { paths, probes } = wander(new Graph({ ...BOX, refusable: [[0, 2]] }));
    const asked = paths.flatMap((path, i) => path.map((edge, move) => ({ edge, probes: probes(i, move) })));
    for (const { edge, probes } of asked)
      expect(probes).toEqual(BOX.edges[edge]?.[0] === 1 ? [] : [{ lane: 0, step: 2 }]);
  });

  it("are none where a step happens by itself, or a state leads nowhere", () => {
    const hidden = { ...BOX, steps: BOX.steps.map((step) => ({ ...step, hidden: "later" as const })) };
    expect(wander(new Graph(hidden)).paths).toEqual([]);
    expect(wander(new Graph({ ...BOX, edges: [], paths: [] })).paths).toEqual([]);
  });
});
