import { expect, it } from "vitest";
import { benchReadSide } from "./read-side.js";

it("says what the read side and its step points cost", async () => {
  const costs = await benchReadSide({ rounds: 3 });
  const shown = Object.entries(costs).map(([variant, ns]) => `${variant} ${ns.toFixed(1)} ns`);
  console.info(`impl read side, lock + dereference + unlock: ${shown.join(", ")}`);
  // Absent points are a null check each. The bound is far off so that a busy machine does not break it.
  expect(costs.library).toBeLessThan(4 * costs["without-points"]);
});
