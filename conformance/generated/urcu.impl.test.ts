// Generated from spec/rcu/number-steps/Urcu.tla by `npm run generate`. Do not edit.
import { describe, expect, it } from "vitest";
import { follow } from "../replay/follow.js";

const RANGES = [
      { claim: "rcu/number-steps/Urcu-any-updates", from: 1, to: 1441, steps: 197767 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 1442, to: 2882, steps: 185932 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 2883, to: 4323, steps: 167588 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 4324, to: 5764, steps: 153906 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 5765, to: 7205, steps: 182674 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 7206, to: 8646, steps: 159797 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 8647, to: 10087, steps: 92367 },
      { claim: "rcu/number-steps/Urcu-any-updates", from: 10088, to: 11528, steps: 61929 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 1, to: 2529, steps: 324049 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 2530, to: 5058, steps: 304531 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 5059, to: 7587, steps: 292498 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 7588, to: 10116, steps: 294570 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 10117, to: 12645, steps: 298669 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 12646, to: 15174, steps: 269559 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 15175, to: 17703, steps: 82316 },
      { claim: "rcu/number-steps/Urcu-two-updaters", from: 17704, to: 20230, steps: 115318 },
    ];
describe("the TypeScript implementation, on worker threads", () => {
  it.each(RANGES)("follows paths $from to $to of $claim: $steps steps", async ({ steps, ...range }) => {
    expect(await follow("impl", range)).toEqual({ paths: range.to - range.from + 1, steps });
  });
});

