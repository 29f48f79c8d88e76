import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { COUNTER } from "../../native/js/replay/counter.fixture.js";
import type { Plan } from "../contract/plan.js";
import type { ReplayResult } from "../contract/result.js";
import { exportsOf } from "../drive/exports.js";
import { withForeign } from "./stepped.js";

const folder = mkdtempSync(join(tmpdir(), "quiesce stepped "));
afterAll(() => rmSync(folder, { recursive: true }));

/** It may count by one or, in CHOICE, by two. */
const PLAN: Plan = { ...COUNTER, module: "Counter", constants: {} };
const CHOICE: Plan = { ...PLAN, edges: [...PLAN.edges, [0, 0, 1, 2]], paths: [[0, 1], [2]] };
/** States 1 and 3 look the same, and only one of them leads on to 2. */
const ALIKE: Plan = {
  ...PLAN,
  states: [...PLAN.states, [1, 0], [5, 0]],
  edges: [...PLAN.edges, [0, 0, 1, 3], [3, 0, 1, 4]],
  paths: [
    [0, 1],
    [2, 3],
  ],
};

const SOURCE = `
#include <stdlib.h>
#include "target.h"
static const char *const steps[] = { "Count", NULL };
static const char *const lanes[] = { "counter", NULL };
static const char *const words[] = { "n", NULL };
static qs_target_hook hook;
static void set_hook(qs_target_hook function) { hook = function; }
static void *create(const struct qs_setup *setup) { (void)setup; return calloc(1, sizeof(int32_t)); }
static const char *run(void *n, int lane, int step) { (void)lane, (void)step; hook(0); *(int32_t *)n += 1; return NULL; }
static void observe(void *n, int32_t *state) { state[0] = *(int32_t *)n; }
static const struct qs_target target = {
	.abi = QS_TARGET_ABI, .name = "counter", .steps = steps, .lanes = lanes, .words = words,
	.announces_sleep = false, .misfit = NULL, .set_hook = set_hook, .create = create, .destroy = free, .run = run,
	.observe = observe, .moved = NULL, .holds = NULL, .drain = NULL, .rest = NULL,
};
const struct qs_target *qs_target_get(void) { return &target; }
`;

type Edit = readonly [text: string, becomes: string];

function written(name: string, ...edits: readonly Edit[]): string {
  let text = SOURCE;
  for (const [old, becomes] of edits) {
    expect(text).toContain(old);
    text = text.replace(old, becomes);
  }
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

function driven(file: string, plan = PLAN): Promise<ReplayResult> {
  return withForeign(file, (target) => target.replay(plan, { hangMs: 20_000 }));
}

const BY_TWO: Edit = ["+= 1;", "+= 2;"];
const BY_THREE: Edit = ["+= 1;", "+= 3;"];

/** It does so as soon as it is loaded. */
function whenLoaded(does: string): Edit {
  const text = "static void set_hook";
  return [text, `__attribute__((constructor)) static void loaded(void) { ${does} }\n${text}`];
}

describe("anybody's target, one step at a time", () => {
  it.each(["target.c", "target.cc", "target.cpp", "target.cxx"])(
    "is driven from its source %s",
    async (name) => {
      expect(await driven(written(name))).toMatchObject({ paths: 1, steps: 2 });
    },
  );

  it("says beforehand that it holds threads, so that a contract that doesn't fit is refused at once", async () => {
    expect(await withForeign(written("target.c"), async ({ stepped }) => stepped)).toBe(true);
  });

  it.each(["target.c", "target.cc"])("is found out: %s counts by three", async (name) => {
    const { failure } = await driven(written(name, BY_THREE));
    expect(failure).toMatchObject({ kind: "state", words: [{ name: "n", expected: 1, actual: 3 }] });
  });

  it("is not blamed for a choice that the specification leaves it, and hasn't passed either", async () => {
    const { failure, paths, astray } = await driven(written("two.c", BY_TWO), CHOICE);
    expect({ failure, paths }).toEqual({ failure: undefined, paths: expect.any(Number) });
    expect(paths).toBeLessThan(CHOICE.paths.length);
    expect(astray).toMatch(/^after Count of the counter it is in another state .* allows, too/);
    expect((await driven(written("three.c", BY_THREE), CHOICE)).failure).toMatchObject({ kind: "state" });
    // It may have been in state 3 all along; but 1 is no state that state 1 or 3 leads to.
    expect((await driven(written("one.c"), ALIKE)).astray).toBeDefined();
    const stays: Edit = ["+= 1;", "= 1;"];
    expect((await driven(written("stays.c", stays), ALIKE)).failure).toMatchObject({ kind: "state" });
  });

  it("is blamed for what it does before its step, although a choice would lead there", async () => {
    const early: Edit = ["hook(0); *(int32_t *)n += 1;", "*(int32_t *)n += 2; hook(0);"];
    expect((await driven(written("early.c", early), CHOICE)).failure).toMatchObject({
      kind: "state",
      message: expect.stringContaining("before it came to Count"),
    });
  });

  it.each<[what: string, name: string, message: RegExp, ...Edit[]]>([
    ["does not compile", "broken.c", /can't be compiled/, ["hook(0);", "hook(0)"]],
    ["does not compile", "broken.cc", /can't be compiled/, ["hook(0);", "hook(0)"]],
    [
      "lacks a function",
      "linked.c",
      /can't be compiled/,
      ["hook(0);", "extern void nowhere(void); nowhere();"],
    ],
    [
      "exports nothing",
      "silent.c",
      /exports neither qs_target_get\(\) nor qs_driver_get/,
      ["qs_target_get(", "got("],
    ],
    [
      "exports both",
      "both.c",
      /exports both/,
      [
        "const struct qs_target *qs",
        "void qs_driver_get(void); void qs_driver_get(void) {}\nconst struct qs_target *qs",
      ],
    ],
    [
      "ends its process when it is loaded",
      "gone.c",
      /has ended its process before its first step/,
      whenLoaded("exit(0);"),
    ],
    ["returns none", "none.c", /qs_target_get\(\) returns NULL/, ["return &target;", "return NULL;"]],
    ["is of another version", "old.c", /version 2 of target\.h/, [".abi = QS_TARGET_ABI", ".abi = 2"]],
    ["has other words", "words.c", /where it has m, the plan has n/, ['{ "n", NULL }', '{ "m", NULL }']],
  ])("is bad input when it %s (%s)", async (_what, name, message, ...edits) => {
    const error = await driven(written(name, ...edits)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
  });

  it("is shown the beginning of what the compiler says of it, and how much that was", async () => {
    const errors = Array.from({ length: 900 }, (_, i) => `#error "this is wrong, too: ${i}"\n`).join("");
    const file = written("wrong.c", ["#include <stdlib.h>", errors]);
    const { hint = "" } = (await driven(file).catch((thrown: unknown) => thrown)) as { hint?: string };
    expect(hint).toMatch(/too: 0"[\s\S]*\n\.\.\. and more, [\d,]+ lines in all\nOne of several files/);
    expect(hint.length).toBeLessThan(9000);
  });

  it.each<[what: string, kind: string, name: string, ...Edit[]]>([
    [
      "prints an answer in our place, and leaves",
      "crash",
      "lies.c",
      ["#include <stdlib.h>", "#include <stdio.h>\n#include <stdlib.h>"],
      [
        "hook(0);",
        String.raw`printf("\n{\"result\":{\"paths\":1,\"steps\":2,\"probes\":0,\"seconds\":1}}"); exit(0);`,
      ],
    ],
    ["throws an exception", "crash", "throws.cc", ["hook(0);", "throw 1;"]],
    ["calls abort() when it is loaded", "crash", "aborts.c", whenLoaded("abort();")],
  ])("is found out: it %s (%s, %s)", async (_what, kind, name, ...edits) => {
    expect((await driven(written(name, ...edits))).failure).toMatchObject({ kind });
  });

  it("says where C++ has hidden the name, and what is no library, or not there", async () => {
    const plain = written("mangled.cc");
    const named = readFileSync(plain, "utf8").replace('#include "target.h"', "struct qs_target {};");
    writeFileSync(
      plain,
      `${named.slice(0, named.indexOf("static"))}const qs_target *qs_target_get() { return nullptr; }\n`,
    );
    await expect(driven(plain)).rejects.toMatchObject({ hint: expect.stringContaining('extern "C"') });
    const text = join(folder, "text.so");
    writeFileSync(text, "no library");
    expect(await exportsOf(text)).toBeUndefined();
    await expect(driven(text)).rejects.toMatchObject({ exitCode: 2 });
    await expect(driven("nowhere.c")).rejects.toMatchObject({ exitCode: 2 });
    mkdirSync(join(folder, "folder.c"));
    await expect(driven(join(folder, "folder.c"))).rejects.toThrow(/folder\.c is a folder$/);
  });

  it("is refused a plan that begins in several states, or has too many lanes", async () => {
    const file = written("many.c");
    const two: Plan = { ...PLAN, initial: [0, 1], paths: [[0, 1], [1]] };
    await expect(driven(file, two)).rejects.toThrow("begins in 2 states that look different");
    const [lane] = PLAN.lanes;
    const lanes = Array.from({ length: 61 }, () => lane ?? { kind: "", name: "", value: 0 });
    const states = PLAN.states.map(([n = 0]) => [n, ...lanes.map(() => 0)]);
    const words = ["n", ...lanes.map((_, i) => `at${i}`)];
    const groups = [PLAN.groups[0] ?? { name: "n", first: 0, count: 1 }, { name: "at", first: 1, count: 61 }];
    await expect(driven(file, { ...PLAN, lanes, states, words, groups })).rejects.toThrow("61 lanes");
  });

  it("ends with its path at its time limit, and says that it was not all", async () => {
    const slow: Edit = ["+= 1;", "+= 1; struct timespec t = { 0, 20000000 }; nanosleep(&t, NULL);"];
    const file = written("slow.c", ["#include <stdlib.h>", "#include <stdlib.h>\n#include <time.h>"], slow);
    const paths = Array.from({ length: 2000 }, () => [0, 1]);
    const result = await withForeign(file, (target) => target.replay({ ...PLAN, paths }, { limitMs: 1 }));
    expect(result).toMatchObject({ interrupted: true });
    expect(result.failure).toBeUndefined();
    expect(result.paths).toBeLessThan(2000);
  });
});

describe("exportsOf", () => {
  it("names what a library offers, and not what it asks for", async () => {
    await withForeign(written("names.c"), async (target) =>
      expect(target.name).toBe(join(folder, "names.c")),
    );
    // Node itself exports libuv, and asks for pthread_create().
    const names = await exportsOf(process.execPath);
    expect(names?.has("uv_run")).toBe(true);
    expect(names?.has("pthread_create")).toBe(false);
  });

  it("takes a file that is cut off for none", async () => {
    const whole = readFileSync(process.execPath).subarray(0, 4096);
    for (const length of [0, 3, 51, 63, 100, 4096]) {
      writeFileSync(join(folder, "cut.so"), whole.subarray(0, length));
      expect(await exportsOf(join(folder, "cut.so"))).toBeUndefined();
    }
  });
});
