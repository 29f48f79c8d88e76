import { beforeAll, describe, expect, it } from "vitest";
import { isElsewhere } from "../../spec/tlc/base/elsewhere.fixture.js";
import { root } from "../base/root.js";
import type { Plan } from "../contract/plan.js";
import { BadPlanError } from "../contract/walk.js";
import { targetNamed } from "../targets/targets.js";
import { loadPlan } from "./store.js";

// One has readers that the leader may look at in any order, the other updaters that share a grace period.
const CLAIMS = ["rcu/phase-steps/Phase", "rcu/phase-steps/Phase-nested"];

const phase = targetNamed("native-phase");
const mutants = await phase.mutants();
const plans: Plan[] = [];

beforeAll(async () => {
  for (const claim of CLAIMS) plans.push((await loadPlan(claim, { root })).plan);
});

describe("a second specification on the engine that knows none", () => {
  it("is followed along every edge", async () => {
    for (const plan of plans) {
      const taken = new Set(plan.paths.flat());
      expect(taken.size).toBe(plan.edges.length);
      const result = await phase.replay(plan);
      expect(result.failure).toBeUndefined();
      expect(result).toMatchObject({
        paths: plan.paths.length,
        steps: plan.paths.reduce((sum, path) => sum + path.length, 0),
      });
      expect(result.probes).toBeGreaterThan(100);
    }
  });

  it.skipIf(isElsewhere).each(mutants)("kills $name", async ({ name, hangs }) => {
    // Only a sleeper that nobody wakes shows by the clock. The others have as much time as a busy machine takes.
    const kinds: (string | undefined)[] = [];
    for (const plan of plans)
      kinds.push((await phase.replay(plan, { mutant: name, hangMs: hangs ? 1500 : 60_000 })).failure?.kind);
    const found = kinds.find((kind) => kind !== undefined);
    expect(hangs ? ["hang"] : ["state", "step", "call"]).toContain(found);
  });

  it("is none for the library, and the library none for it", async () => {
    const [plan] = plans;
    if (plan === undefined) throw new Error("there is no plan");
    const replaying = targetNamed("native").replay(plan);
    await expect(replaying).rejects.toThrow(BadPlanError);
    await expect(replaying).rejects.toThrow(/the target quiesce has no step "ClearFutex"/);
  });
});
