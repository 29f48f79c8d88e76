import { describe, expect, it } from "vitest";
import { createProgress } from "../base/terminal.js";
import type { Plan } from "../contract/plan.js";
import type { ReplayResult } from "../contract/result.js";
import type { StoredPlan } from "../plan/store.js";
import { driverTarget } from "../targets/driver.js";
import { conform } from "./conform.js";
import { showConformance } from "./report.js";

const plan = { words: ["on", "hot"], paths: [[0]], edges: [[0, 0, 1, 0]] } as unknown as Plan;
const report = { states: 1, edges: 1, paths: 1, steps: 1, lowerBound: 1, coverage: 1 };
const stored = { claim: "Lamp", plan, report, sha256: "" } as unknown as StoredPlan;

async function verdictOf(result: Partial<ReplayResult>): Promise<string> {
  const replay = async () => ({ paths: 1, steps: 1, probes: 0, seconds: 1, ...result });
  const target = { ...driverTarget("lamp", { command: "", args: [] }), replay };
  const conformed = await conform([stored], {
    targets: [target],
    signal: new AbortController().signal,
    progress: await createProgress(true),
  });
  return showConformance(conformed);
}

describe("a driver that follows every path", () => {
  it("conforms, if anything of it was compared", async () => {
    expect(await verdictOf({})).toContain("conforms");
    expect(await verdictOf({ unseen: ["hot"] })).toContain("conforms");
    expect(await verdictOf({ unseen: ["on", "hot"], probes: 3 })).toContain("conforms");
  });

  it("is inconclusive, if it shows nothing and has had nothing to refuse", async () => {
    expect(await verdictOf({ unseen: ["on", "hot"] })).toContain(
      "inconclusive: 1 of 1 paths were followed, but the driver shows none of the contract's words",
    );
  });
});
