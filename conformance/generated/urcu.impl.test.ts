// Generated from spec/rcu/number-steps/Urcu.tla by `npm run generate`. Do not edit.
import { describe, expect, it } from "vitest";
import { follow } from "../replay/follow.js";

const RANGES = [
      { claim: "rcu/number-steps/Urcu-any-updates", from: 1, to: 1443, steps: 197916 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 1444, to: 2886, steps: 186136 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 2887, to: 4329, steps: 168246 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 4330, to: 5772, steps: 154344 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 5773, to: 7215, steps: 182517 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 7216, to: 8658, steps: 158911 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 8659, to: 10101, steps: 93080 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 10102, to: 11540, steps: 61486 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 1, to: 2526, steps: 323861 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 2527, to: 5052, steps: 304305 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 5053, to: 7578, steps: 292472 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 7579, to: 10104, steps: 294398 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 10105, to: 12630, steps: 299579 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 12631, to: 15156, steps: 269638 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 15157, to: 17682, steps: 82136 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 17683, to: 20201, steps: 114918 },
    ];
describe("the TypeScript implementation, on worker threads", () => {
  it.each(RANGES)("follows paths $from to $to of $claim: $steps steps", async ({ steps, ...range }) => {
    expect(await follow("impl", range)).toEqual({ paths: range.to - range.from + 1, steps });
  });
});

