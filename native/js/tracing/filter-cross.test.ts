import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { sanitizes } from "../test/program.js";
import { decode, encode, hashOf, type Instruction, OP } from "./filter/code.js";
import { compileFilter } from "./filter/compile.js";
import { runFilter } from "./filter/run.js";
import type { Value } from "./filter/value.js";
import { type FieldType, parseEvent } from "./model/event.js";
import { buildTraced, listTracedMutants } from "./traced-programs.js";

/** QUIESCE_TRACE_FILTERS=1000000 tries more of them. */
const CASES = Number(process.env["QUIESCE_TRACE_FILTERS"] ?? 6000);
const SEED = 20261130;

/** Every type of field, under names that the expressions below know. */
const TEXT = [
  "a:b;6",
  ...["u1", "u2", "u4", "u8", "x1", "x2", "x4", "x8", "i1", "i2", "i4", "i8", "f4", "f8", "s", "q:u2"].map(
    (type, i) => `${type} f${i}`,
  ),
].join(";");
const ENUMERATED = "a:b;6;e4{A=-1,B=2} f0;s f1;f8 f2;q:f8 f3;s f4;i8 f5";
/** Names with the same hash. */
const [ALIKE, OTHER] = ["liquid", "costarring"];
const COLLIDING = `a:b;6;u4 ${ALIKE};u4 ${OTHER};u4 f0;s f1`;

/** Where number types end and begin, and what lies beside. */
const EDGES = [
  0n,
  1n,
  7n,
  127n,
  128n,
  255n,
  1n << 15n,
  1n << 31n,
  1n << 32n,
  1n << 53n,
  1n << 63n,
  1n << 64n,
];
const integers = fc.oneof(
  fc.constantFrom(...EDGES.flatMap((edge) => [edge - 1n, edge, edge + 1n, -edge])),
  fc.bigInt({ min: -(1n << 63n), max: (1n << 64n) - 1n }),
);
const floats = fc.oneof(
  fc.double(),
  fc.float(),
  fc.constantFrom(...EDGES.flatMap((edge) => [Number(edge), -Number(edge), Number(edge) + 0.5])),
);
const strings = fc.oneof(
  fc.constantFrom("", "a", "ab", "abc", "a*", "?b*", "*", "**c", "*\u00ff", "a?c"),
  fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: 6 }).map((codes) => String.fromCharCode(...codes)),
);

interface Case {
  readonly text: string;
  readonly fields: ReadonlyMap<number, Value>;
  readonly record: Buffer;
  readonly filter: Buffer;
}

const elements = (type: FieldType): fc.Arbitrary<{ bytes: Buffer; value?: Value }> => {
  switch (type.kind) {
    case "integer":
      return integers.map((any) => {
        const bits = 8 * type.bytes;
        const value = type.signed ? BigInt.asIntN(bits, any) : BigInt.asUintN(bits, any);
        const bytes = Buffer.alloc(8);
        bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
        return { bytes: bytes.subarray(0, type.bytes), value: { tag: type.signed ? "i64" : "u64", value } };
      });
    case "float":
      return floats.map((any) => {
        const bytes = Buffer.alloc(type.bytes);
        if (type.bytes === 4) bytes.writeFloatLE(any);
        else bytes.writeDoubleLE(any);
        return { bytes, value: { tag: "f64", value: type.bytes === 4 ? Math.fround(any) : any } };
      });
    case "string":
      return strings.map((value) => ({
        bytes: Buffer.from(`${value}\0`, "latin1"),
        value: { tag: "string", value },
      }));
    case "enumeration":
      return fc.constantFrom(-1, 2, 77).map((any) => {
        const bytes = Buffer.alloc(4);
        bytes.writeInt32LE(any);
        return { bytes, value: { tag: "i64", value: BigInt(any) } };
      });
    case "sequence":
      return fc.array(elements(type.of), { maxLength: 4 }).map((all) => {
        const count = Buffer.alloc(4);
        count.writeUInt32LE(all.length);
        return { bytes: Buffer.concat([count, ...all.map(({ bytes }) => bytes)]) };
      });
  }
};

/** An event's record, and what its fields are worth. One whose name has another's hash is worth nothing. */
function records(text: string): fc.Arbitrary<Pick<Case, "text" | "fields" | "record">> {
  const { fields } = parseEvent(text) ?? expect.fail("no event");
  return fc.tuple(...fields.map(({ type }) => elements(type))).map((all) => {
    const values = new Map<number, Value>();
    for (const [i, { value }] of all.entries()) {
      const { name = "" } = fields[i] ?? {};
      if (value !== undefined && name !== ALIKE && name !== OTHER) values.set(hashOf(name), value);
    }
    return { text, fields: values, record: Buffer.concat(all.map(({ bytes }) => bytes)) };
  });
}

type Code = readonly Instruction[];
const fieldCode = (name: string): Code => [{ op: OP.field, hash: hashOf(name) }];
const names = fc.constantFrom(...Array.from({ length: 17 }, (_, i) => `f${i}`), ALIKE, OTHER, "none");

/** Expressions, most of them of the right types. */
const { number: numbers } = fc.letrec<{ number: Code; string: Code }>((tie) => ({
  string: fc.oneof(
    { weight: 2, arbitrary: strings.map((value): Code => [{ op: OP.string, value }]) },
    { weight: 2, arbitrary: fc.constantFrom("f1", "f4", "f14").map(fieldCode) },
  ),
  number: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    integers.map((any): Code => [{ op: OP.int, value: BigInt.asIntN(64, any) }]),
    floats.map((value): Code => [{ op: OP.float, value }]),
    names.map(fieldCode),
    tie("number").map((code): Code => [...code, { op: OP.not }]),
    ...Array.from({ length: 3 }, () =>
      fc
        .tuple(
          tie("number"),
          tie("number"),
          fc.constantFrom(
            ...[OP.eq, OP.ne, OP.lt, OP.le, OP.gt, OP.ge, OP.and, OP.or, OP.add, OP.sub, OP.mul, OP.div],
            ...[OP.mod, OP.bitand, OP.bitor, OP.bitxor],
          ),
        )
        .map(([left, right, op]): Code => [...left, ...right, { op }]),
    ),
    fc
      .tuple(tie("string"), tie("string"), fc.constantFrom(OP.eq, OP.ne, OP.match, OP.match, OP.lt))
      .map(([left, right, op]): Code => [...left, ...right, { op }]),
  ),
}));

/** Two numbers of two kinds that a float can't tell apart. */
const close = fc
  .tuple(
    fc.constantFrom(...EDGES),
    fc.constantFrom(-2n, -1n, 0n, 1n, 2n),
    fc.constantFrom(OP.eq, OP.ne, OP.lt, OP.le, OP.gt, OP.ge),
    fc.boolean(),
  )
  .map(([edge, beside, op, swapped]): Code => {
    const exact: Code = [{ op: OP.int, value: BigInt.asIntN(64, edge + beside) }];
    const float: Code = [{ op: OP.float, value: Number(BigInt.asIntN(64, edge)) }];
    return [...(swapped ? float : exact), ...(swapped ? exact : float), { op }];
  });

/** As many values as the stack has, or a few more; and all of them added up, or not quite. */
const deep = fc
  .tuple(fc.integer({ min: 14, max: 19 }), fc.integer({ min: 1, max: 3 }))
  .map(
    ([values, left]): Code => [
      ...Array.from({ length: values }, () => ({ op: OP.int, value: 1n }) as const),
      ...Array.from({ length: values - left }, () => ({ op: OP.add }) as const),
    ],
  );

/** What the compiler makes, what somebody else may have made, and bytes. */
const filters = fc.oneof(
  { weight: 12, arbitrary: numbers.map(encode) },
  { weight: 2, arbitrary: fc.oneof(close, deep).map(encode) },
  {
    weight: 2,
    arbitrary: fc.array(numbers, { minLength: 2, maxLength: 9 }).map((all) => encode(all.flat())),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(numbers.map(encode), fc.nat(), fc.nat(255)).map(([code, at, byte]) => {
      code[at % code.length] = byte;
      return code;
    }),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
);

const cases: fc.Arbitrary<Case> = fc
  .tuple(fc.oneof(...[TEXT, TEXT, ENUMERATED, COLLIDING].map(records)), filters)
  .map(([record, filter]) => ({ ...record, filter }));

/** What TypeScript says. */
function passes({ filter, fields }: Case): boolean {
  const instructions = decode(filter);
  return instructions !== undefined && runFilter(instructions, (hash) => fields.get(hash));
}

/** What C says, of all. */
function passesInC(program: string, all: readonly Case[]): boolean[] {
  const input = all.map((one) =>
    [one.text, one.record.toString("hex"), one.filter.toString("hex")].join("\t"),
  );
  const { status, stdout, stderr } = spawnSync(program, {
    input: `${input.join("\n")}\n`,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => line === "1");
}

function shown({ text, record, filter }: Case): string {
  const code = decode(filter)
    ?.map((one) => Object.values(one).join(" "))
    .join("; ");
  return `${text} ${record.toString("hex")} filter ${filter.toString("hex")} (${code})`;
}

const address = (await sanitizes("address,undefined")) ? "address,undefined" : undefined;
const mutants = listTracedMutants().filter(({ killer }) => killer.program === "lines");

describe("a filter of whatever bytes, on whatever record", () => {
  let all: readonly Case[];
  let expected: readonly boolean[];
  beforeAll(() => {
    all = fc.sample(cases, { numRuns: CASES, seed: SEED });
    expected = all.map(passes);
  });
  const differing = (found: readonly boolean[]): string[] =>
    all
      .filter((_, i) => found[i] !== expected[i])
      .map(shown)
      .toSorted((a, b) => a.length - b.length);

  it("passes in the tracepoint if, and only if, it does here", async () => {
    const found = passesInC(await buildTraced("lines", { sanitizer: address }), all);
    expect(found).toHaveLength(all.length);
    expect(differing(found).slice(0, 3)).toEqual([]);
    // Or nothing would have been compared.
    const share = expected.filter(Boolean).length / CASES;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.8);
  });

  it.each(mutants)("would not, if: $changes", async (mutant) => {
    expect(differing(passesInC(await buildTraced("lines", { mutant }), all))).not.toEqual([]);
  });
});

describe("a name with the hash of another field's", () => {
  it.each([
    ["of the same event", [`a:b;6;u4 ${ALIKE};u4 ${OTHER}`], `${ALIKE} > 1`],
    ["of an event that lacks it", [`a:b;6;u4 ${ALIKE}`, `a:c;6;u4 ${OTHER}`], `${ALIKE} > 1`],
  ])("%s is refused", (_, texts, filter) => {
    const events = texts.map((text) => parseEvent(text) ?? expect.fail("no event"));
    expect(hashOf(ALIKE)).toBe(hashOf(OTHER));
    expect(() => compileFilter(filter, events)).toThrow(/can't tell from liquid/);
  });
});
