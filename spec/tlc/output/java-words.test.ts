import { describe, expect, it } from "vitest";
import { withoutJava } from "./java-words.js";

describe("withoutJava", () => {
  it.each([
    [
      "java.lang.ClassCastException: class tlc2.value.impl.IntValue cannot be cast to class tlc2.value.impl.SetEnumValue (tlc2.value.impl.IntValue and tlc2.value.impl.SetEnumValue are in unnamed module of loader 'app')",
      "TLC met a number where it needs a set",
    ],
    [
      'java.lang.NumberFormatException: For input string: "99999999999"',
      "99999999999 is too large a number for TLC",
    ],
    ["java.lang.ArithmeticException: / by zero", "division by zero"],
    [
      "java.lang.ArrayIndexOutOfBoundsException: Index 3 out of bounds for length 3",
      /^TLC itself failed: an index/,
    ],
    [
      'java.lang.NullPointerException: Cannot invoke "tlc2.value.IValue.size()" because "<local4>" is null',
      "TLC itself failed: it misses a value",
    ],
    ["java.util.NoSuchElementException", /^(?:TLC itself failed.*)?$/],
    ["util.Assert$TLCRuntimeException: a set was expected", "a set was expected"],
    [
      "tlc2.tool.EvalException: 3 is no set\n\tat tlc2.tool.Tool.eval(Tool.java:7)\n\t... 12 more",
      "3 is no set",
    ],
    ["Caused by: java.io.IOException: No space left on device", "No space left on device"],
    [
      "the Java method\npublic static tlc2.value.impl.Value tlc2.module.Integers.Plus(tlc2.value.impl.IntValue,tlc2.value.impl.IntValue),\nfailed",
      "the Java method\nfailed",
    ],
    ["a tlc2.value.impl.TupleValue is no set", "a sequence is no set"],
  ])("says %s in words", (text, words) => {
    const told = withoutJava(text);
    expect(told).not.toMatch(/\b(?:java|javax|tlc2|tla2sany|util)\.|Exception\b/);
    if (typeof words === "string") expect(told).toBe(words);
    else expect(told).toMatch(words);
  });

  it("leaves what the specification says as it is", () => {
    const text = 'x = "java.lang.String"\nutil.value = 3 \\/ pcal = java';
    expect(withoutJava(text)).toBe(text);
  });
});
