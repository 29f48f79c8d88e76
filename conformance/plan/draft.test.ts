import { describe, expect, it } from "vitest";
import { atCommas } from "./draft.js";

describe("the sets of a quantifier", () => {
  it("end at a comma, but not at one of their own", () => {
    expect(atCommas('a, b \\in {1, 2}, c \\in [x: {<<1, 2>>}, y: S], d \\in {"},"}')).toEqual([
      "a",
      " b \\in {1, 2}",
      " c \\in [x: {<<1, 2>>}, y: S]",
      ' d \\in {"},"}',
    ]);
  });
});
