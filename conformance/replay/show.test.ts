import { describe, expect, it } from "vitest";
import type { Plan } from "../contract/plan.js";
import { showReplayFailure } from "./show.js";

const PLAN: Plan = {
  format: 2,
  spec: "rcu/Urcu",
  source: "",
  updaters: 1,
  readers: 1,
  cells: 2,
  words: ["gp"],
  steps: ["Idle", "Register", "LoadGp", "Raise"],
  states: [[1]],
  paths: [{ start: 0, moves: [1, 1, 0, 1, 2, 0, 0, 3, 0] }],
};

describe("showReplayFailure", () => {
  it("says where, what differs, and what led there", () => {
    const failure = {
      kind: "state" as const,
      path: 0,
      move: 2,
      thread: 0,
      step: "Raise",
      message: "the state is not the specification's",
    };
    expect(
      showReplayFailure({ ...failure, words: [{ name: "gp", expected: 1, actual: 0 }] }, PLAN, 41).split(
        "\n",
      ),
    ).toEqual([
      "path 41, step 3 of 3, Raise of updater: the state is not the specification's (state)",
      "  gp: the specification has 1, the implementation has 0",
      "       1  reader 1  Register",
      "       2  reader 1  LoadGp",
      "  >    3  updater   Raise",
    ]);
  });

  it("names the steps where threads are", () => {
    const failure = {
      kind: "state" as const,
      path: 0,
      move: 2,
      thread: 0,
      step: "Raise",
      message: "it differs",
    };
    const words = [
      { name: "at0", expected: 3, actual: 0 },
      { name: "at1", expected: -1, actual: 17 },
      { name: "cat1", expected: 1, actual: 2 },
    ];
    expect(
      showReplayFailure({ ...failure, words }, PLAN)
        .split("\n")
        .slice(1, 4),
    ).toEqual([
      "  at0: the specification has Raise, the implementation has Idle",
      "  at1: the specification has Asleep, the implementation has 17, which is not a step",
      "  cat1: the specification has 1, the implementation has 2",
    ]);
  });

  it("numbers updaters where there are several", () => {
    const failure = {
      kind: "hang" as const,
      path: 0,
      move: 2,
      thread: 0,
      step: "Raise",
      message: "it hangs",
    };
    expect(showReplayFailure(failure, { ...PLAN, updaters: 2 }).split("\n")).toEqual([
      "path 1, step 3 of 3, Raise of updater 0: it hangs (hang)",
      "       1  updater 1 Register",
      "       2  updater 1 LoadGp",
      "  >    3  updater 0 Raise",
    ]);
  });

  it("knows failures before the first step and after the last", () => {
    const failure = { kind: "hang" as const, path: 0, thread: 0, step: "", message: "nothing moves" };
    expect(showReplayFailure({ ...failure, move: -1 }, PLAN)).toContain(
      "path 1, before its first step: nothing moves (hang)",
    );
    expect(showReplayFailure({ ...failure, move: 3 }, PLAN)).toContain("after its last step");
  });
});
