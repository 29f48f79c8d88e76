import { describe, expect, it } from "vitest";
import { buildRingDriver, listRingMutants } from "../../native/js/tracing/ring.js";
import { root } from "../base/root.js";
import type { Plan } from "../contract/plan.js";
import { loadPlan } from "../plan/store.js";
import { traced } from "./traced.js";

const plans = new Map<string, Promise<Plan>>();
function planOf(claim: string): Promise<Plan> {
  const known = plans.get(claim) ?? loadPlan(`tracing/${claim}`, { root }).then(({ plan }) => plan);
  plans.set(claim, known);
  return known;
}

describe("a traced thread's ring, whose signal handlers come between any two steps", () => {
  it.each(["Ring", "Ring-lost", "Ring-overwrite"])("is followed along every edge of %s", async (claim) => {
    const plan = await planOf(claim);
    expect(await traced.lacks?.(plan)).toBeUndefined();
    const result = await traced.replay(plan, {});
    expect(result.failure).toBeUndefined();
    expect(result.paths).toBe(plan.paths.length);
    expect(result.unseen).toBeUndefined();
  });

  it.each(listRingMutants().map(({ name, claim }) => [name, claim] as const))(
    "kills %s, along %s",
    async (mutant, claim) => {
      const { failure } = await traced.replay(await planOf(claim), { mutant });
      expect(failure?.kind).toBe("state");
      expect(failure?.words).not.toEqual([]);
    },
  );

  it("has no threads that come and go", async () => {
    const lack = await traced.lacks?.(await planOf("Ring-threads"));
    expect(lack).toMatchObject({ kind: "unfit", why: expect.stringContaining("Claim") });
  });

  it("names its mutants to who asks for another", async () => {
    await expect(buildRingDriver("none")).rejects.toThrow(
      'no mutant of a traced thread\'s ring is called "none"',
    );
  });
});
