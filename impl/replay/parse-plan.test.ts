import { describe, expect, it } from "vitest";
import { STEPS } from "../generated/steps.js";
import { BadPlanError, parsePlan } from "./parse-plan.js";
import { randomWalks } from "./walks.fixture.js";

const good = JSON.parse(
  JSON.stringify(randomWalks({ updaters: 1, readers: 2, nesting: 1, paths: 2, length: 10, seed: 3 })),
);

const where = (change: Record<string, unknown>): string => {
  try {
    parsePlan({ ...good, ...change });
  } catch (error) {
    if (error instanceof BadPlanError) return error.where;
    throw error;
  }
  return "none";
};
const moves = (...triples: number[]) => ({ paths: [{ start: 0, moves: triples }] });
const step = (name: (typeof STEPS)[number]) => STEPS.indexOf(name);

describe("reading a plan", () => {
  it("takes what was written", () => {
    expect(parsePlan(good)).toEqual(good);
  });

  it.each<[string, unknown]>([
    ["null", null],
    ["a list", []],
    ["a text", "plan"],
  ])("refuses %s", (_, value) => {
    expect(() => parsePlan(value)).toThrow(/bad plan: plan: expected an object/);
  });

  it.each<[string, Record<string, unknown>]>([
    ["format", { format: 1 }],
    ["updaters", { updaters: 0 }],
    ["readers", { readers: 0 }],
    ["cells", { cells: "3" }],
    ["words[0]", { words: ["qp"] }],
    ["words", { words: [...good.words, "gp"] }],
    ["words", { words: ["gp"] }],
    ["steps[1]", { steps: ["Idle", "Dance"] }],
    ["steps[0]", { steps: ["Use"] }],
    ["states[0]", { states: [[1]] }],
    ["states[0][1]", { states: [[1, 0.5]] }],
    ["paths[0].start", { paths: [{ start: 100_000, moves: [1, 1, 1] }] }],
    ["paths[0].moves", moves()],
    ["paths[0].moves", moves(1, step("Register"))],
    ["paths[0].moves[0]", moves(9, step("Register"), 0)],
    ["paths[0].moves[1]", moves(1, 99, 0)],
    ["paths[0].moves[1]", moves(1, step("Idle"), 0)],
    ["paths[0].moves[1]", moves(1, step("Announce"), 0)],
    ["paths[0].moves[1]", moves(0, step("Register"), 0)],
    ["paths[0].moves[2]", moves(1, step("Register"), 100_000)],
  ])("says where: %s", (expected, change) => {
    expect(where(change)).toBe(expected);
  });

  it("refuses a step that its thread does not stand before", () => {
    const plan = randomWalks({ updaters: 1, readers: 1, nesting: 1, paths: 1, length: 1, seed: 1 });
    const at = plan.words.indexOf("at1");
    const states = [...plan.states, plan.states[0]?.map((word, i) => (i === at ? step("Wake") : word))];
    const paths = [{ start: states.length - 1, moves: [1, step("Announce"), 0] }];
    expect(() => parsePlan({ ...plan, states, paths })).toThrow(
      /stands before Wake and cannot take the step Announce/,
    );
  });
});
