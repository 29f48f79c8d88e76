import { describe, expect, it } from "vitest";
import { isElsewhere } from "../../spec/tlc/base/elsewhere.fixture.js";
import { root } from "../base/root.js";
import { flavours } from "../targets/flavours.js";
import { replayedClaims } from "./replayed.js";
import { loadPlan } from "./store.js";

describe.each(flavours)("$title", (flavour) => {
  const load = async () => (await loadPlan(replayedClaims(flavour.drives)[0] ?? "", { root })).plan;

  it("follows the specification along every edge", async () => {
    const plan = await load();
    const result = await flavour.replay(plan);
    expect(result.failure).toBeUndefined();
    expect(result.paths).toBe(plan.paths.length);
  });

  it.skipIf(isElsewhere)("has mutants of its own, which replay kills", async () => {
    const plan = await load();
    const mutants = await flavour.mutants();
    expect(mutants.length).toBeGreaterThan(0);
    for (const { name } of mutants) {
      const { failure } = await flavour.replay(plan, { mutant: name });
      expect({ name, kind: failure?.kind }).toMatchObject({
        name,
        kind: expect.stringMatching(/^(call|state|step|not-blocked|hang|use-after-free)$/),
      });
    }
  });
});
