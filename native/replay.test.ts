import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadAddon } from "./addon.js";
import { build } from "./artifact.js";
import { TARGET_OPTIONS, TARGET_SOURCES } from "./build.js";
import { BadPlanError, NativeInterrupted } from "./errors.js";
import type { ReplayPlan } from "./replay/plan.js";
import { PlanMaker, randomPlan } from "./replay/simulator.fixture.js";
import { membarrierWorks, replayNative } from "./replay.js";
import { ROOT, SOURCES } from "./root.js";

const steps = (await loadAddon()).steps();
const SIZE = { readers: 2, nesting: 2, updates: 2 };

/** A reader is inside; the updater falls asleep waiting for it; the reader leaves and wakes it; it frees. */
const SLEEP_AND_WAKE = [
  ..."1 Register,1 LoadGp,1 Announce,1 Dereference,0 Initialise,0 Publish,0 Membarrier,0 Raise,0 Scan".split(
    ",",
  ),
  ..."0 SetWaiting,0 MembarrierWaiting,0 Rescan,0 Sleep,1 Use,1 LockNested,1 UnlockNested".split(","),
  ..."1 Unlock,1 LoadWaiting,1 ClearWaiting,1 Wake,0 Awake,0 SetWaiting,0 MembarrierWaiting,0 Rescan".split(
    ",",
  ),
  ..."0 StopWaiting,0 Scan,0 Free,1 Unregister".split(","),
];

/** A reader's late wake-up, meant for an earlier wait, comes as soon as the updater has fallen asleep again. */
const LATE_WAKE = [
  ..."1 Register,2 Register,1 LoadGp,1 Announce,0 Initialise,0 Publish,0 Membarrier,0 Raise,0 Scan".split(
    ",",
  ),
  ..."0 SetWaiting,1 Unlock,1 LoadWaiting,1 ClearWaiting,0 MembarrierWaiting,0 Rescan,0 StopWaiting".split(
    ",",
  ),
  ..."0 Scan,0 Free,0 Initialise,0 Publish,2 LoadGp,2 Announce,0 Membarrier,0 Raise,0 Scan,0 Scan".split(","),
  ..."0 SetWaiting,0 MembarrierWaiting,0 Rescan,0 Sleep,1 Wake,0 Awake,0 SetWaiting".split(","),
];

function oneByOne(...scripts: (readonly string[])[]): ReplayPlan {
  const maker = new PlanMaker(steps, SIZE);
  for (const script of scripts) maker.follow(script);
  return maker.plan();
}

/** A target whose library has texts changed: for faults that are no mutants of ours. */
async function broken(name: string, ...edits: (readonly [text: string, becomes: string])[]): Promise<string> {
  const file = "src/synchronize.c";
  let text = readFileSync(join(SOURCES, file), "utf8");
  for (const [old, becomes] of edits) {
    if (!text.includes(old)) throw new Error(`${old} isn't in ${file}`);
    text = text.replace(old, becomes);
  }
  return build({
    name: `broken-${name}`,
    ending: ".so",
    sources: TARGET_SOURCES,
    options: ["-O1", "-fPIC", "-shared", "-fvisibility=hidden", ...TARGET_OPTIONS],
    changed: new Map([[file, text]]),
  });
}

/** The plan's one path with moves added, each with the words of the state that it changes. */
function extended(
  plan: ReplayPlan,
  ...moves: [thread: number, step: string, words: Record<string, number>][]
): ReplayPlan {
  const states = plan.states.map((state) => [...state]);
  const path = [...(plan.paths[0]?.moves ?? [])];
  for (const [thread, step, words] of moves) {
    const before = states[path.at(-1) ?? 0] ?? [];
    states.push(plan.words.map((name, i) => words[name] ?? before[i] ?? 0));
    path.push(thread, steps.indexOf(step), states.length - 1);
  }
  return { ...plan, states, paths: [{ start: plan.paths[0]?.start ?? 0, moves: path }] };
}

const INCLUDES = [
  '#include "futex.h"\n',
  '#include "futex.h"\n#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n',
] as const;
const RAISE = "\tQS_STEP(Raise);\n";

describe("replay", () => {
  it("follows a path by hand, through the futex", async () => {
    const result = await replayNative(oneByOne(SLEEP_AND_WAKE));
    expect(result).toEqual({
      paths: 1,
      steps: SLEEP_AND_WAKE.length,
      probes: expect.any(Number),
      seconds: expect.any(Number),
    });
    // Asleep from after Sleep until Wake begins: six moves, each followed by a look; and one before the first of them.
    expect(result.probes).toBe(7);
  });

  it("lets nobody be woken before being asleep", async () => {
    const plan = oneByOne(...Array.from({ length: 300 }, () => LATE_WAKE));
    const result = await replayNative(plan);
    expect(result.failure).toBeUndefined();
    expect(result).toMatchObject({ paths: 300, probes: 300 });
  });

  it("gives the target time to finish when a path ends in the middle of everything", async () => {
    const scripts = SLEEP_AND_WAKE.map((_, end) => SLEEP_AND_WAKE.slice(0, end));
    const result = await replayNative(oneByOne(...scripts));
    expect(result).toMatchObject({ paths: scripts.length });
    expect(result.failure).toBeUndefined();
  });

  it.each([1, 2, 3])("drives %s readers", async (readers) => {
    const plan = randomPlan(steps, { readers, nesting: 3, updates: 3 }, { paths: 60, length: 120, seed: 7 });
    expect((await replayNative(plan)).failure).toBeUndefined();
  });

  it("names the words that differ, with the step and the path", async () => {
    const plan = oneByOne([], SLEEP_AND_WAKE);
    const result = await replayNative(plan, { mutant: "not-raised" });
    expect(result.failure).toMatchObject({ kind: "state", path: 1, move: 7, thread: 0, step: "Raise" });
    // Where the number isn't raised, the announcement stays as young as it.
    expect(result.failure?.words).toEqual([
      { name: "gp", expected: 1, actual: 0 },
      { name: "announced1", expected: 1, actual: 2 },
    ]);
  });

  it("reports the failing path with the lowest index, whichever process meets its own first", async () => {
    const slow = Array.from({ length: 400 }, () => ["1 Register", "1 Unregister"]);
    const plan = oneByOne(...slow, SLEEP_AND_WAKE, ["0 Initialise"], ["0 Initialise"], SLEEP_AND_WAKE);
    for (let i = 0; i < 3; i++) {
      expect((await replayNative(plan, { mutant: "not-raised" })).failure).toMatchObject({ path: 400 });
    }
  });

  it("finds a use after free", async () => {
    const target = await broken("frees-at-once", [
      "\tqs_synchronize(domain);\n\tQS_STEP(Free);",
      "\t(void)domain;\n\tQS_STEP(Free);",
    ]);
    // The plan is as wrong as the target here: it has the updater free at once, and then the reader use.
    const inside = oneByOne(["1 Register", "1 LoadGp", "1 Announce", "1 Dereference", "0 Initialise"]);
    const plan = extended(
      inside,
      [0, "Publish", { head: 1, at0: steps.indexOf("Free") }],
      [0, "Free", { cell0: 2, at0: 0 }],
      [1, "Use", {}],
    );
    const { failure } = await replayNative(plan, { target });
    expect(failure).toMatchObject({ kind: "use-after-free", move: 7, thread: 1, step: "Use" });
  });

  it("survives a target that crashes, and says at which step it was", async () => {
    const target = await broken("segfaults", [RAISE, `${RAISE}\t*(volatile int *)8 = 1;\n`]);
    const { failure, paths } = await replayNative(oneByOne([], SLEEP_AND_WAKE), { target });
    expect(failure).toMatchObject({ kind: "crash", path: 1, move: 7, thread: 0, step: "Raise" });
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
    const { failure } = await replayNative(oneByOne(SLEEP_AND_WAKE), { target, hangMs: 300 });
    expect(failure).toMatchObject({ kind: "hang", path: 0, move: 7, thread: 0, step: "Raise" });
  });

  it("survives a target that stops its own process", async () => {
    const target = await broken("stops", INCLUDES, [RAISE, `${RAISE}\traise(SIGSTOP);\n`]);
    const began = Date.now();
    const { failure } = await replayNative(oneByOne(SLEEP_AND_WAKE), { target, hangMs: 300 });
    expect(failure).toMatchObject({ kind: "hang", step: "Raise" });
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(shardsOf(process.pid)).toEqual([]);
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

  it("reports a wake-up that never comes as a hang at Wake", async () => {
    const { failure } = await replayNative(oneByOne(SLEEP_AND_WAKE), {
      mutant: "missed-wake-up",
      hangMs: 300,
    });
    expect(failure).toMatchObject({ kind: "hang", thread: 1, step: "Wake" });
  });

  it("can be aborted, and leaves no process behind", async () => {
    const plan = randomPlan(steps, SIZE, { paths: 5_000, length: 60, seed: 3 });
    const controller = new AbortController();
    const replaying = replayNative(plan, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(replaying).rejects.toThrow(NativeInterrupted);
    expect(shardsOf(process.pid)).toEqual([]);
  });

  it("leaves no process behind when the one that replays is killed", async () => {
    const target = await broken("hangs", [
      RAISE,
      `${RAISE}\tfor (volatile int i = 0; i == 0;)\n\t\tcontinue;\n`,
    ]);
    const options = { target, hangMs: 60_000 };
    const script = `import { replayNative } from "quiesce/native/replay";
      const onProgress = ({ steps }) => steps > 0 && process.stdout.write("hanging");
      replayNative(${JSON.stringify(oneByOne(SLEEP_AND_WAKE))}, { ...${JSON.stringify(options)}, onProgress });`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd: ROOT });
    await once(parent.stdout, "data");
    const pid = parent.pid ?? 0;
    expect(shardsOf(pid)).toHaveLength(1);
    parent.kill("SIGKILL");
    await once(parent, "close");
    await expect.poll(() => shardsOf(pid), { timeout: 5000 }).toEqual([]);
  });

  it("tells how far it is", async () => {
    const plan = randomPlan(steps, SIZE, { paths: 5_000, length: 60, seed: 3 });
    const seen: number[] = [];
    await replayNative(plan, { onProgress: ({ paths }) => seen.push(paths) });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it("refuses a plan that is not for it", async () => {
    const plan = oneByOne(SLEEP_AND_WAKE);
    await expect(replayNative({ ...plan, steps: [...steps].reverse() })).rejects.toThrow(BadPlanError);
    await expect(replayNative({ ...plan, words: plan.words.slice(1) })).rejects.toThrow(BadPlanError);
    await expect(replayNative({ ...plan, paths: [{ start: 99_999, moves: [] }] })).rejects.toThrow(
      /starts nowhere/,
    );
  });
});

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
