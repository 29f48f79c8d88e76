import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "./compiler.js";
import { headerNames, INCLUDE } from "./reference/headers.js";
import { SOURCES } from "./root.js";
import { have, type Tool } from "./test/command.js";

const WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Wundef", "-Werror"];
const OF_C = ["-Wstrict-prototypes", "-Wmissing-prototypes"];
const OF_CXX = ["-Wnon-virtual-dtor"];

/** Each language that the headers are written in, by compiler. */
const MODES: readonly { tool: Tool; standard: string; cxx: boolean }[] = [
  ...(["gcc", "clang"] as const).flatMap((tool) =>
    ["c11", "c17", "c2x"].map((standard) => ({ tool, standard, cxx: false })),
  ),
  ...(["g++", "clang++"] as const).flatMap((tool) =>
    ["c++17", "c++20", "c++2b"].map((standard) => ({ tool, standard, cxx: true })),
  ),
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-headers-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A source for each header that includes it alone, and twice. */
async function sourcesFor(cxx: boolean): Promise<string[]> {
  const names = headerNames().filter((name) => cxx || name.endsWith(".h"));
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, `${name.replace(".", "_")}.${cxx ? "cpp" : "c"}`);
      await writeFile(file, `#include "quiesce/${name}"\n#include "quiesce/${name}"\ntypedef int nothing;\n`);
      return file;
    }),
  );
}

function check(tool: Tool, standard: string, cxx: boolean, sources: readonly string[]) {
  const include = `-I${join(SOURCES, "include")}`;
  const warnings = [...WARNINGS, ...(cxx ? OF_CXX : OF_C)];
  return run([tool, `-std=${standard}`, ...warnings, include, "-fsyntax-only", ...sources]);
}

describe.each(MODES)("every header alone, by $tool as $standard", ({ tool, standard, cxx }) => {
  it.skipIf(!have("headers", tool))("compiles without a warning", async () => {
    const sources = await sourcesFor(cxx);
    expect(sources.length).toBeGreaterThan(7);
    expect(await check(tool, standard, cxx, sources)).toMatchObject({ code: 0, stderr: "" });
  });
});

describe.skipIf(!have("headers", "g++"))("a header that would not do", () => {
  it("is noticed: C++ lacks _Atomic and the implicit conversion of void *", async () => {
    const file = join(folder, "bad.cpp");
    await writeFile(file, '#include "quiesce/quiesce.h"\n_Atomic(int) x; int *p = (void *)0;\n');
    expect((await check("g++", "c++17", true, [file])).code).not.toBe(0);
  });
});

it("no header of C++ has lines of more than 120 columns", () => {
  for (const name of headerNames().filter((one) => one.endsWith(".hpp")))
    for (const line of readFileSync(join(INCLUDE, name), "utf8").replaceAll("\t", "        ").split("\n"))
      expect(line.length, `${name}: ${line}`).toBeLessThanOrEqual(120);
});

const REFUSED = {
  "a load outside of a section": "quiesce::rcu_ptr<int> p; int *q() { return p.load(); }",
  "a copy of a reader": "void f(quiesce::reader &r) { quiesce::reader other{r}; }",
  "a section that is moved": "void f(quiesce::reader &r) { quiesce::section s{r}; auto t = std::move(s); }",
  "a section that ends at once": "void f(quiesce::reader &r) { quiesce::section<quiesce::side::any>{r}; }",
  "an old object that is forgotten":
    "void f(quiesce::rcu_ptr<int> &p) { p.exchange(std::make_unique<int>(1)); }",
};

describe.skipIf(!have("quiesce.hpp", "g++"))("quiesce.hpp", () => {
  it.each(Object.entries(REFUSED))("doesn't let through %s", async (_, text) => {
    const file = join(folder, "refused.cpp");
    await writeFile(file, `#include "quiesce/quiesce.hpp"\n${text}\n`);
    const { code, stderr } = await check("g++", "c++20", true, [file]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/no matching function|deleted function|unused|nodiscard|temporary/);
  });
});
