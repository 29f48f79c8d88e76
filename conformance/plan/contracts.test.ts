import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import { findTools } from "../../spec/tlc/tools/tools.js";
import { root, specRoot } from "../base/root.js";
import type { Plan } from "../contract/plan.js";
import { stepText } from "../contract/plan.js";
import { buildPlan, planSource } from "./build.js";

const folder = join(root, "conformance", "plan", "fixtures");
const scratch = mkdtempSync(join(tmpdir(), "quiesce-contracts-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const tools = await findTools({});

type Raw = Record<string, unknown> & { steps: Record<string, unknown> };

let files = 0;

/** The fixture's contract with a change, as a file. */
function changed(change: (contract: Raw) => void): string {
  const contract = JSON.parse(readFileSync(join(folder, "Tokens.contract.json"), "utf8")) as Raw;
  change(contract);
  const file = join(scratch, `${++files}.contract.json`);
  writeFileSync(file, JSON.stringify(contract));
  return file;
}

async function planOf(name: string, contract?: string): Promise<Plan> {
  const source = await planSource(specRoot, join(folder, `${name}.cfg`), contract);
  return (await buildPlan(source, { tools })).plan;
}

/** The graph of a plan, whatever it is called and however its paths go. */
const graphOf = ({ lanes, steps, words, states, initial, edges }: Plan): unknown => {
  const state = (index: number): string => JSON.stringify(states[index]);
  return {
    ...{ lanes, steps, words },
    initial: initial.map(state),
    states: states.map((_, i) => state(i)).toSorted(),
    edges: edges.map(([from, lane, step, to]) => `${state(from)} ${lane} ${step} ${state(to)}`).toSorted(),
  };
};

const TOKENS = await planOf("Tokens");

describe("a plan", () => {
  it("has the lanes, steps and words of its contract, also for model values", () => {
    expect(TOKENS.lanes).toEqual([
      { kind: "worker", name: "worker w1", value: "w1" },
      { kind: "worker", name: "worker w2", value: "w2" },
    ]);
    expect(TOKENS.steps.map(stepText)).toEqual(["Idle", "Ask", "Put", 'Take(t = "t1")', 'Take(t = "t2")']);
    expect(TOKENS.words).toEqual(["held.w1", "held.w2", "free", "at.w1", "at.w2"]);
    expect(TOKENS.groups.map(({ name, first, count }) => [name, first, count])).toEqual([
      ["held", 0, 2],
      ["free", 2, 1],
      ["at", 3, 2],
    ]);
    expect(TOKENS).toMatchObject({ positions: 3, constants: { Worker: ["w1", "w2"], None: "None" } });
    expect(TOKENS.initial.map((state) => TOKENS.states[state])).toEqual([["None", "None", true, 0, 0]]);
  });

  it("has every edge of the graph, and takes each", () => {
    // Each worker is idle, about to take, or holds one of two tokens; not both the same one.
    expect(TOKENS.states).toHaveLength(4 * 4 - 2);
    expect(new Set(TOKENS.paths.flat()).size).toBe(TOKENS.edges.length);
    for (const path of TOKENS.paths) {
      let state = TOKENS.initial[0];
      for (const edge of path) {
        expect(TOKENS.edges[edge]?.[0]).toBe(state);
        state = TOKENS.edges[edge]?.[3];
      }
    }
    const took = TOKENS.edges.find(([, lane, step]) => lane === 1 && TOKENS.steps[step]?.with["t"] === "t2");
    expect(TOKENS.states[took?.[3] ?? -1]?.[1]).toBe("t2");
  });

  it.each([
    ["INIT and NEXT", "Tokens-init-next"],
    ["a formula that is the specification and more", "Tokens-fair"],
    ["an invariant that is violated", "Tokens-violated"],
    ["a symmetry, which is not made use of", "TokensSymmetric"],
  ])("is the same for a configuration with %s", async (_, name) => {
    expect(graphOf(await planOf(name))).toEqual(graphOf(TOKENS));
  });

  it("needs behaviours", async () => {
    const plan = planOf("Tokens-no-behaviour");
    await expect(plan).rejects.toThrow(BadInputError);
    await expect(plan).rejects.toThrow(/neither SPECIFICATION nor INIT and NEXT/);
    const given = changed((contract) => Object.assign(contract, { init: "Init", next: "Next" }));
    expect(graphOf(await planOf("Tokens-no-behaviour", given))).toEqual(graphOf(TOKENS));
  });
});

describe("a contract that doesn't fit its module is refused", () => {
  it.each<[string, (contract: Raw) => void, RegExp]>([
    [
      "a step is missing",
      ({ steps }) => {
        delete steps["Put"];
      },
      /takes a step that the contract doesn't have/,
    ],
    [
      "a step is an action that the module doesn't take",
      ({ steps }) => {
        steps["Lose"] = "worker";
      },
      /Lose\(\S+\) is no step of Tokens/,
    ],
    [
      "a step is no action",
      ({ steps }) => {
        steps["Dance"] = "worker";
      },
      /can't be read beside its module: TokensQsObserved.tla:[\d:]+ +Unknown operator: `Dance/,
    ],
    [
      "a lane's kind is unknown",
      ({ steps }) => {
        steps["Put"] = "worke";
      },
      /Put names "worke", which is no kind of lanes; did you mean worker\?/,
    ],
    [
      "a set can't be parsed",
      (contract) => {
        contract["lanes"] = [{ name: "worker", set: "Worker \\cup" }];
      },
      /can't be read beside its module/,
    ],
    [
      "a set is none",
      (contract) => {
        contract["lanes"] = [{ name: "worker", set: "None" }];
      },
      /None is no finite set/,
    ],
    [
      "a word can't be parsed",
      (contract) => {
        contract["words"] = [{ name: "free", value: "\\E t \\in" }];
      },
      /can't be read beside its module: TokensQsObserved.tla/,
    ],
    [
      "a position is no step",
      (contract) => {
        contract["position"] = 'IF pc[lane] = "Take" THEN "Grab" ELSE "Idle"';
      },
      /position is "Grab", which is no step/,
    ],
  ])("%s", async (_, change, message) => {
    const plan = planOf("Tokens", changed(change));
    await expect(plan).rejects.toThrow(BadInputError);
    await expect(plan).rejects.toThrow(message);
  });
});
