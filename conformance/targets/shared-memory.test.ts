import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { root } from "../base/root.js";
import type { Plan } from "../contract/plan.js";
import { loadPlan } from "../plan/store.js";
import { sharedMemory } from "./shared-memory.js";

let plan: Plan;
beforeAll(async () => {
  ({ plan } = await loadPlan("rcu/shared-memory/SharedMemory-readers", { root }));
});

/** Rows of native/mutants.json that a step shows. */
const KILLED = ["shared-busy-is-dead", "shared-claim-as-it-is", "shared-unlock-only", "shared-no-scan"];

describe("a domain in shared memory, whose processes are killed at every step", () => {
  it("is followed along every edge", async () => {
    const result = await sharedMemory.replay(plan, {});
    expect(result.failure).toBeUndefined();
    expect(result.paths).toBe(plan.paths.length);
    expect(result.unseen).toBeUndefined();
  });

  it.each(KILLED)("kills %s, and leaves nothing behind", async (mutant) => {
    const temporary = mkdtempSync(join(tmpdir(), "quiesce-shared-test-"));
    vi.stubEnv("TMPDIR", temporary);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(temporary, { recursive: true });
    });
    const { failure } = await sharedMemory.replay(plan, { mutant, hangMs: 60_000 });
    expect(failure?.kind).toBe("state");
    expect(failure?.words).not.toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
