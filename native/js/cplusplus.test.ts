import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LIBRARY } from "./build.js";
import { run, STRICT } from "./compiler.js";
import { SOURCES } from "./root.js";
import { have, must, type Tool } from "./test/command.js";
import { runTap } from "./test/program.js";

const TESTS = 19;
const WARNINGS = STRICT.filter((option) => !/^-std=|prototypes$/.test(option));

const MODES: readonly { cxx: Tool; standard: string; options: readonly string[] }[] = [
  { cxx: "g++", standard: "c++17", options: [] },
  { cxx: "clang++", standard: "c++20", options: [] },
  { cxx: "g++", standard: "c++2b", options: ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"] },
];

let folder: string;
let objects: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-cxx-"));
  if (!have("the C++ tests", "gcc", "g++")) return;
  objects = await Promise.all(
    LIBRARY.map(async (path) => {
      const object = join(folder, `${basename(path, ".c")}.o`);
      const include = [`-I${join(SOURCES, "include")}`, `-I${join(SOURCES, "src")}`];
      await must(["gcc", ...STRICT, "-O2", "-g", ...include, "-c", join(SOURCES, path), "-o", object]);
      return object;
    }),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("quiesce.hpp", () => {
  const plain = join(SOURCES, "test", "cxx", "plain.cpp");
  const include = `-I${join(SOURCES, "include")}`;

  it.each(["g++", "clang++"] as const)("serves %s -fno-exceptions -fno-rtti", async (cxx) => {
    if (!have("C++ without exceptions", "gcc", "g++", cxx)) return;
    const program = join(folder, `plain-${cxx}`);
    await must([
      cxx,
      ...["-std=c++17", "-O2", ...WARNINGS, "-fno-exceptions", "-fno-rtti"],
      ...[include, plain, ...objects, "-pthread", "-o", program],
    ]);
    expect(await run([program])).toMatchObject({ code: 0, stderr: "" });
    const refused = await run(["sh", "-c", 'ulimit -c 0; exec "$@"', "sh", program, "refuse"]);
    expect(refused.signal).toBe("SIGABRT");
    expect(refused.stderr).toContain("quiesce::reader: Resource temporarily unavailable");
  });

  it("says what it needs of the language", async () => {
    if (!have("C++14", "g++")) return;
    const { code, stderr } = await run(["g++", "-std=c++14", "-fsyntax-only", include, plain]);
    expect(code).not.toBe(0);
    expect(stderr).toContain("quiesce.hpp needs C++17 or later");
  });
});

describe.each(MODES)("quiesce.hpp by $cxx as $standard $options", ({ cxx, standard, options }) => {
  it.skipIf(!have("the C++ tests", "gcc", "g++", cxx))("passes its tests with several threads", async () => {
    const program = join(folder, `raii-${cxx}-${standard}`);
    const include = `-I${join(SOURCES, "include")}`;
    const source = join(SOURCES, "test", "cxx", "raii.cpp");
    await must([
      cxx,
      ...[`-std=${standard}`, "-O2", "-g", ...WARNINGS, ...options],
      ...[include, source, ...objects, "-pthread", "-o", program],
    ]);
    const report = await runTap(program);
    expect(report).toMatchObject({
      code: 0,
      failed: [expect.stringContaining("# the flavour is")],
      stderr: "",
    });
    expect(report.passed).toHaveLength(TESTS);
  });
});
