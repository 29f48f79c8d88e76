import { describe, expect, it } from "vitest";
import { measureTracing } from "./measure.js";

describe("the measurement of tracing", () => {
  it("has figures of each side that is installed", async () => {
    const [row] = await measureTracing(["four"], [1], { rounds: 10, repeats: 1 });
    expect(row).toMatchObject({ event: "four", threads: 1 });
    for (const figures of Object.values(row?.sides ?? {}).flat()) {
      expect(figures["ns_min"]).toBeGreaterThan(1);
      expect(figures["ns_median"]).toBeGreaterThanOrEqual(figures["ns_min"] ?? Number.NaN);
      expect(figures["kb_thread"]).toBeGreaterThan(0);
    }
    expect(row?.sides.quiesce).toHaveLength(1);
  });
});
