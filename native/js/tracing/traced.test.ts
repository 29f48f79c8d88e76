import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile, run, STRICT } from "../compiler.js";
import { TOOLCHAINS, type Toolchain } from "../disassembly/compile.js";
import { SOURCES } from "../root.js";
import { readTap, sanitizes, type TapReport } from "../test/program.js";
import { TRACED } from "../traced.js";
import {
  buildPlugin,
  buildTraced,
  listTracedMutants,
  type TracedOptions,
  type TracedProgram,
} from "./traced-programs.js";

const TESTS: Readonly<Record<TracedProgram, number>> = {
  trace: 11,
  processes: 14,
  limits: 4,
  memory: 6,
  filters: 6,
  hostile: 1,
  accesses: 8,
  lines: 0,
};
const hasAddress = await sanitizes("address,undefined");
const hasThread = await sanitizes("thread");
const isQuick = (program: TracedProgram): boolean =>
  ["accesses", "filters", "limits", "memory"].includes(program);
const tried = listTracedMutants().filter(
  ({ killer }) =>
    killer.program !== "lines" && (process.env["QUIESCE_ALL_MUTANTS"] === "1" || isQuick(killer.program)),
);
const address = hasAddress ? "address,undefined" : undefined;

/** Programs that find what is wrong by themselves are run as they are, the others with what finds it. Hostile: hostile.test.ts. */
const RUNS: readonly (TracedOptions & { readonly program: TracedProgram })[] = [
  { program: "trace" },
  { program: "processes" },
  { program: "limits" },
  { program: "memory" },
  { program: "accesses" },
  { program: "filters", sanitizer: address },
  ...(hasAddress ? [{ program: "trace", sanitizer: address } as const] : []),
  ...(hasThread ? [{ program: "trace", sanitizer: "thread" } as const] : []),
];

async function runTraced(program: TracedProgram, options: TracedOptions = {}): Promise<TapReport> {
  const file = await buildTraced(program, options);
  return readTap(await run(program === "processes" ? [file, await buildPlugin(options)] : [file]));
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-traced-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a traced process", () => {
  it.each(RUNS)("does what its header says: $program, $sanitizer", async ({ program, ...options }) => {
    const report = await runTraced(program, options);
    expect(report).toMatchObject({ code: 0, failed: [], stderr: "" });
    expect(report.passed).toHaveLength(TESTS[program]);
  });

  // All are killed with QUIESCE_ALL_MUTANTS=1; else those that are quick.
  it.each(tried)("would fail if: $changes", async (mutant) => {
    const { program, test } = mutant.killer;
    const sanitizer = program === "filters" ? address : undefined;
    const { failed, passed, code } = await runTraced(program, { mutant, sanitizer });
    expect(code).not.toBe(0);
    expect(failed.includes(test) || !passed.includes(test)).toBe(true);
  });
});

const USER = `#include "events.h"
void user(uint64_t number);
void user(uint64_t number) { qs_tracepoint(test, one, number); }
`;

async function objectOf({ name, compiler }: Toolchain, source: string): Promise<string> {
  const output = join(folder, `${name.replaceAll(/\W/g, "-")}.o`);
  const include = [`-I${join(SOURCES, "include")}`, `-I${join(SOURCES, "tracepoint/traced/test")}`];
  const ended = await run([...compiler, ...STRICT, "-O2", "-fPIC", ...include, "-c", source, "-o", output]);
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  return output;
}

/** The instructions of a function from its beginning to its first return. */
function upToReturn(text: string): string[] {
  const lines = text.split("\n").flatMap((line) => line.split("\t")[2]?.trim() ?? []);
  return lines.slice(0, lines.findIndex((line) => /^(ret|bnd ret)/.test(line)) + 1);
}

describe("an event that is switched off", () => {
  it.each(TOOLCHAINS)("costs one load and one branch, $name", async (toolchain) => {
    const source = join(folder, "user.c");
    await writeFile(source, USER);
    const object = await objectOf(toolchain, source);
    const shown = await run([toolchain.objdump, "-d", "--no-show-raw-insn", "--disassemble=user", object]);
    const code = upToReturn(shown.stdout.replaceAll(/^\s*([0-9a-f]+):\s+(\S.*)$/gm, "\t$1\t$2"));
    // The load (with its comparison, where the processor can), the branch, and the way back.
    const names = code.map((line) => line.split(/\s+/)[0] ?? "").filter((name) => !name.startsWith("endbr"));
    expect(names.filter((name) => /^(j|b\.|cb)/.test(name))).toHaveLength(1);
    expect(names.filter((name) => /^(mov|ldr|cmp)/.test(name)).length).toBeLessThanOrEqual(2);
    expect(names.filter((name) => /^(call|bl$)/.test(name))).toEqual([]);
    expect(names.length).toBeLessThanOrEqual(6);
  });
});

describe("a program that nobody traces", () => {
  it("has no constructor, and no relocation of its events", async () => {
    const object = join(folder, "events.o");
    await compile("events", [
      ...STRICT,
      "-O2",
      "-fPIC",
      `-I${join(SOURCES, "include")}`,
      "-c",
      join(SOURCES, "tracepoint/traced/test/events.c"),
      "-o",
      object,
    ]);
    const { stdout } = await run(["readelf", "-SrW", object]);
    expect(stdout).not.toMatch(/\.(pre)?init_array|\.ctors/);
    // Distances are resolved when it is linked; nothing is left for when it starts.
    expect(stdout).toMatch(/\.relaqs_trace_events/);
    expect(stdout).not.toMatch(/R_(X86_64_64|AARCH64_ABS64)[^\n]*qs_tp_/);
    const texts = await Promise.all(TRACED.map((path) => readFile(join(SOURCES, path), "utf8")));
    expect(texts.join("")).not.toMatch(/constructor/);
  });
});

const CXX_USER = `#define QS_TRACEPOINT_DEFINE
#include "events.h"
void user(uint64_t number);
void user(uint64_t number)
{
	const uint16_t parts[] = {1, 2};
	qs_tracepoint(test, none);
	qs_tracepoint(test, one, number);
	qs_tracepoint(test, mixed, 1, 2, "x", 1, parts, 2, nullptr, 0);
	if (qs_tracepoint_enabled(test, text))
		qs_tracepoint(test, text, "y");
}
`;

describe("the header", () => {
  const cases = [
    ...["c11", "c17", "c2x"].flatMap((std) => ["gcc", "clang"].map((compiler) => ({ compiler, std }))),
    ...["c++17", "c++20", "c++2b"].flatMap((std) =>
      ["g++", "clang++"].map((compiler) => ({ compiler, std })),
    ),
  ];

  it.each(cases)("compiles without a warning: $compiler -std=$std", async ({ compiler, std }) => {
    const isCxx = compiler.endsWith("++");
    const source = join(folder, isCxx ? "header.cc" : "header.c");
    await writeFile(source, isCxx ? CXX_USER : CXX_USER.replaceAll("nullptr", "NULL"));
    const include = [`-I${join(SOURCES, "include")}`, `-I${join(SOURCES, "tracepoint/traced/test")}`];
    const options = [`-std=${std}`, "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"];
    const output = join(folder, `${compiler}-${std}.o`);
    const ended = await run([compiler, ...options, ...include, "-c", source, "-o", output]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
  });

  it("refuses more than 16 fields, and to define what was declared before", async () => {
    const source = join(folder, "wrong.c");
    const refused = async (text: string): Promise<string> => {
      await writeFile(source, text);
      const ended = await run([
        "gcc",
        "-std=c11",
        `-I${join(SOURCES, "include")}`,
        "-c",
        source,
        "-o",
        "/dev/null",
      ]);
      expect(ended.code).not.toBe(0);
      return ended.stderr;
    };
    const fields = Array.from({ length: 17 }, (_, i) => `(u1, f${i})`).join(" ");
    const header = '#include "quiesce/tracepoint.h"\n';
    expect(await refused(`${header}QS_TRACEPOINT(a, b, QS_TRACE_INFO, ${fields});\n`)).toContain(
      "more than 16",
    );
    expect(await refused(`${header}#define QS_TRACEPOINT_DEFINE\n${header}`)).toContain("before anything");
    const level = `#define QS_TRACEPOINT_DEFINE\n${header}QS_TRACEPOINT(a, b, 15, );\n`;
    expect(await refused(level)).toContain("isn't 0 to 14");
  });
});
