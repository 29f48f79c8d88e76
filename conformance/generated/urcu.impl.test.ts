// Generated from spec/rcu/number-steps/Urcu.tla by `npm run generate`. Do not edit.
import { describe, expect, it } from "vitest";
import { follow } from "../replay/follow.js";

const RANGES = [
      { from: 1, to: 432, steps: 63310 },
      { from: 433, to: 864, steps: 56809 },
      { from: 865, to: 1296, steps: 45618 },
      { from: 1297, to: 1728, steps: 56481 },
      { from: 1729, to: 2160, steps: 40080 },
      { from: 2161, to: 2592, steps: 39083 },
      { from: 2593, to: 3024, steps: 10182 },
      { from: 3025, to: 3455, steps: 13635 },
    ];
describe("the TypeScript implementation, on worker threads", () => {
  it.each(RANGES)("follows paths $from to $to of Urcu: $steps steps", async ({ from, to, steps }) => {
    expect(await follow("impl", { from, to })).toEqual({ paths: to - from + 1, steps });
  });
});

