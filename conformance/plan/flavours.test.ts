import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../base/root.js";
import type { Plan } from "../contract/plan.js";
import { flavours } from "../targets/flavours.js";
import { replayedClaims } from "./replayed.js";
import { loadPlan } from "./store.js";

let plan: Plan;

beforeAll(async () => {
  plan = (await loadPlan(replayedClaims("Urcu")[0] ?? "", { root })).plan;
});

describe.each(flavours)("$title", (flavour) => {
  it("follows the specification along every edge", async () => {
    const result = await flavour.replay(plan);
    expect(result.failure).toBeUndefined();
    expect(result.paths).toBe(plan.paths.length);
  });

  it("has mutants of its own, which replay kills", async () => {
    const mutants = await flavour.mutants();
    expect(mutants.length).toBeGreaterThan(0);
    for (const { name } of mutants) {
      const { failure } = await flavour.replay(plan, { mutant: name });
      expect({ name, kind: failure?.kind }).toMatchObject({
        name,
        kind: expect.stringMatching(/^(call|step|not-blocked)$/),
      });
    }
  });
});
