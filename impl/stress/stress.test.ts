import { describe, expect, it, vi } from "vitest";
import { type StressOptions, type StressResult, stressImpl } from "./stress.js";

/** Runs it again where chance has not shown what is looked for: on a busy machine that may take some runs. */
const untilSeen = (options: StressOptions, isSeen: (result: StressResult) => boolean) =>
  vi.waitFor(
    async () => {
      const result = await stressImpl(options);
      if (!isSeen(result)) throw new Error(`not seen: ${JSON.stringify(result)}`);
      return result;
    },
    { timeout: 300_000 },
  );

describe("stress with real threads", () => {
  it("never reads a cell that was reclaimed", async () => {
    // Who reads may get the processor late; what is wrong is wrong at once.
    const result = await untilSeen(
      { readers: 2, updaters: 2, updates: 1000, hangMs: 60_000 },
      ({ violations, trouble, uses }) => violations > 0 || trouble !== null || uses > 1000,
    );
    expect(result).toMatchObject({ updates: 2000, violations: 0, trouble: null });
    expect(result.uses).toBeGreaterThan(1000);
  });

  it.each(["zero-number", "not-raised", "early-return", "free-before-scan", "inner-unlock-clears"])(
    "kills the mutant %s",
    async (mutant) => {
      const result = await untilSeen({ updates: 100_000, mutant }, ({ violations }) => violations > 0);
      expect(result.violations).toBeGreaterThan(0);
    },
  );

  it("reports the mutant missed-wake-up as a hang, and ends its threads", async () => {
    const options = { updates: 100_000, mutant: "missed-wake-up", hangMs: 500 };
    const result = await untilSeen(options, ({ trouble }) => trouble !== null);
    expect(result.trouble).toBe("no update for 500 ms");
  });

  it("can be stopped", async () => {
    const stop = new AbortController();
    const running = stressImpl({ updates: 1_000_000, signal: stop.signal });
    setTimeout(() => stop.abort(new Error("enough")), 100);
    await expect(running).rejects.toThrow("enough");
  });
});
