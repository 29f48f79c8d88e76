import { describe, expect, it } from "vitest";
import { stressImpl } from "./stress.js";

describe("stress with real threads", () => {
  it("never reads a cell that was reclaimed", async () => {
    const result = await stressImpl({ readers: 2, updaters: 2, updates: 1000 });
    expect(result).toMatchObject({ updates: 2000, violations: 0, trouble: null });
    expect(result.uses).toBeGreaterThan(1000);
  });

  it.each(["zero-number", "not-raised", "early-return", "free-before-scan", "inner-unlock-clears"])(
    "kills the mutant %s",
    async (mutant) => {
      const result = await stressImpl({ updates: 100_000, mutant });
      expect(result.violations).toBeGreaterThan(0);
    },
  );

  it("reports the mutant missed-wake-up as a hang, and ends its threads", async () => {
    const result = await stressImpl({ updates: 100_000, mutant: "missed-wake-up", hangMs: 500 });
    expect(result.trouble).toBe("no update for 500 ms");
  });

  it("can be stopped", async () => {
    const stop = new AbortController();
    const running = stressImpl({ updates: 1_000_000, signal: stop.signal });
    setTimeout(() => stop.abort(new Error("enough")), 100);
    await expect(running).rejects.toThrow("enough");
  });
});
