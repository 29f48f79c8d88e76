import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Plan } from "../../conformance/contract/plan.js";
import { STEPS } from "../generated/steps.js";
import { listMutants, UnknownMutantError } from "../mutants/mutants.js";
import { replayImpl } from "./replay-impl.js";
import { randomWalks } from "./walks.fixture.js";

const walks = randomWalks({ updaters: 2, readers: 2, nesting: 2, paths: 500, length: 120, seed: 1 });

/** CI kills each of them in a step of its own, on the whole plans: once is enough. */
const isElsewhere = process.env["QUIESCE_MUTANTS"] === "elsewhere";

describe("replay of the implementation", () => {
  it("goes along every path, probes the sleeping updater, and counts the same each time", async () => {
    const alone = await replayImpl(walks, { processes: 1 });
    expect(alone).toMatchObject({ paths: 500, steps: 60_000 });
    expect(alone.failure).toBeUndefined();
    expect(alone.probes).toBeGreaterThan(100);
    const side = await replayImpl(walks, { processes: 2 });
    expect(side).toEqual({ ...alone, seconds: expect.any(Number) });
    console.info(`impl replay: ${Math.round(side.steps / side.seconds)} steps a second with two processes`);
  });

  it("walks with one and with three of each, too", async () => {
    for (const count of [1, 3]) {
      const plan = randomWalks({
        updaters: count,
        readers: count,
        nesting: 3,
        paths: 60,
        length: 100,
        seed: count,
      });
      const result = await replayImpl(plan);
      expect(result.failure).toBeUndefined();
      expect(result.steps).toBe(6000);
    }
  });

  it("has nothing to do for an empty plan", async () => {
    expect(await replayImpl({ ...walks, paths: [] })).toMatchObject({ paths: 0, steps: 0 });
  });

  it("reports the words of a state that is not as planned", async () => {
    const result = await replayImpl(withWrongState(walks, 3, 7, "gp"), { processes: 1 });
    expect(result.failure).toMatchObject({
      kind: "state",
      path: 3,
      move: 7,
      words: [{ name: "gp", expected: 99 }],
    });
    expect(result.paths).toBe(3);
  });
});

describe("mutants", () => {
  const seen = listMutants().filter(({ killer }) => killer === "replay");
  it.skipIf(isElsewhere).each(seen)("$name is killed", async ({ name: mutant, hangs }) => {
    const { failure } = await replayImpl(walks, { mutant, hangMs: 60_000, processes: 1 });
    expect(failure).toBeDefined();
    // Only what is seen in the state or the steps counts: a hang would be seen on a busy machine, too.
    // A sleeper that nobody wakes is counted: no limit of time is involved.
    const kinds = hangs ? ["hang"] : ["state", "step", "not-blocked", "use-after-free"];
    expect(kinds).toContain(failure?.kind);
    if (hangs) expect(failure?.message).toContain("should have been woken");
  });

  const unseen = listMutants().filter(({ killer }) => killer !== "replay");
  it.each(unseen.map(({ name }) => name))("%s follows every path: a check has to kill it", async (mutant) => {
    const { failure } = await replayImpl(walks, { mutant, processes: 1 });
    expect(failure).toBeUndefined();
  });

  it("refuses a name that is none", async () => {
    await expect(replayImpl(walks, { mutant: "nonesuch" })).rejects.toThrow(UnknownMutantError);
  });
});

const PATIENT = { timeout: 300_000 };

describe("accidents", () => {
  let added: { path: number; move: number };
  beforeAll(() => {
    const adds = (edge: number): boolean => STEPS[walks.edges[edge]?.[2] ?? 0] === "AddReader";
    const path = walks.paths.findIndex((edges) => edges.some(adds));
    added = { path, move: walks.paths[path]?.findIndex(adds) ?? -1 };
  });

  it("reports a segmentation fault with the step that it happened at", async () => {
    const { failure } = await replayImpl(walks, { mutant: "fault-segfault", processes: 1 });
    expect(failure).toMatchObject({ kind: "crash", step: "AddReader", ...added });
    expect(failure?.message).toContain("SIGSEGV");
  });

  it("reports an exception", async () => {
    const { failure } = await replayImpl(walks, { mutant: "fault-throw" });
    expect(failure).toMatchObject({ kind: "crash", step: "Raise" });
    expect(failure?.message).toContain("out of numbers");
  });

  it("reports an endless loop, and ends it", async () => {
    // On a busy machine an earlier step may take that long, too.
    await vi.waitFor(async () => {
      const { failure } = await replayImpl(walks, { mutant: "fault-endless-loop", hangMs: 1500 });
      expect(failure).toMatchObject({ kind: "hang", step: "Scan" });
    }, PATIENT);
    expect(await replayProcesses()).toEqual([]);
  });

  it("gives up a process that stops as a whole, and calls it a hang", async () => {
    await vi.waitFor(async () => {
      const { failure } = await replayImpl(walks, { mutant: "fault-stop", processes: 1, hangMs: 800 });
      expect(failure).toMatchObject({ kind: "hang", path: added.path });
      expect(failure?.message).toContain("has stopped");
    }, PATIENT);
    expect(await replayProcesses()).toEqual([]);
  });

  it("leaves no process when it is stopped", async () => {
    const stop = new AbortController();
    const running = replayImpl(walks, { mutant: "fault-endless-loop", hangMs: 60_000, signal: stop.signal });
    setTimeout(() => stop.abort(new Error("enough")), 400);
    await expect(running).rejects.toThrow("enough");
    expect(await replayProcesses()).toEqual([]);
  });
});

function withWrongState(plan: Plan, path: number, move: number, word: string): Plan {
  const edges = [...plan.edges];
  const broken = [...(plan.paths[path] ?? [])];
  const [from, lane, step, to] = edges[broken[move] ?? 0] ?? [0, 0, 0, 0];
  const state = [...(plan.states[to] ?? [])];
  state[plan.words.indexOf(word)] = 99;
  broken[move] = edges.length;
  edges.push([from, lane, step, plan.states.length]);
  // The rest of the path goes on from where it would have been.
  const [, laneAfter, stepAfter, after] = edges[broken[move + 1] ?? 0] ?? [0, 0, 0, 0];
  broken[move + 1] = edges.length;
  edges.push([plan.states.length, laneAfter, stepAfter, after]);
  const paths = plan.paths.map((old, i) => (i === path ? broken : old));
  return { ...plan, states: [...plan.states, state], edges, paths };
}

/** Processes of ours that replay, where the system tells. */
async function replayProcesses(): Promise<string[]> {
  const pids = await readdir("/proc").catch(() => []);
  return pids.filter((pid) => {
    try {
      const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return parent === String(process.pid) && command.includes("replay/child");
    } catch {
      return false;
    }
  });
}
