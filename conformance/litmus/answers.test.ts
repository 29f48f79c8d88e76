import { describe, expect, it } from "vitest";
import { answersOf, STOPPED } from "./answers.js";

const QUIET = { success: true, errors: [], symmetryWithLiveness: false, truncated: false };
const printed = ["<<1, 1, 3, {<<[P0 |-> <<0>>], <<1>>>>}, FALSE>>", "<<2, 1, 2, {}, FALSE>>", "<<0, 7>>"];
const limits = { states: 10, choices: 5 };
const answers = (lines: readonly string[], distinct: number) =>
  answersOf(
    {
      report: { ...QUIET, printed: lines, statistics: { generated: 20, distinct, queue: 0 } },
    },
    2,
    ["weak"],
    limits,
  );

describe("no verdict comes from a run that is not whole", () => {
  it("because the states that it reports are not those that TLC counted", () => {
    expect(answers(printed, 12)).toEqual([
      { cases: [{ order: "weak", states: 3, ends: [{ finals: [[0]], words: [1] }] }] },
      { cases: [{ order: "weak", states: 2, ends: [] }] },
    ]);
    expect(answers(printed, 13)).toBeUndefined();
    expect(answers(printed, 11)).toBeUndefined();
  });

  it.each([0, 1, 2])("because line %s is missing", (n) => {
    const states = [9, 10, 5][n] ?? 0;
    expect(
      answers(
        printed.filter((_, line) => line !== n),
        states,
      ),
    ).toBeUndefined();
  });

  it("because what TLC printed breaks off", () => {
    expect(answers([...printed.slice(0, 2), "<< 1,"], 12)).toBeUndefined();
  });

  it("because it was given up: too many states, or choices", () => {
    expect(answers(["<<1, 1, 11, {}, FALSE>>", "<<2, 1, -1, {}, FALSE>>", "<<0, 7>>"], 18)).toEqual([
      { unknown: "it has more than 10 states under the order weak", large: true },
      { unknown: "the compiler and the branches may choose between more than 5 ways" },
    ]);
  });

  it("because the time was up", () => {
    const seen = answers(["<<1, 1, 3, {}, TRUE>>", "<<2, 1, 2, {}, FALSE>>", "<<0, 7>>"], 12);
    expect(seen?.map((one) => one === STOPPED)).toEqual([true, false]);
  });
});
