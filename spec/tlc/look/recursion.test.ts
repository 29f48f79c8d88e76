import { describe, expect, it } from "vitest";
import { readMessages } from "../output/messages.js";
import { readReport } from "../output/report.js";
import { placeRecursion } from "./recursion.js";

const OVERFLOW = readReport(
  readMessages("@!@!@STARTMSG 1005:1 @!@!@\nThis was a Java StackOverflowError.\n@!@!@ENDMSG 1005 @!@!@\n"),
);

function placed(...texts: readonly string[]) {
  const files = texts.map((text, i) => ({ name: `M${i}`, path: `/spec/M${i}.tla`, text }));
  return placeRecursion(OVERFLOW, { files }).errors[0];
}

describe("placeRecursion", () => {
  it.each([
    ["an operator", "\\* RECURSIVE G(_)\nRECURSIVE F(_)\nF(n) == F(n + 1)\nG(n) == G(n)", 3, 1],
    ["an inner operator", "A ==\n  LET RECURSIVE F(_)\n      F(n) == F(n + 1)\n  IN F(1)", 3, 7],
    ["a function", "g[n \\in Nat] == n\nf[n \\in Nat] == IF n = 0 THEN 0 ELSE f[n - 1]\nh == f[3]", 2, 1],
  ])("finds %s", (_, text, line, column) => {
    expect(placed("x == 1", text)).toMatchObject({
      kind: "stack",
      location: { module: "M1", file: "/spec/M1.tla", line, column },
    });
  });

  it("names them where there are several, and none where there is none", () => {
    const both = placed("RECURSIVE F(_), G(_, _)\nF(n) == G(n, 1)\nG(n, m) == F(n)");
    expect(both?.location).toBeUndefined();
    expect(both?.message).toMatch(/\nRecursive here: F \(M0:2\), G \(M0:3\)\.$/);
    expect(placed("x == 1")?.message).toMatch(
      /^an expression is nested too deeply for Java's stack\.\n.*Java-stack: 64m$/,
    );
  });
});
