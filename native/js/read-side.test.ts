import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sourceTexts } from "./artifact.js";
import { compile, STRICT } from "./compiler.js";
import { SOURCES } from "./root.js";

/** Makes objects of the inline functions of the read side. */
const USER = `#include "quiesce/read.h"
qs_token lock(struct qs_reader *reader);
void unlock(qs_token token);
void *get(qs_atomic(void *) *pointer);
void put(qs_atomic(void *) *pointer, void *fresh);
qs_token lock(struct qs_reader *reader) { return qs_read_lock(reader); }
void unlock(qs_token token) { qs_read_unlock(token); }
void *get(qs_atomic(void *) *pointer) { return qs_dereference(pointer); }
void put(qs_atomic(void *) *pointer, void *fresh) { qs_assign(pointer, fresh); }
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-read-side-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function objectOf(name: string, include: string, ...options: string[]): Promise<Buffer> {
  const source = join(folder, "user.c");
  const output = join(folder, `${name}.o`);
  await writeFile(source, USER);
  await compile(name, [
    ...STRICT,
    "-O2",
    `-I${include}`,
    `-I${join(SOURCES, "src")}`,
    ...options,
    "-c",
    source,
    "-o",
    output,
  ]);
  return readFile(output);
}

/** The headers with every line taken out that has a step point and nothing else. */
async function withoutStepPoints(): Promise<{ include: string; removed: number }> {
  const include = join(folder, "include");
  await rm(include, { recursive: true, force: true });
  await mkdir(join(include, "quiesce"), { recursive: true });
  let removed = 0;
  for (const [path, text] of await sourceTexts()) {
    if (!path.startsWith("include/")) continue;
    const kept = text.replace(/^\s*QS_STEP\(\w+\);\n|QS_STEP\(\w+\), /gm, () => {
      removed++;
      return "";
    });
    await writeFile(join(folder, path), kept);
  }
  return { include, removed };
}

describe("the read side's step points", () => {
  it("compile to nothing in the ordinary build: the objects are the same, byte for byte", async () => {
    const { include, removed } = await withoutStepPoints();
    expect(removed).toBe(17);
    const ordinary = await objectOf("ordinary", join(SOURCES, "include"));
    const stripped = await objectOf("stripped", include);
    expect(ordinary.equals(stripped)).toBe(true);
  });

  it("are there with -DQS_STEPS: the objects differ", async () => {
    const ordinary = await objectOf("ordinary", join(SOURCES, "include"));
    const stepped = await objectOf("stepped", join(SOURCES, "include"), "-DQS_STEPS");
    expect(ordinary.equals(stepped)).toBe(false);
  });
});

describe.skipIf(process.arch !== "x64")("the read side's instructions, on x86-64", () => {
  it("have fences only behind the domain's flavour, and no locked instruction", async () => {
    const output = join(folder, "user.s");
    const source = join(folder, "user.c");
    await writeFile(source, USER);
    await compile("assembly", [
      ...STRICT,
      "-O2",
      `-I${join(SOURCES, "include")}`,
      "-S",
      source,
      "-o",
      output,
    ]);
    const body = (await readFile(output, "utf8")).split("\n").map((line) => line.trim());
    // The one fence is A's, behind a look at the notice; C's is in the slow path, which the notice leads to.
    expect(body.filter((line) => /^(\w?fence$|lock\s)/.test(line))).toHaveLength(1);
    expect(body.filter((line) => /\b16\(%r/.test(line))).toHaveLength(2);
  });
});
