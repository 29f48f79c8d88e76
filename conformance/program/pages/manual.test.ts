import { describe, expect, it } from "vitest";
import { referenceFiles } from "../../../native/js/reference/render.js";
import { root } from "../../base/root.js";
import { leftOverManual, staleFiles } from "./generate.js";

describe("the C reference, the manual and the list of exported symbols", () => {
  const files = referenceFiles();

  it("are what `generate` makes of the headers", () => {
    expect(staleFiles(root, files)).toEqual([]);
    expect(leftOverManual(root, files)).toEqual([]);
  });

  it("would be found stale after a change, and left over when a function is gone", () => {
    const [first, ...others] = files.toReversed();
    expect(leftOverManual(root, others)).toEqual([first?.path]);
    expect(staleFiles(root, [{ path: first?.path ?? "", text: "else" }])).toEqual([first?.path]);
  });
});
