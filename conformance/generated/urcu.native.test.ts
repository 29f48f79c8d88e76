// Generated from spec/rcu/number-steps/Urcu.tla by `npm run generate`. Do not edit.
import { describe, expect, it } from "vitest";
import { follow } from "../replay/follow.js";

const RANGES = [
      { claim: "rcu/number-steps/Urcu-any-updates", from: 1, to: 1458, steps: 193728 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 1459, to: 2916, steps: 176327 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 2917, to: 4374, steps: 175318 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 4375, to: 5832, steps: 168629 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 5833, to: 7290, steps: 168619 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 7291, to: 8748, steps: 159345 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 8749, to: 10206, steps: 98228 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 10207, to: 11662, steps: 62337 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 1, to: 2490, steps: 324796 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 2491, to: 4980, steps: 297775 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 4981, to: 7470, steps: 291174 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 7471, to: 9960, steps: 286758 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 9961, to: 12450, steps: 285060 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 12451, to: 14940, steps: 290685 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 14941, to: 17430, steps: 74508 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 17431, to: 19919, steps: 111791 },
    ];
describe("the C library, on real threads with real membarrier()", () => {
  it.each(RANGES)("follows paths $from to $to of $claim: $steps steps", async ({ steps, ...range }) => {
    expect(await follow("native", range)).toEqual({ paths: range.to - range.from + 1, steps });
  });
});

