import { describe, expect, it } from "vitest";
import { parseValue } from "../../spec/tlc/value/value.js";
import { expressionOf } from "./expression.js";

describe("a value as an expression of any module", () => {
  it.each([
    ["(-1 :> TRUE @@ 0 :> {m1})", "[qsKey \\in {-1, 0} |-> CASE qsKey = -1 -> TRUE [] qsKey = 0 -> {Qs_m1}]"],
    ['[a |-> <<1, "x">>, b_2 |-> m2]', '[a |-> <<1, "x">>, b_2 |-> Qs_m2]'],
    ["[IF |-> 1]", '[qsKey \\in {"IF"} |-> CASE qsKey = "IF" -> 1]'],
    ["[é |-> 1]", '[qsKey \\in {"é"} |-> CASE qsKey = "é" -> 1]'],
    ['"a\\"b\\\\"', '"a\\"b\\\\"'],
  ])("%s", (value, expression) => {
    expect(expressionOf(parseValue(value), (name) => `Qs_${name}`)).toBe(expression);
  });
});
