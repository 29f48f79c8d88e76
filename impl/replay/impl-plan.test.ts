import { describe, expect, it } from "vitest";
import type { Plan } from "../../conformance/contract/plan.js";
import { BadPlanError } from "../../conformance/contract/walk.js";
import { STEPS, type Step } from "../generated/steps.js";
import { implPlan } from "./impl-plan.js";
import { randomWalks } from "./walks.fixture.js";

const good = randomWalks({ updaters: 1, readers: 2, nesting: 1, paths: 2, length: 10, seed: 3 });

const move = (lane: number, step: Step): Partial<Plan> => ({
  edges: [[0, lane, STEPS.indexOf(step), 0]],
  paths: [[0]],
});
const groups = (
  change: (group: Plan["groups"][number]) => Partial<Plan["groups"][number]>,
): Partial<Plan> => ({
  groups: good.groups.map((group) => ({ ...group, ...change(group) })),
});

describe("a plan for this implementation", () => {
  it("has its updaters, readers and cells counted", () => {
    expect(implPlan(good)).toMatchObject({
      updaters: 1,
      readers: 2,
      cells: 2,
      lanes: ["updater", "reader 1", "reader 2"],
      words: good.words,
      steps: STEPS,
    });
  });

  it.each<[where: string, what: RegExp, change: Partial<Plan>]>([
    ["lanes", /an updater and a reader/, { lanes: good.lanes.map((lane) => ({ ...lane, kind: "reader" })) }],
    ["lanes[0]", /updaters numbered from 0/, { lanes: good.lanes.toReversed() }],
    ["steps[43]", /no step "Dance"/, { steps: [...good.steps, { name: "Dance", with: {} }] }],
    [
      "steps[43]",
      /can't be asked to refuse "Idle"/,
      { steps: [...good.steps, { name: "Idle", with: {}, refusable: true }] },
    ],
    ["groups[0]", /no word "qp"/, groups(({ name }) => (name === "gp" ? { name: "qp" } : {}))],
    ["groups[11]", /expected 2 words of notice, found 3/, narrowed("notice", "owner")],
    [
      "words[1]",
      /expected "begun", found "gp"/,
      { words: good.words.map((word, i) => (i === 1 ? "gp" : word)) },
    ],
    ["groups", /gp is there twice/, twice()],
    [
      "paths[0][0]",
      /reader 1 is idle, and no operation of a reader begins with Announce/,
      move(1, "Announce"),
    ],
    [
      "paths[0][0]",
      /updater is idle, and no operation of an updater begins with Register/,
      move(0, "Register"),
    ],
    ["paths[0][0]", /there is no lane 9/, move(9, "Register")],
  ])("says what it can't follow: %s, %s", (where, what, change) => {
    const read = (): unknown => implPlan({ ...good, ...change });
    expect(read).toThrow(BadPlanError);
    expect(read).toThrow(what);
    expect(read).toThrow(expect.objectContaining({ where: `plan: ${where}` }));
  });
});

/** One group has a word more at the cost of the next, so the plan as such is in order. */
function narrowed(wider: string, narrower: string): Partial<Plan> {
  return groups(({ name, first, count }) =>
    name === wider ? { count: count + 1 } : name === narrower ? { first: first + 1, count: count - 1 } : {},
  );
}

/** The word begun is called gp, too. */
function twice(): Partial<Plan> {
  return {
    ...groups(({ name }) => (name === "begun" ? { name: "gp" } : {})),
    words: good.words.map((word) => (word === "begun" ? "gp" : word)),
  };
}
