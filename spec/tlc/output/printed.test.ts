import { describe, expect, it } from "vitest";
import { joinPrinted } from "./printed.js";

describe("joinPrinted", () => {
  it("joins the lines of a value, whatever brackets its strings have", () => {
    expect(joinPrinted(['"(("', "<< 1,", '   "}" >>', "", "3"])).toEqual(['"(("', '<< 1,\n   "}" >>', "3"]);
  });

  it("gives up on what never closes, and loses nothing of it", () => {
    expect(joinPrinted(["1", "{ 2,", "  3"])).toEqual(["1", "{ 2,", "  3"]);
  });
});
