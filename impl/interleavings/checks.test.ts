import { describe, expect, it } from "vitest";
import { listMutants, sidesOfMutant, testMutant } from "../mutants/mutants.js";
import { CHECKS, type CheckName, runCheck } from "./checks.js";
import { interleave } from "./interleave.js";

const names = Object.keys(CHECKS) as CheckName[];
const tested = listMutants().flatMap(({ name, killer }) =>
  killer === "replay" ? [] : [{ name, test: killer.test }],
);

describe("what replay can't see", () => {
  it.each(names)("%s", (name) => {
    expect(runCheck(name)).toEqual([]);
  });

  it.each(names)("there is a mutant that breaks: %s", (name) => {
    expect(tested.map(({ test }) => test)).toContain(name);
  });

  it.each(tested)("$name is killed by its check, and by no other", ({ name, test }) => {
    expect(testMutant(name)).toEqual({ test, failed: true });
    const failing = names.filter((other) => runCheck(other, sidesOfMutant(name)).length > 0);
    expect(failing).toEqual([test]);
  });
});

describe("interleave", () => {
  it("runs the other one before each atomic operation of the one, on a fresh world each time", () => {
    const seen: string[] = [];
    const problems = interleave(() => {
      const words = new Int32Array(new SharedArrayBuffer(4));
      let story = "";
      return {
        one: () => {
          story += Atomics.load(words, 0);
          Atomics.store(words, 0, 5);
          story += Atomics.load(words, 0);
        },
        other: () => Atomics.store(words, 0, 9),
        problem: () => {
          seen.push(story);
          return story === "99" ? null : story;
        },
      };
    });
    expect(seen).toEqual(["95", "05", "09"]);
    expect(problems).toEqual([
      "before atomic operation 1: 95",
      "before atomic operation 2: 05",
      "before atomic operation 3: 09",
    ]);
  });

  it("leaves Atomics as it was, also when the one throws", () => {
    const { load } = Atomics;
    const race = () => ({
      one: () => {
        throw new RangeError("stop");
      },
      other: () => {},
      problem: () => null,
    });
    expect(() => interleave(race)).toThrow(RangeError);
    expect(Atomics.load).toBe(load);
  });
});
