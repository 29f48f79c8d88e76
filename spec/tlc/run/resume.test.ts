import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Interrupted } from "../base/errors.js";
import { identityOf } from "../base/identity.js";
import { createScratch, type Scratch } from "../base/scratch.js";
import { findTools, type Tools } from "../tools/tools.js";
import { openCheckpoint } from "./checkpoint.js";
import { hastyTools } from "./hasty.fixture.js";
import { isResumable, runResumably } from "./resume.js";
import type { TlcRun } from "./tlc-run.js";

let tools: Tools;
let home: Scratch;
beforeAll(async () => {
  tools = await findTools();
});
beforeEach(async () => {
  home = await createScratch("test");
});
afterEach(async () => {
  await home.remove();
});

const SIDE = 40;
const GRID = `---- MODULE Grid ----
EXTENDS Naturals
VARIABLES a, b, c
Init == a = 0 /\\ b = 0 /\\ c = 0
Up(v) == v < ${SIDE - 1} /\\ v' = v + 1
Next == \\/ Up(a) /\\ UNCHANGED <<b, c>>
        \\/ Up(b) /\\ UNCHANGED <<a, c>>
        \\/ Up(c) /\\ UNCHANGED <<a, b>>
\\* Takes its time.
Slow == \\A i \\in 1..1500 : i + a > 0
Fine == a < ${SIDE} /\\ Slow
NotLast == Slow /\\ a + b + c < ${3 * (SIDE - 1)}
====
`;

function model(invariant: string): TlcRun {
  writeFileSync(join(home.path, "Grid.tla"), GRID);
  return {
    tools: hastyTools(tools, join(home.path, "hasty")),
    module: join(home.path, "Grid.tla"),
    config: `INIT Init\nNEXT Next\nINVARIANT ${invariant}\nCHECK_DEADLOCK FALSE\n`,
    libraries: [],
    memoryMiB: 512,
  };
}
const runs = (): string => join(home.path, "runs");

describe("runResumably", () => {
  it.each([
    ["Fine", 0, 0],
    ["NotLast", 12, 3 * (SIDE - 1) + 1],
  ])("%s: an interrupted run comes to the same result", async (invariant, exitCode, steps) => {
    const stop = new AbortController();
    const first = runResumably(
      {
        ...model(invariant),
        signal: stop.signal,
        onMessage: ({ code }) => {
          // In the middle of the work that comes after a checkpoint.
          if (code === 2196) setTimeout(() => stop.abort(), 200);
        },
      },
      home.path,
      "key.json",
    );
    await expect(first).rejects.toThrow(Interrupted);
    expect(readdirSync(runs())).toEqual(["key"]);

    let resumedFrom = 0;
    const outcome = await runResumably(model(invariant), home.path, "key.json", (states) => {
      resumedFrom = states;
    });
    expect(resumedFrom).toBeGreaterThan(1);
    expect(resumedFrom).toBeLessThan(SIDE ** 3);
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.report.statistics?.distinct).toBe(SIDE ** 3);
    expect(outcome.report.trace?.states.length ?? 0).toBe(steps);
    expect(readdirSync(runs())).toEqual([]);
  });
});

describe("isResumable", () => {
  it("is not possible for a model that gathers what it sees outside of its states", () => {
    const gathers = { text: "Note == TLCSet(1, TLCGet(1) + 1)" };
    const counts = { text: "Next == n' = n + 1 \\* not by TLCSet" };
    expect(isResumable([counts])).toBe(true);
    expect(isResumable([counts, gathers])).toBe(false);
  });
});

describe("openCheckpoint", () => {
  /** Leaves behind what an interrupted run leaves. */
  async function leave(name: string): Promise<string> {
    const checkpoint = await openCheckpoint(home.path, `${name}.json`);
    if (checkpoint === undefined) throw new Error("the place is taken");
    const run = join(checkpoint.folder, "26-11-24-12-00-00");
    mkdirSync(run);
    writeFileSync(join(run, "queue.chkpt"), "states");
    await checkpoint.saved();
    await checkpoint.release(true);
    return run;
  }
  const recover = async (name: string): Promise<string | undefined> => {
    const checkpoint = await openCheckpoint(home.path, `${name}.json`);
    await checkpoint?.release(true);
    return checkpoint?.recover;
  };

  it("resumes the same model only", async () => {
    const run = await leave("one");
    expect(await recover("other")).toBeUndefined();
    expect(await recover("one")).toBe(run);
    expect(readdirSync(runs())).toEqual(["one"]);
  });

  it("does not resume from a checkpoint that TLC had begun to replace", async () => {
    appendFileSync(join(await leave("one"), "queue.chkpt"), "more");
    expect(await recover("one")).toBeUndefined();
    expect(readdirSync(runs())).toEqual([]);
  });

  it("leaves the place to whoever has it, but not to a process that is gone", async () => {
    const run = await leave("one");
    const holder = spawn("sleep", ["60"]);
    const lock = JSON.stringify(identityOf(holder.pid));
    writeFileSync(join(runs(), "one", "lock.json"), lock);
    expect(await openCheckpoint(home.path, "one.json")).toBeUndefined();
    // Nor does another run clean it up.
    expect(await recover("other")).toBeUndefined();
    holder.kill("SIGKILL");
    await new Promise((resolve) => holder.once("exit", resolve));
    expect(await recover("one")).toBe(run);
    // TLC goes on when the process that started it was killed.
    writeFileSync(join(runs(), "one", "lock.json"), lock);
    const orphan = spawn("sh", ["-c", "sleep 60 # $0", join(runs(), "one")]);
    await new Promise((resolve) => orphan.once("spawn", resolve));
    expect(await openCheckpoint(home.path, "one.json")).toBeUndefined();
    orphan.kill("SIGKILL");
    await new Promise((resolve) => orphan.once("exit", resolve));
  });

  it("removes what is older than a month, and works without a cache that can't be written", async () => {
    await leave("old");
    const then = Date.now() / 1000 - 31 * 86_400;
    utimesSync(join(runs(), "old", "complete.json"), then, then);
    await leave("new");
    expect(readdirSync(runs())).toEqual(["new"]);
    writeFileSync(join(home.path, "file"), "");
    expect(await openCheckpoint(join(home.path, "file"), "one.json")).toBeUndefined();
  });
});
