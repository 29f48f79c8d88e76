import { describe, expect, it } from "vitest";
import { readConfig } from "./config.js";

describe("readConfig", () => {
  it("reads what a configuration asks for", () => {
    const config = readConfig(`
\\* INVARIANT NotThis
(* CONSTANT NotThat = 1 (* nested *) INVARIANT Neither *)
SPECIFICATION FairSpec
CONSTANTS
  N = 3  Names = {a, "b (* c *)", {1}}   \\* several on a line
  a = a
  Minus = -1
  Op <- Other
  F(x, y) = 3
  G <- [Module] H
  K = [Module] 4
  Tuple = <<1, 2>>
  Across =
    {1,
     2}
INVARIANTS TypeOK
  Safe
PROPERTY Live PROPERTIES Fair
CONSTRAINT Small
SYMMETRY Perms
CHECK_DEADLOCK FALSE
`);
    expect(config.problems).toEqual([]);
    expect(config.assignments.map((a) => [a.name, a.operator, a.value])).toEqual([
      ["N", "=", "3"],
      ["Names", "=", '{a, "b (* c *)", {1}}'],
      ["a", "=", "a"],
      ["Minus", "=", "-1"],
      ["Op", "<-", "Other"],
      ["F", "=", "3"],
      ["G", "<-", "[Module] H"],
      ["K", "=", "[Module] 4"],
      ["Tuple", "=", "<<1, 2>>"],
      ["Across", "=", "{1,\n     2}"],
    ]);
    expect(config).toMatchObject({
      specification: "FairSpec",
      invariants: ["TypeOK", "Safe"],
      properties: ["Live", "Fair"],
      constraints: ["Small"],
      symmetry: ["Perms"],
      checksDeadlock: false,
    });
  });

  it("checks for deadlock unless told otherwise", () => {
    expect(readConfig("INIT Init\nNEXT Next")).toMatchObject({
      init: "Init",
      next: "Next",
      checksDeadlock: true,
    });
    expect(readConfig("CHECK_DEADLOCK TRUE").checksDeadlock).toBe(true);
  });

  it("knows where values are", () => {
    const text = "CONSTANT \\* N = 1\n N = 22 M=3";
    const [n, m] = readConfig(text).assignments;
    expect(text.slice(n?.valueStart, n?.valueEnd)).toBe("22");
    expect(text.slice(m?.valueStart, m?.valueEnd)).toBe("3");
    expect(text.slice(n?.offset)).toMatch(/^N = 22/);
  });

  it.each([
    ["CONSTANT N = = 3", "expected a value for N, found ="],
    ["CONSTANT N 3", "expected = or <- after N, found 3"],
    ["CONSTANT N =", "expected a value for N, found the end"],
    ["CONSTANT N = INVARIANT I", "expected a value for N, found INVARIANT"],
    ["Safe", "expected a keyword such as SPECIFICATION or CONSTANTS, found Safe"],
    ["INVARIANT = 3", "expected a keyword such as SPECIFICATION or CONSTANTS, found ="],
    ["SPECIFICATION A B", "SPECIFICATION takes one name, found B"],
    ["SPECIFICATON Spec", "unknown keyword SPECIFICATON"],
  ])("does not accept %s", (text, message) => {
    expect(readConfig(text).problems.map((p) => p.message)).toEqual([message]);
  });
});
