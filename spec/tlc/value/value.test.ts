import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixture } from "../output/fixtures/fixture.js";
import { readMessages } from "../output/messages.js";
import { readReport } from "../output/report.js";
import { compareValues, equalValues, parseValue, printValue, ValueSyntaxError } from "./value.js";
import type { Value } from "./value-tree.js";
import {
  boolean,
  fn,
  integer,
  interval,
  model,
  record,
  records,
  sequence,
  set,
  string,
} from "./value-tree.js";

const name = fc.stringMatching(/^[a-z][a-zA-Z0-9_]{0,6}$/).filter((s) => s !== "null");
const { value: anyValue } = fc.letrec<{ value: Value }>((tie) => {
  const value = tie("value");
  const some = (n: number) => fc.array(value, { maxLength: n });
  const field = fc.tuple(name, value);
  const fields = fc.uniqueArray(field, { maxLength: 4, selector: ([n]) => n });
  const pairs = fc.uniqueArray(fc.tuple(value, value), {
    maxLength: 4,
    comparator: (a, b) => equalValues(a[0], b[0]),
  });
  return {
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.boolean().map(boolean),
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(integer),
      fc.string({ unit: "grapheme" }).map(string),
      fc.string({ unit: fc.constantFrom('"', "\\", "\n", "\t", "\r", "\f", "n", " ", "@", ">") }).map(string),
      name.map(model),
      fc
        .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }))
        .map(([a, b]) => interval(a, b)),
      fc.constantFrom("Nat", "Int", "Real", "STRING").map((n): Value => ({ kind: "builtin", name: n })),
      fc.constant<Value>({ kind: "opaque", text: "[n \\in Nat |-> <expression line 5>]" }),
      some(4).map(set),
      some(4).map(sequence),
      fields.map(record),
      pairs.map(fn),
      value.map((of): Value => ({ kind: "powerset", of })),
      value.map((of): Value => ({ kind: "sequences", of })),
      fc.tuple(value, value).map(([from, to]): Value => ({ kind: "functions", from, to })),
      fields.filter((f) => f.length > 0).map(records),
      fc.array(value, { minLength: 2, maxLength: 3 }).map((factors): Value => ({ kind: "product", factors })),
    ),
  };
});

describe("values", () => {
  it("are read back from what was printed, whatever they are", () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(anyValue, (v) => {
        kinds.add(v.kind);
        const again = parseValue(printValue(v));
        expect(again).toEqual(v);
        expect(equalValues(again, v)).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(kinds.size).toBe(16);
  });

  it("are ordered totally, and equal exactly if they print equally", () => {
    fc.assert(
      fc.property(anyValue, anyValue, anyValue, (a, b, c) => {
        expect(Math.sign(compareValues(a, b)) + Math.sign(compareValues(b, a))).toBe(0);
        expect(equalValues(a, b)).toBe(printValue(a) === printValue(b));
        if (compareValues(a, b) <= 0 && compareValues(b, c) <= 0)
          expect(compareValues(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it("are read whatever the space between the words", () => {
    fc.assert(
      fc.property(anyValue, (v) => {
        // Only where there is no string: space inside a string matters.
        const text = printValue(v);
        fc.pre(!text.includes('"') && v.kind !== "opaque" && !text.includes("<expression"));
        expect(
          parseValue(
            ` ${text.replaceAll(",", "\n  ,").replaceAll("{", "{ ").replaceAll(" @@ ", " @@\n ")}\n`,
          ),
        ).toEqual(v);
      }),
    );
  });

  it.each([
    ["-2147483648", integer(-2147483648)],
    ["123456789012345678901234567890", integer(123456789012345678901234567890n)],
    ['"tab\\tnew\\nline \\"q\\" \\\\ \\r \\f"', string('tab\tnew\nline "q" \\ \r \f')],
    ['"\\\\n"', string("\\n")],
    ["{}", set([])],
    ["<<>>", sequence([])],
    ["<< >>", sequence([])],
    ["-3..-1", set([integer(-3), integer(-2), integer(-1)])],
    ["5..4", set([])],
    ["0..99", { kind: "interval", from: 0n, to: 99n }],
    ["{2, 1, 2}", set([integer(1), integer(2)])],
    ["1 :> 2 @@ 5 :> 6", parseValue("(1 :> 2 @@ 5 :> 6)")],
    ["(5 :> 6 @@ 1 :> 2)", parseValue("(1 :> 2 @@ 5 :> 6)")],
    ["(2 :> 8 @@ 1 :> 7 @@ 2 :> 9)", sequence([integer(7), integer(8)])],
    ["(1 :> 7 @@ 2 :> 8)", sequence([integer(7), integer(8)])],
    ['("a" :> 1)', record([["a", integer(1)]])],
    ["(r1 :> (0 :> TRUE))", fn([[model("r1"), fn([[integer(0), boolean(true)]])]])],
    [
      "[b |-> 1, a |-> {}]",
      record([
        ["a", set([])],
        ["b", integer(1)],
      ]),
    ],
    ["[{1} -> {2}]", { kind: "functions", from: set([integer(1)]), to: set([integer(2)]) }],
    ["SUBSET 1..3", { kind: "powerset", of: set([integer(1), integer(2), integer(3)]) }],
  ] as [string, Value][])("reads %s", (text, value) => {
    expect(parseValue(text)).toEqual(value);
  });

  it.each([
    ["", 0],
    ["{1, ", 4],
    ["<<1 2>>", 4],
    ["(1 :> )", 6],
    ['"open', 0],
    ["[a |-> 1", 8],
    ["1 1", 2],
    ['"\\q"', 0],
    ["#", 0],
    ["1..TRUE", 7],
    ["[a |-> 1, -> 2]", 10],
  ])("refuses %j and says where", (text, offset) => {
    let error: unknown;
    try {
      parseValue(text);
    } catch (e) {
      error = e;
    }
    expect(error).toBeInstanceOf(ValueSyntaxError);
    expect((error as ValueSyntaxError).offset).toBe(offset);
  });

  it("reads every value that TLC prints, wrapped or not", () => {
    const report = readReport(readMessages(fixture("Printing.out")));
    expect(report.errors).toEqual([]);
    const printed = report.printed.filter((text) => text !== '"printed"  TRUE');
    expect(printed.length).toBe(report.printed.length - 1);
    const values = printed.map((text) => parseValue(text));
    expect(printed.length).toBeGreaterThan(50);
    for (const v of values) expect(parseValue(printValue(v))).toEqual(v);
    const kinds = new Set(values.map((v) => v.kind));
    for (const kind of [
      "set",
      "sequence",
      "record",
      "function",
      "powerset",
      "product",
      "builtin",
      "opaque",
    ]) {
      expect(kinds).toContain(kind);
    }
    const long = values[printed.findIndex((text) => text.includes('"multi"'))];
    expect(long).toMatchObject({ elements: [{ value: "multi" }, { kind: "sequence" }] });
    expect(printed.some((text) => text.includes("\n"))).toBe(true);
  });
});
