import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { run } from "../../spec/tlc/base/process.js";
import { runTlc } from "../../spec/tlc/run/run.js";
import { findTools } from "../../spec/tlc/tools/tools.js";
import { root } from "../base/root.js";
import { compileTest } from "./compile.js";
import { apply, num } from "./formula.js";
import { LitmusError } from "./lexer.js";
import { numberText, shownNumber } from "./numbers.js";
import { parseLitmus } from "./parser.js";

const folder = mkdtempSync(join(tmpdir(), "quiesce-arithmetic-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TYPES: readonly (readonly [string, readonly string[]])[] = [
  ["int", ["5", "-1", "2147483647", "(-2147483647 - 1)"]],
  ["unsigned int", ["3", "0xffffffff", "0x80000000"]],
  ["long", ["7", "-3", "-70000"]],
  ["unsigned long", ["9", "-1"]],
  ["unsigned char", ["200", "255"]],
  ["short", ["-32768", "1000"]],
];
const EXPRESSIONS = [
  ...["+", "-", "*", "/", "%", "&", "|", "^", "<", "<=", ">", ">=", "==", "!=", "&&"].map(
    (op) => `a ${op} b`,
  ),
  ...[
    "a << (b & 15)",
    "a >> (b & 31)",
    "~a",
    "-a",
    "!a",
    "a < 0 ? a : b",
    "(unsigned char)a + b",
    "(short)a",
  ],
  "(unsigned int)a / 3",
];
const RESULTS = ["int", "unsigned int", "long"];

interface Sum {
  readonly first: string;
  readonly second: string;
  readonly a: string;
  readonly b: string;
  readonly expression: string;
  readonly result: string;
}

/** Every pair of types with every pair of values. What C leaves open is left out. */
function sums(): Sum[] {
  const operands = TYPES.flatMap(([type, values]) => values.map((value) => [type, value] as const));
  return operands.flatMap(([first, a], n) =>
    operands.flatMap(([second, b], m) =>
      EXPRESSIONS.flatMap((expression, e) => {
        const overflows = /[/%]/.test(expression) && a.includes(" - 1") && b === "-1";
        const result = RESULTS[(n + m + e) % RESULTS.length] ?? "int";
        return overflows ? [] : [{ first, second, a, b, expression, result }];
      }),
    ),
  );
}

/** What a compiler of C makes of them; what overflows wraps around, as in the kernel. */
async function inC(all: readonly Sum[]): Promise<string[]> {
  const lines = all.map(({ first, second, a, b, expression, result }) => {
    const shown = result === "unsigned int" ? `"%u\\n"` : `"%ld\\n"`;
    return `{ volatile ${first} a = ${a}; volatile ${second} b = ${b}; (void)b; ${result} r = ${expression}; printf(${shown}, ${result === "unsigned int" ? "r" : "(long)r"}); }`;
  });
  const parts = Array.from({ length: Math.ceil(lines.length / 500) }, (_, n) =>
    lines.slice(n * 500, n * 500 + 500),
  );
  const functions = parts.map((part, n) => `static void part${n}(void) {\n${part.join("\n")}\n}`);
  const main = `int main(void) { ${parts.map((_, n) => `part${n}();`).join(" ")} }`;
  writeFileSync(join(folder, "sums.c"), ["#include <stdio.h>", ...functions, main].join("\n"));
  const program = join(folder, "sums");
  const built = await run("gcc", ["-O0", "-w", "-fwrapv", "-o", program, join(folder, "sums.c")]);
  expect(built.stderr).toBe("");
  return (await run(program, [])).stdout.trimEnd().split("\n");
}

/** What a test's local is after it, or undefined if the machine has no number for something in it. */
function onTheMachine({ first, second, a, b, expression, result }: Sum): string | undefined {
  const body = `${first} a = ${a}; ${second} b = ${b}; ${result} r = ${expression};`;
  try {
    const test = compileTest(parseLitmus(`C T\n{}\nP0(int *x) { ${body} }\nlocations [0:r]\n`));
    const value = /finals \|-> <<<<"num", (.*?)>>, <</.exec(test.text)?.[1] ?? "";
    const number = value.startsWith("(") ? -(2 ** 31) : Number(value);
    return `${shownNumber(number, test.typeOf({ thread: 0, name: "r" }))}`;
  } catch (error) {
    if (error instanceof LitmusError && /too large for the machine/.test(error.message)) return undefined;
    throw error;
  }
}

describe("the arithmetic of a test is that of C", () => {
  it("for every pair of types, whatever has no sign, is negative, or wraps around", async () => {
    const all = sums();
    const expected = await inC(all);
    expect(expected.length).toBe(all.length);
    const mine = all.map(onTheMachine);
    const wrong = all.flatMap((sum, n) =>
      mine[n] === undefined || mine[n] === expected[n] ? [] : [{ ...sum, mine: mine[n], c: expected[n] }],
    );
    expect(wrong.slice(0, 5)).toEqual([]);
    // The others have values that a long has and the machine has not; none of them is calculated wrongly.
    expect(mine.filter((one) => one !== undefined).length).toBeGreaterThan(all.length * 0.8);
  });
});

const VALUES = [
  0,
  1,
  -1,
  7,
  -7,
  127,
  -128,
  46341,
  65536,
  -65537,
  1e9 + 1,
  1431655765,
  2 ** 31 - 1,
  1 - 2 ** 31,
  -(2 ** 31),
];
const ALL_BUT_ZERO = VALUES.filter((value) => value !== 0);
const SMALL = [0, 1, -1, 7, -7, 127, -128, 46340];
const OPERATORS: readonly (readonly [readonly string[], readonly number[], readonly number[]])[] = [
  [
    ["+", "-", "*", "&", "|", "^", "<", "<=", ">", ">=", "==", "!=", "<u", "<=u", ">u", ">=u"],
    VALUES,
    VALUES,
  ],
  [["+l", "-l", "*l"], SMALL, SMALL],
  [["/u", "%u"], VALUES, ALL_BUT_ZERO],
  [["/", "%"], VALUES.slice(0, -1), ALL_BUT_ZERO],
  [["/U", "%U"], VALUES, [-1, -7, -(2 ** 31)]],
  [["<<", ">>", ">>u"], VALUES, [0, 1, 2, 15, 16, 17, 30, 31]],
  [["<<l"], SMALL, [0, 1, 15]],
  [[">>l"], VALUES, [0, 1, 31, 32, 63]],
  [[">>U"], VALUES, [0, 33, 34, 62, 63]],
];
const UNARY = ["!", "~", "s8", "u8", "s16", "u16"];

describe("what the machine calculates while it runs", () => {
  it("is what is calculated before", async () => {
    const cases: (readonly [string, ...number[]])[] = [
      ...OPERATORS.flatMap(([ops, as, bs]) =>
        ops.flatMap((op) => as.flatMap((a) => bs.map((b) => [op, a, b] as const))),
      ),
      ...UNARY.flatMap((op) => VALUES.map((a) => [op, a] as const)),
      ["zext", 5],
    ];
    const formula = ([op, ...args]: (typeof cases)[number]): string =>
      `<<"${op}", ${args.map((arg) => `<<"num", ${numberText(arg)}>>`).join(", ")}>>`;
    const module = join(folder, "Sums.tla");
    writeFileSync(
      module,
      `---- MODULE Sums ----
EXTENDS Expression, Integers, Sequences, TLC
VARIABLE n
All == TLCEval(<<${cases.map(formula).join(",\n")}>>)
Init == n = 1
Next == n < Len(All) /\\ n' = n + 1
Tell == PrintT(Evaluate(All[n], <<>>, 0))
====
`,
    );
    const { report } = await runTlc({
      tools: await findTools(),
      module,
      config: "INIT Init\nNEXT Next\nINVARIANT Tell\nCHECK_DEADLOCK FALSE\n",
      libraries: [join(root, "spec", "machine")],
      short: true,
      timeoutMs: 600_000,
    });
    expect(report.errors).toEqual([]);
    const before = cases.map(([op, a = 0, b]) => {
      const value = b === undefined ? apply(op, num(a)) : apply(op, num(a), num(b));
      return value.kind === "num" ? `${value.value}` : "nothing";
    });
    const wrong = cases.flatMap((one, n) =>
      report.printed[n] === before[n] ? [] : [[one, report.printed[n], before[n]]],
    );
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(report.printed.length).toBe(cases.length);
    expect(cases.length).toBeGreaterThan(4000);
  });
});
