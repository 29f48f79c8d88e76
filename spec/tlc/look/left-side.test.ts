import { describe, expect, it } from "vitest";
import { leftSideOf } from "./left-side.js";

function left(text: string): string | undefined {
  const module = { name: "M", path: "/M.tla", text: `---- MODULE M ----\n${text}\n====\n` };
  return leftSideOf("P", [{ name: "Other", path: "/Other.tla", text: "" }, module])?.expression;
}

describe("leftSideOf", () => {
  const indented = (columns: number, text: string): string => " ".repeat(columns) + text;
  it.each([
    ["P == a => b", indented(5, "a")],
    ["P == a ~> b", indented(5, "a")],
    ["P ==\n  x = 1 /\\ f[y] # {} =>\n    \\/ a\n    \\/ b", indented(2, "x = 1 /\\ f[y] # {}")],
    ["P == x = 1\n     /\\ y = 2 => b", indented(5, "x = 1\n     /\\ y = 2")],
    ['P == (* a => b *) s = "=>" => b', indented(18, 's = "=>"')],
    ["P == \\A x \\in S, y \\in T : Q(x) => R(y)", ` \\E x \\in S, y \\in T :\n${indented(27, "Q(x)")}`],
    [
      "P ==\n  \\A x \\in S :\n    \\A y \\in T : Q(x, y) ~> R",
      ` \\E x \\in S :\n \\E y \\in T :\n${indented(17, "Q(x, y)")}`,
    ],
    ["P == (\\A x \\in S : x => y) => b", indented(5, "(\\A x \\in S : x => y)")],
  ])("finds that of %j", (text, expected) => expect(left(text)).toBe(expected));

  it.each([
    "P == a /\\ b",
    "P == /\\ a => b\n     /\\ c",
    "P == \\E x \\in S : a => b",
    "P == x = 1 /\\ \\E y \\in S : a => b",
    "P == IF a THEN b => c ELSE d",
    "P == LET d == a IN d => b",
    "P == [][a => b]_v",
    "P == []a => b",
    "P == x' = 1 => b",
    "P == f[x'] => b",
    "P == a <=> b",
    "Q == a => b",
    "P(x) == a => b",
  ])("finds none where there is none or it can't be sure: %j", (text) => expect(left(text)).toBeUndefined());

  it("ends with the definition", () => expect(left("P == a\nQ == b => c")).toBeUndefined());
});
