import { describe, expect, it } from "vitest";
import type { Plan } from "../../../conformance/contract/plan.js";
import { BadPlanError } from "../../../conformance/contract/walk.js";
import { asked } from "../../../spec/tlc/base/patient.fixture.js";
import { randomPlan } from "./plan-maker.fixture.js";
import { replayNative } from "./replay.js";
import {
  broken,
  by,
  LEAD,
  LOCK,
  ofSize,
  oneByOne,
  RAISE_MOVE,
  REGISTER,
  SIZE,
  SLEEP_AND_WAKE,
  SLEEP_AT_DOORBELL,
  steps,
  TWO_UPDATERS,
  UNREGISTER,
  UPDATE,
} from "./scripts.fixture.js";

/** A reader is about to take its notice when the updater falls asleep, and wakes it at once. */
const WAKE_AT_ONCE = [
  ...by(1, REGISTER, LOCK),
  ...by(0, UPDATE, LEAD, "Scan SetNotice MembarrierNotice Rescan"),
  ...by(1, "Unlock LoadNotice"),
  ...by(0, "Sleep"),
  ...by(1, "TakeNotice Wake"),
  ...by(0, "Rescan ClearNotice"),
];

/** Two followers sleep at the doorbell, and arrive together once it has rung. */
const WAKE_ALL = [
  ...by(3, REGISTER, LOCK),
  ...by(0, UPDATE, LEAD, "Scan"),
  ...by(1, UPDATE, "LoadBegun LoadDoorbell LoadEnded Lead AddSleeper SleepAtDoorbell"),
  ...by(2, UPDATE, "LoadBegun LoadDoorbell LoadEnded Lead AddSleeper SleepAtDoorbell"),
  ...by(3, "Unlock LoadNotice"),
  ...by(0, "SetNotice MembarrierNotice Rescan ClearNotice End StepDown Ring LoadSleepers WakeAll Free"),
  ...by(2, "RemoveSleeper LoadDoorbell LoadEnded Lead"),
  ...by(1, "RemoveSleeper LoadDoorbell LoadEnded Lead AddSleeper SleepAtDoorbell"),
];

/** The plan's one path with moves added, each with the words of the state that it changes. */
function extended(plan: Plan, ...moves: [lane: number, step: string, words: Record<string, number>][]): Plan {
  const states = plan.states.map((state) => [...state]);
  const edges = [...plan.edges];
  const path = [...(plan.paths[0] ?? [])];
  for (const [lane, step, words] of moves) {
    const from = edges[path.at(-1) ?? -1]?.[3] ?? 0;
    const before = states[from] ?? [];
    states.push(plan.words.map((name, i) => words[name] ?? before[i] ?? 0));
    path.push(edges.length);
    edges.push([from, lane, steps.indexOf(step), states.length - 1]);
  }
  return { ...plan, states, edges, paths: [path] };
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

  it("follows updaters that share a grace period, through both futexes", async () => {
    const result = await replayNative(ofSize(TWO_UPDATERS, SLEEP_AT_DOORBELL));
    expect(result.failure).toBeUndefined();
    expect(result).toMatchObject({ paths: 1, steps: SLEEP_AT_DOORBELL.length });
  });

  it("lets several be woken by one step", async () => {
    const plan = ofSize({ ...TWO_UPDATERS, updaters: 3 }, ...Array.from({ length: 300 }, () => WAKE_ALL));
    const result = await replayNative(plan);
    expect(result.failure).toBeUndefined();
    expect(result).toMatchObject({ paths: 300, steps: 300 * WAKE_ALL.length });
  });

  it("lets nobody be woken before being asleep", async () => {
    const plan = oneByOne(...Array.from({ length: 300 }, () => WAKE_AT_ONCE));
    const result = await replayNative(plan);
    expect(result.failure).toBeUndefined();
    expect(result).toMatchObject({ paths: 300, probes: 600 });
  });

  it("gives the target time to finish when a path ends in the middle of everything", async () => {
    const scripts = SLEEP_AND_WAKE.map((_, end) => SLEEP_AND_WAKE.slice(0, end));
    const result = await replayNative(oneByOne(...scripts));
    expect(result.failure).toBeUndefined();
    expect(result).toMatchObject({ paths: scripts.length });
    const shared = SLEEP_AT_DOORBELL.map((_, end) => SLEEP_AT_DOORBELL.slice(0, end));
    expect((await replayNative(ofSize(TWO_UPDATERS, ...shared))).failure).toBeUndefined();
  });

  it.each([
    [1, 1],
    [1, 3],
    [2, 1],
    [2, 2],
    [3, 2],
  ])("drives %s updaters and %s readers", async (updaters, readers) => {
    const plan = randomPlan(
      steps,
      { updaters, readers, nesting: 3, updates: 3 },
      { paths: 60, length: 120, seed: 7 },
    );
    expect((await replayNative(plan)).failure).toBeUndefined();
  });

  it("names the words that differ, with the step and the path", async () => {
    const plan = oneByOne([], SLEEP_AND_WAKE);
    const result = await replayNative(plan, { mutant: "not-raised" });
    expect(result.failure).toMatchObject({
      kind: "state",
      path: 1,
      move: RAISE_MOVE,
      lane: 0,
      step: "Raise",
    });
    // All that is told by its distance from the number differs, too.
    expect(result.failure?.words).toEqual([
      { name: "gp", expected: 1, actual: 0 },
      { name: "begun", expected: 0, actual: 1 },
      { name: "ended", expected: 1, actual: 0 },
      { name: "announced1", expected: 1, actual: 2 },
    ]);
  });

  it("reports the failing path with the lowest index, whichever process meets its own first", async () => {
    const slow = Array.from({ length: 400 }, () => by(1, REGISTER, UNREGISTER));
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
    const inside = oneByOne([...by(1, REGISTER, LOCK, "Dereference"), "0 Initialise"]);
    const plan = extended(
      inside,
      [0, "Publish", { head: 1, mine0: 0, at0: steps.indexOf("Free") }],
      [0, "Free", { cell0: 2, mine0: -1, at0: 0 }],
      [1, "Use", {}],
    );
    const { failure } = await replayNative(plan, { target });
    expect(failure).toMatchObject({ kind: "use-after-free", move: 9, lane: 1, step: "Use" });
  });

  it("reports a wake-up that never comes as a hang at Wake", async () => {
    const { failure } = await asked(
      () => replayNative(oneByOne(SLEEP_AND_WAKE), { mutant: "missed-wake-up", hangMs: 1500 }),
      (result) => result.failure?.step === "Wake",
    );
    expect(failure).toMatchObject({ kind: "hang", lane: 1, step: "Wake" });
  });

  it("tells how far it is", async () => {
    const plan = randomPlan(steps, SIZE, { paths: 5_000, length: 60, seed: 3 });
    const seen: number[] = [];
    await replayNative(plan, { onProgress: ({ paths }) => seen.push(paths) });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it.each<[string, (plan: Plan) => Partial<Plan>, RegExp]>([
    [
      "a step that it lacks",
      (plan) => ({ steps: [...plan.steps, { name: "Dance", with: {} }] }),
      /the target quiesce has no step "Dance"/,
    ],
    [
      "other words",
      ({ groups }) => ({
        groups: groups.map((group) => (group.name === "head" ? { ...group, name: "tail" } : group)),
      }),
      /where it has head, the plan has tail/,
    ],
    [
      "more words",
      ({ groups, words, states, positions, lanes }) => ({
        words: ["more", ...words],
        positions: positions + 1,
        states: states.map((state) => [0, ...state]),
        groups: [
          { name: "more", first: 0, count: 1 },
          ...groups.map((group) => ({ ...group, first: group.first + 1 })),
        ],
        lanes,
      }),
      /where it has gp, the plan has more/,
    ],
    [
      "lanes of another kind",
      ({ lanes }) => ({ lanes: lanes.map((lane) => ({ ...lane, kind: "writer" })) }),
      /no lanes of the kind "writer"/,
    ],
    ["lanes in another order", ({ lanes }) => ({ lanes: lanes.toReversed() }), /updaters numbered from 0/],
  ])("refuses a plan with %s, in words", async (_, change, message) => {
    const plan = oneByOne(SLEEP_AND_WAKE);
    const replaying = replayNative({ ...plan, ...change(plan) });
    await expect(replaying).rejects.toThrow(BadPlanError);
    await expect(replaying).rejects.toThrow(message);
  });
});
