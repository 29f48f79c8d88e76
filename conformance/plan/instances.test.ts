import { describe, expect, it } from "vitest";
import { listsSteps, namedInstances, parseLabel, readSteps } from "./instances.js";

const MODULE = `---- MODULE Tiny ----
ReaderStep(r) ==
  \\/ Lock(r)
  \\/ Unlock(r)

UpdaterStep ==
  \\/ Free

====
`;

describe("readSteps", () => {
  it("reads the names of both lists", () => {
    expect(readSteps(MODULE, "Tiny.tla")).toEqual([
      { name: "Lock", perReader: true },
      { name: "Unlock", perReader: true },
      { name: "Free", perReader: false },
    ]);
  });

  it("says where a line is not a step", () => {
    const bad = MODULE.replace("\\/ Unlock(r)", "\\/ Unlock(r) /\\ x = 1");
    expect(() => readSteps(bad, "Tiny.tla")).toThrow(
      /"\\\/ Unlock\(r\) \/\\ x = 1" is not a step of ReaderStep/,
    );
  });

  it("says that a list is missing", () => {
    expect(() => readSteps("---- MODULE X ----\n====\n", "X.tla")).toThrow(/X.tla has no list of steps/);
  });
});

describe("namedInstances", () => {
  it("gives each step of each thread its own action", () => {
    const text = namedInstances("Tiny", readSteps(MODULE, "Tiny.tla"), 2);
    expect(text).toContain("Lock_1 == TRUE /\\ Lock(1)\nLock_2 == TRUE /\\ Lock(2)\n");
    expect(text).toContain("Free_0 == TRUE /\\ Free\n");
    expect(text).toContain(
      "NamedNext ==\n  \\/ Lock_1\n  \\/ Lock_2\n  \\/ Unlock_1\n  \\/ Unlock_2\n  \\/ Free_0\n",
    );
  });
});

describe("parseLabel", () => {
  it("takes a label apart", () => expect(parseLabel("LoadGp_2")).toEqual({ step: "LoadGp", thread: 2 }));
  it("refuses one without a thread", () =>
    expect(() => parseLabel("Next")).toThrow(/without a thread: "Next"/));
});

describe("listsSteps", () => {
  it("requires both lists", () => {
    expect(listsSteps("ReaderStep(r) ==\n  \\/ Use(r)\n\nUpdaterStep ==\n  \\/ Free\n")).toBe(true);
    expect(listsSteps("UpdaterStep ==\n  \\/ Free\n")).toBe(false);
  });
});
