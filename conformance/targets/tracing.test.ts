import { describe, expect, it } from "vitest";
import { buildTracingDriver, listDriverMutants } from "../../native/js/tracing/drivers.js";
import { root } from "../base/root.js";
import type { Plan } from "../contract/plan.js";
import { loadPlan } from "../plan/store.js";
import { switching, traced } from "./tracing.js";

const plans = new Map<string, Promise<Plan>>();
function planOf(claim: string): Promise<Plan> {
  const known = plans.get(claim) ?? loadPlan(`tracing/${claim}`, { root }).then(({ plan }) => plan);
  plans.set(claim, known);
  return known;
}

const FOLLOWED = [
  ...["Ring", "Ring-lost", "Ring-overwrite"].map((claim) => ({ target: traced, claim })),
  ...["Switching", "Switching-two", "Switching-killed", "Switching-modules"].map((claim) => ({
    target: switching,
    claim,
  })),
];
const MUTANTS = [
  ...listDriverMutants("ring").map((row) => ({ target: traced, ...row })),
  ...listDriverMutants("switching").map((row) => ({ target: switching, ...row })),
];

describe("tracing, held before each step", () => {
  it.each(FOLLOWED)("is followed along every edge of $claim", async ({ target, claim }) => {
    const plan = await planOf(claim);
    expect(await target.lacks?.(plan)).toBeUndefined();
    const result = await target.replay(plan, {});
    expect(result.failure).toBeUndefined();
    expect(result.paths).toBe(plan.paths.length);
    expect(result.unseen).toBeUndefined();
  });

  it.each(MUTANTS.map(({ target, name, claim }) => [name, claim, target] as const))(
    "kills %s, along %s",
    async (name, claim, target) => {
      const { failure } = await target.replay(await planOf(claim), { mutant: name });
      expect(["state", "refused"]).toContain(failure?.kind);
    },
  );

  it("has no threads that come and go", async () => {
    const lack = await traced.lacks?.(await planOf("Ring-threads"));
    expect(lack).toMatchObject({ kind: "unfit", why: expect.stringContaining("Claim") });
  });

  it("has no third process", async () => {
    const plan = await planOf("Switching");
    const three: Plan = { ...plan, lanes: [...plan.lanes, ...plan.lanes, ...plan.lanes] };
    expect(await switching.lacks?.(three)).toMatchObject({
      why: "native-switching has at most 2 processes",
    });
  });

  it("names its mutants to who asks for another", async () => {
    await expect(buildTracingDriver("ring", "none")).rejects.toThrow(
      'no mutant of a traced thread\'s ring is called "none"',
    );
  });
});
