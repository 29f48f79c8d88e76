import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Interrupted } from "../../../spec/tlc/base/errors.js";
import { asked, seen } from "../../../spec/tlc/base/patient.fixture.js";
import { build } from "../artifact.js";
import { ROOT } from "../root.js";
import { randomPlan } from "./plan-maker.fixture.js";
import { membarrierWorks, replayNative } from "./replay.js";
import { broken, oneByOne, RAISE_MOVE, SIZE, SLEEP_AND_WAKE, steps } from "./scripts.fixture.js";

const INCLUDES = [
  '#include "futex.h"\n',
  '#include "futex.h"\n#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <unistd.h>\n',
] as const;
const RAISE = "\tQS_STEP(Raise);\n";

/** Replays what hangs at Raise; on a busy machine, an earlier step may take that long, too. */
const hanging = (target: string) =>
  asked(
    () => replayNative(oneByOne(SLEEP_AND_WAKE), { target, hangMs: 1500 }),
    ({ failure }) => failure?.step === "Raise",
  );

describe("replay", () => {
  it("survives a target that crashes, and says at which step it was", async () => {
    const target = await broken("segfaults", [RAISE, `${RAISE}\t*(volatile int *)8 = 1;\n`]);
    const { failure, paths } = await replayNative(oneByOne([], SLEEP_AND_WAKE), { target });
    expect(failure).toMatchObject({ kind: "crash", path: 1, move: RAISE_MOVE, lane: 0, step: "Raise" });
    expect(failure?.message).toContain("SIGSEGV");
    expect(paths).toBe(1);
  });

  it("survives a target that aborts with a message, and passes it on", async () => {
    const target = await broken("aborts", INCLUDES, [
      RAISE,
      `${RAISE}\tfputs("out of luck\\n", stderr);\n\tabort();\n`,
    ]);
    const { failure } = await replayNative(oneByOne(SLEEP_AND_WAKE), { target });
    expect(failure).toMatchObject({ kind: "crash", step: "Raise" });
    expect(failure?.message).toMatch(/SIGABRT.*out of luck/);
  });

  it("survives a target that ends the process", async () => {
    const target = await broken("exits", INCLUDES, [RAISE, `${RAISE}\texit(0);\n`]);
    expect((await replayNative(oneByOne(SLEEP_AND_WAKE), { target })).failure).toMatchObject({
      kind: "crash",
      step: "Raise",
    });
  });

  it("survives a target that hangs, and says at which step it was", async () => {
    const target = await broken("hangs", [
      RAISE,
      `${RAISE}\tfor (volatile int i = 0; i == 0;)\n\t\tcontinue;\n`,
    ]);
    const { failure } = await hanging(target);
    expect(failure).toMatchObject({ kind: "hang", path: 0, move: RAISE_MOVE, lane: 0, step: "Raise" });
  });

  it("survives a target that stops its own process", async () => {
    const target = await broken("stops", INCLUDES, [RAISE, `${RAISE}\traise(SIGSTOP);\n`]);
    const { failure } = await hanging(target);
    expect(failure).toMatchObject({ kind: "hang", step: "Raise" });
    expect(shardsOf(process.pid)).toEqual([]);
  });

  it("takes no target for hanging whose whole process was stopped for a while", async () => {
    // The watchdog has looked before, and looks while it goes on.
    const spins = `\tthrd_sleep(&(struct timespec){ 1, 0 }, NULL);
	raise(SIGSTOP);
	for (clock_t t = clock(); clock() - t < CLOCKS_PER_SEC / 10;)
		continue;\n`;
    const withClock: [string, string] = [
      INCLUDES[0],
      `${INCLUDES[1]}#include <threads.h>\n#include <time.h>\n`,
    ];
    const target = await broken("is-stopped", withClock, [RAISE, `${RAISE}${spins}`]);
    const hangMs = 4000;
    const replaying = replayNative(oneByOne(SLEEP_AND_WAKE), { target, hangMs });
    const [stopped = 0] = await seen("it is stopped", () => {
      const found = shardsOf(process.pid).map(Number).filter(isStopped);
      return found.length > 0 && found;
    });
    // For longer than it may take, and for less than it takes us to give it up.
    await new Promise((resolve) => setTimeout(resolve, hangMs * 1.2));
    process.kill(stopped, "SIGCONT");
    const { paths, failure } = await replaying;
    expect({ paths, failure }).toEqual({ paths: 1, failure: undefined });
  });

  it("ends what a target has forked, which keeps its output open", async () => {
    const seconds = `${2e6 + process.pid}`;
    const forks = `if (!fork()) {\n\t\tsetsid();\n\t\texeclp("sleep", "sleep", "${seconds}", (char *)0);\n\t}\n`;
    const target = await broken("forks", INCLUDES, [RAISE, `${RAISE}\t${forks}`]);
    const result = await replayNative(oneByOne(SLEEP_AND_WAKE), { target, hangMs: 60_000 });
    expect(result).toMatchObject({ paths: 1 });
    expect(result.failure).toBeUndefined();
    expect(execFileSync("ps", ["-eo", "args="], { encoding: "utf8" })).not.toContain(`sleep ${seconds}`);
  });

  it("lets a target print what it likes", async () => {
    const target = await broken("prints", INCLUDES, [RAISE, `${RAISE}\tputs("{}");\n\tfflush(stdout);\n`]);
    const result = await replayNative(oneByOne(SLEEP_AND_WAKE), { target });
    expect(result).toMatchObject({ paths: 1 });
    expect(result.failure).toBeUndefined();
  });

  it("takes a library that can't make a domain for no lack of the machine", async () => {
    const file = await build({
      name: "broken-addon",
      ending: ".node",
      sources: ["test/nothing.c"],
      options: ["-fPIC", "-shared"],
    });
    expect(await membarrierWorks(file)).toBeUndefined();
  });

  it("can be aborted, and leaves no process behind", async () => {
    const plan = randomPlan(steps, SIZE, { paths: 5_000, length: 60, seed: 3 });
    const controller = new AbortController();
    const replaying = replayNative(plan, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(replaying).rejects.toThrow(Interrupted);
    expect(shardsOf(process.pid)).toEqual([]);
  });

  it("leaves no process behind when the one that replays is killed", async () => {
    const target = await broken("hangs", [
      RAISE,
      `${RAISE}\tfor (volatile int i = 0; i == 0;)\n\t\tcontinue;\n`,
    ]);
    const options = { target, hangMs: 60_000 };
    const script = `import { replayNative } from "quiesce/native/js/replay/replay";
      const onProgress = ({ steps }) => steps > 0 && process.stdout.write("hanging");
      replayNative(${JSON.stringify(oneByOne(SLEEP_AND_WAKE))}, { ...${JSON.stringify(options)}, onProgress });`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd: ROOT });
    await once(parent.stdout, "data");
    const pid = parent.pid ?? 0;
    expect(shardsOf(pid)).toHaveLength(1);
    parent.kill("SIGKILL");
    await once(parent, "close");
    await expect.poll(() => shardsOf(pid), { timeout: 300_000 }).toEqual([]);
  });
});

function isStopped(pid: number): boolean {
  return /\) T /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** Processes that drive a target for the process `parent`: it stands in their job. */
function shardsOf(parent: number): string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, "utf8");
      return line.includes("replay/child") && line.includes(`"parent":${parent},`);
    } catch {
      return false; // it has ended meanwhile
    }
  });
}
