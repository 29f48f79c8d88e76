import { describe, expect, it } from "vitest";
import type { Plan } from "../../../conformance/contract/plan.js";
import { BadPlanError } from "../errors.js";
import { randomPlan } from "./plan-maker.fixture.js";
import { replayNative } from "./replay.js";
import { broken, oneByOne, SIZE, SLEEP_AND_WAKE, steps } from "./scripts.fixture.js";

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

/** The plan's one path with moves added, each with the words of the state that it changes. */
function extended(
  plan: Plan,
  ...moves: [thread: number, step: string, words: Record<string, number>][]
): Plan {
  const states = plan.states.map((state) => [...state]);
  const path = [...(plan.paths[0]?.moves ?? [])];
  for (const [thread, step, words] of moves) {
    const before = states[path.at(-1) ?? 0] ?? [];
    states.push(plan.words.map((name, i) => words[name] ?? before[i] ?? 0));
    path.push(thread, steps.indexOf(step), states.length - 1);
  }
  return { ...plan, states, paths: [{ start: plan.paths[0]?.start ?? 0, moves: path }] };
}

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

  it("reports a wake-up that never comes as a hang at Wake", async () => {
    const { failure } = await replayNative(oneByOne(SLEEP_AND_WAKE), {
      mutant: "missed-wake-up",
      hangMs: 1500,
    });
    expect(failure).toMatchObject({ kind: "hang", thread: 1, step: "Wake" });
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
