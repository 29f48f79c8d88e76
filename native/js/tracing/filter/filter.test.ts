import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadInputError } from "../../../../spec/tlc/base/errors.js";
import { parseEvent } from "../model/event.js";
import { decode, encode, hashOf, OP } from "./code.js";
import { compileFilter } from "./compile.js";
import { runFilter } from "./run.js";
import { filterText } from "./text.js";
import type { Value } from "./value.js";

const EVENT = "demo:request;6;u8 size;i4 delta;f8 ms;s path;x4 flags;q:u2 parts;e4{IDLE=0,RUNNING=7} state";

function known(...texts: string[]) {
  return texts.map((text) => parseEvent(text) ?? expect.fail(text));
}

/** Whether an event with these fields passes. Numbers are doubles, bigints integers: unsigned in `size` and `flags`. */
function passes(filter: string, fields: Readonly<Record<string, bigint | number | string>>): boolean {
  const values = new Map(
    Object.entries(fields).map(([name, value]) => [hashOf(name), fieldValue(name, value)]),
  );
  const { bytes } = compileFilter(filter, known(EVENT));
  return runFilter(decode(bytes) ?? expect.fail("not decoded"), (hash) => values.get(hash));
}

function fieldValue(name: string, value: bigint | number | string): Value {
  if (typeof value === "number") return { tag: "f64", value };
  if (typeof value === "bigint") return { tag: name === "size" || name === "flags" ? "u64" : "i64", value };
  return { tag: "string", value };
}

describe("a filter", () => {
  it.each([
    ['size > 100 && path =~ "/x*"', { size: 101n, path: "/xyz" }, true],
    ['size > 100 && path =~ "/x*"', { size: 100n, path: "/xyz" }, false],
    ['path !~ "*.html"', { path: "/index.html" }, false],
    ['path == ""', { path: "" }, true],
    ['path == "\\x41\\"\\\\"', { path: 'A"\\' }, true],
    ["delta == -3", { delta: -3n }, true],
    ["size - 10 < 0", { size: 5n }, true],
    ["size > -1", { size: 0n }, true],
    ["size == 18446744073709551615", { size: (1n << 64n) - 1n }, true],
    ["delta > 9223372036854775807", { delta: 5n }, false],
    ["size == 9007199254740993.0", { size: 9007199254740993n }, false],
    ["delta == -9223372036854775808", { delta: -(1n << 63n) }, true],
    ["ms * 2 >= 3", { ms: 1.5 }, true],
    ["ms != ms", { ms: Number.NaN }, true],
    ["ms", { ms: Number.NaN }, false],
    ["(flags & 0x4) == 4", { flags: 6n }, true],
    ["(~flags & 4) == 0", { flags: 4n }, true],
    ["state == RUNNING", { state: 7n }, true],
    ["state == RUNNING", { state: 0n }, false],
    ["!(size == 1 || size == 2)", { size: 3n }, true],
    ["-delta == 3", { delta: -3n }, true],
    ["7 % size == 1 && -7 / 2 == -3", { size: 3n }, true],
    ["100 / size > 3", { size: 0n }, false],
    ["100 / size > 3 || 1", { size: 0n }, false],
    ["size * 2 > 0", { size: (1n << 64n) - 1n }, false],
    ["size > 1", { delta: 3n }, false],
    ["!ms", { ms: Number.NaN }, false],
    ['path =~ "*a"', { path: "*ba" }, true],
    ["(size | 0) == 18446744073709551615", { size: (1n << 64n) - 1n }, true],
    ["delta > -9223372036854775809", { delta: 1n }, false],
  ])("%s with %o: %s", (filter, fields, expected) => {
    expect(passes(filter, fields)).toBe(expected);
  });

  it.each([
    ["", "the filter is empty", 1],
    ["size >", "ends too early", 7],
    ["size = 3", '"equal" is ==', 6],
    ["sise > 3", "did you mean size?", 1],
    ['size > "a"', "> takes a number, and this is a string", 8],
    ['size == "a"', "an integer and a string are never equal", 9],
    ["path", "a string is neither true nor false", 1],
    ["path =~ 3", "compares a string with a pattern", 9],
    ["parts == 3", "is a sequence", 1],
    ["ms & 1", "takes integers", 1],
    ["flags & 4 == 4", "needs parentheses", 11],
    ["1 < size < 3", "comparisons don't chain", 10],
    ["(size > 3", "never closed", 1],
    ["size > 3)", "closes nothing", 9],
    ["size > 3 path", "an operator such as && is missing", 10],
    ["size / 0 > 1", "division by zero", 8],
    ['path == "abc', "has no end", 9],
    ["path == 'abc'", 'a string has "', 9],
    ['path == "\\q"', "means nothing", 10],
    ["size > 3x", "is not a number", 8],
    ["size > 010", "could be octal", 8],
    ["size > 18446744073709551616", "more than 64 bits", 8],
    [`path == "${"x".repeat(256)}"`, "more than 255 bytes", 9],
    [`${"(".repeat(1000)}1${")".repeat(1000)}`, "nested too deeply", 201],
    [`${"-".repeat(1000)}1`, "nested too deeply", 200],
    [`${"size + (".repeat(20)}1${")".repeat(20)}`, "nested too deeply: 21 values", 1],
    [`${"size + (".repeat(16)}1${")".repeat(16)}`, "nested too deeply: 17 values", 1],
    [Array.from({ length: 120 }, () => "size").join(" + "), "", 0],
    [Array.from({ length: 200 }, () => "size").join(" + "), "too long: 1199 bytes", 1],
    ["size > \u001b[31m", "means nothing here", 8],
  ])("%.60s: %s, at column %i", (filter, message, column) => {
    const compiled = (): unknown => compileFilter(filter, known(EVENT));
    if (column === 0) return void compiled();
    expect(compiled).toThrow(BadInputError);
    try {
      compiled();
    } catch (error) {
      const { where, hint, message: said } = error as BadInputError;
      expect(said).toContain(message);
      expect(where).toBe(`filter, column ${column}`);
      expect(hint).toMatch(/\n *\^+$/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
      expect(`${said}${hint}`).not.toMatch(/\x1b/);
    }
  });

  it("warns of events that never pass, and refuses what no event can pass", () => {
    const other = "demo:other;6;u4 size;s ms";
    const { warnings } = compileFilter("ms > 1", known(EVENT, other));
    expect(warnings).toEqual([expect.stringMatching(/^demo:other never passes: > takes a number/)]);
    const lacking = compileFilter("delta > 1", known(EVENT, other)).warnings;
    expect(lacking).toEqual(["demo:other has not all of the filter's fields, so never passes"]);
    expect(() => compileFilter("a > 1 && b > 1", known("p:x;1;u1 a", "p:y;1;u1 b"))).toThrow(
      "no event has all of the filter's fields",
    );
    expect(() => compileFilter("s == A", known("p:x;1;e4{A=1} s", "p:y;1;e4{A=2} s"))).toThrow(
      "different values",
    );
    expect(compileFilter("any > 1", []).warnings).toHaveLength(1);
  });

  it("asks for no field that tracepoints can't tell from another by its hash, FNV-1a", () => {
    expect(hashOf("a")).toBe(0xe40c292c);
    expect(hashOf("liquid")).toBe(hashOf("costarring"));
    expect(() => compileFilter("liquid > 1", known("p:x;1;u1 liquid;u1 costarring"))).toThrow("same hash");
  });

  it("that leaves more than one value passes nothing", () => {
    const one = { op: OP.int, value: 1n } as const;
    expect([runFilter([one], () => undefined), runFilter([one, one], () => undefined)]).toEqual([
      true,
      false,
    ]);
  });
});

/** Integers of 64 bits, the extreme ones often. */
const i64 = fc.oneof(
  fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
  fc.constantFrom(0n, 1n, -1n, (1n << 63n) - 1n, -(1n << 63n)),
);

describe("what a filter computes", () => {
  it("is exact, as with integers without bounds", () => {
    const operators: Readonly<Record<string, (a: bigint, b: bigint) => bigint | undefined>> = {
      "+": (a, b) => a + b,
      "-": (a, b) => a - b,
      "*": (a, b) => a * b,
      "/": (a, b) => (b === 0n ? undefined : a / b),
      "%": (a, b) => (b === 0n ? undefined : a % b),
    };
    fc.assert(
      fc.property(i64, i64, fc.constantFrom(...Object.keys(operators)), (a, b, operator) => {
        const result = operators[operator]?.(a, b);
        const hasRoom = result !== undefined && result >= -(1n << 63n) && result < 1n << 64n;
        // Whether it is a value at all, and this one.
        expect(
          passes(`delta ${operator} x == delta ${operator} x`.replaceAll("x", "state"), {
            delta: a,
            state: b,
          }),
        ).toBe(hasRoom);
        if (hasRoom)
          expect(passes(`delta ${operator} state == ${result}`, { delta: a, state: b })).toBe(true);
      }),
    );
  });

  it("compares integers with floats as what they mean", () => {
    fc.assert(
      fc.property(i64, fc.double({ noNaN: true }), (a, b) => {
        expect(passes("delta < ms", { delta: a, ms: b })).toBe(a < b);
        expect(passes("delta >= ms", { delta: a, ms: b })).toBe(a >= b);
      }),
    );
  });

  it("has patterns that agree with regular expressions", () => {
    const bytes = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "\n"), maxLength: 12 });
    fc.assert(
      fc.property(bytes, bytes, (pattern, text) => {
        const expression = pattern.replaceAll("*", ".*").replaceAll("?", ".");
        const written = JSON.stringify(pattern).replaceAll("\\n", "\\x0a");
        expect(passes(`path =~ ${written}`, { path: text })).toBe(
          new RegExp(`^${expression}$`, "s").test(text),
        );
      }),
    );
  });
});

describe("a compiled filter", () => {
  const leaf = fc.oneof(
    i64.filter((value) => value >= 0n).map((value) => ({ op: OP.int, value })),
    fc.double({ min: 0.001, max: 1e9, noNaN: true }).map((value) => ({ op: OP.float, value })),
    fc.constantFrom("size", "delta", "ms").map((name) => ({ op: OP.field, hash: hashOf(name) })),
  );
  const operations = [OP.eq, OP.ne, OP.lt, OP.ge, OP.and, OP.or, OP.add, OP.sub, OP.mul] as const;

  it("is the same when compiled from its own text", () => {
    const path = '\x01"\\é';
    const filters = [
      'path =~ "*\\x01\\"\\\\é"',
      '!(size > 3) && path !~ "a"',
      "(flags & 3) == 2",
      "size == 1.0",
    ];
    for (const filter of filters) {
      const { bytes } = compileFilter(filter, known(EVENT));
      const text = filterText(bytes, ["path", "size", "flags"]);
      expect(compileFilter(text, known(EVENT)).bytes).toEqual(bytes);
    }
    expect(passes(filters[0] ?? "", { path: Buffer.from(path).toString("latin1") })).toBe(true);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(leaf, fc.constantFrom(...operations)), { minLength: 1, maxLength: 9 }),
        (parts) => {
          const [first, ...rest] = parts;
          const instructions = [first?.[0], ...rest.flatMap(([operand, op]) => [operand, { op }])];
          const bytes = encode(instructions.flatMap((one) => one ?? []));
          const text = filterText(bytes, ["size", "delta", "ms"]);
          expect(compileFilter(text, []).bytes).toEqual(bytes);
        },
      ),
    );
  });

  it("of random bytes is nothing, or ends", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const instructions = decode(bytes);
        if (instructions === undefined) return;
        expect(runFilter(instructions, () => ({ tag: "i64", value: 1n }))).toBeTypeOf("boolean");
        expect(encode(instructions)).toEqual(Buffer.from(bytes));
        expect(filterText(bytes)).toBeTypeOf("string");
      }),
    );
  });
});
