import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Plan } from "../contract/plan.js";
import { drive } from "./drive.js";
import { LAMP } from "./lamp.fixture.js";
import { withDriver } from "./open.js";

const folder = mkdtempSync(join(tmpdir(), "quiesce library "));
afterAll(() => rmSync(folder, { recursive: true }));
const header = join(
  dirname(createRequire(import.meta.url).resolve("quiesce/package.json")),
  "native/drive/driver.h",
);

/** A lamp whose switch is a record, and whose library prints what looks like an answer, and half a line. */
const SOURCE = String.raw`
#include "${header}"
#include <stdio.h>
#include <string.h>
static int on;
static void *begin(const struct qs_driver_world *world) { (void)world; on = 0; return &on; }
static enum qs_taken step(void *lamp, const struct qs_ask *ask, const char **problem)
{
	int wanted = strcmp(ask->step, "SwitchOn") == 0;
	(void)lamp, (void)problem;
	printf("{\"words\":{}}\n{ and half");
	if (ask->lane != 0)
		return QS_TAKEN_UNKNOWN;
	if (on == wanted)
		return QS_TAKEN_REFUSED;
	on = wanted;
	return (enum qs_taken)ANSWER;
}
static void look(void *lamp, struct qs_look *look) { (void)lamp; look->boolean(look, "on", on); fflush(stdout); }
static void end(void *lamp) { (void)lamp; }
__attribute__((visibility("default"))) const struct qs_driver *qs_driver_get(void)
{
	static const struct qs_driver driver = { .abi = 1, .name = "lamp", .begin = begin, .step = step, .look = look, .end = end };
	return &driver;
}
`;

const plan: Plan = {
  ...LAMP,
  lanes: [{ kind: "hand", name: "hand", value: { side: "left", fingers: [1, 2] } }],
};

const driven = (answer: number) => {
  const [source, library] = [join(folder, "lamp.c"), join(folder, `lamp${answer}.so`)];
  writeFileSync(source, SOURCE);
  execFileSync("cc", ["-shared", "-fPIC", `-DANSWER=${answer}`, "-o", library, source]);
  return withDriver(library, (command) => drive(plan, command, { processes: 1 }));
};

describe("a C library", () => {
  it("has lanes of any kind, may print what it likes, and stand in a folder with spaces", async () => {
    const result = await driven(0);
    expect(result).toMatchObject({ paths: 1, steps: 4, probes: 2 });
    expect(result.failure).toBeUndefined();
  });

  it.each([
    ["has another version", ".abi = 1", ".abi = 7", /^it was built for version 7 of driver\.h, this is 1$/],
    ["lacks a function", ".look = look", ".look = 0", /^its driver lacks begin, step, look or end$/],
    ["returns no driver", "return &driver;", "return 0;", /returns NULL$/],
    [
      "lacks the function that is called first",
      "*qs_driver_get(",
      "*qs_driver(",
      /doesn't export qs_driver_get\(\)/,
    ],
    [
      "ends its process when it is loaded",
      "static int on;",
      "static int on; __attribute__((constructor)) static void leave(void) { _exit(0); }",
      /^$/,
    ],
  ])("that %s is bad input, and no verdict", async (what, before, after, said) => {
    const name = what.replaceAll(" ", "-");
    const [source, library] = [join(folder, `${name}.c`), join(folder, `${name}.so`)];
    writeFileSync(source, `#include <unistd.h>\n${SOURCE.replace(before, after)}`);
    execFileSync("cc", ["-shared", "-fPIC", "-DANSWER=0", "-o", library, source]);
    const found = withDriver(library, (command) => drive(plan, command, { processes: 1 }));
    const error = await found.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "BadInputError", exitCode: 2 });
    const [, words = ""] = /it said: (.*)/.exec((error as Error).message) ?? [];
    expect(words).toMatch(said);
  });

  // The state D of /proc, in which the kernel's mutexes and disks keep a thread too; vfork() does it for as long as asked.
  it("that waits in the kernel for a while has not come to rest, and is waited for", async () => {
    const [source, library] = [join(folder, "slow.c"), join(folder, "slow.so")];
    const slow = "{ if (vfork() == 0) { usleep(5000); _exit(0); } on = wanted; }";
    writeFileSync(source, `#include <unistd.h>\n${SOURCE.replace("on = wanted;", slow)}`);
    execFileSync("cc", ["-shared", "-fPIC", "-DANSWER=0", "-o", library, source]);
    const result = await withDriver(library, (command) => drive(plan, command, { processes: 1 }));
    expect(result).toMatchObject({ paths: 1, steps: 4, probes: 2 });
    expect(result.failure).toBeUndefined();
  });

  it("that returns what is no answer is wrong", async () => {
    expect((await driven(77)).failure).toMatchObject({
      kind: "driver",
      message: expect.stringContaining("returned what is none of enum qs_taken"),
    });
  });
});
