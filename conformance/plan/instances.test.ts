import { describe, expect, it } from "vitest";
import { listsSteps, namedInstances, parseLabel, readSteps, readThreads } from "./instances.js";

const MODULE = `---- MODULE Tiny ----
ReaderStep(r) ==
  \\/ Lock(r)
  \\/ Unlock(r)

UpdaterStep(u) ==
  \\/ Free(u)

====
`;

describe("readSteps", () => {
  it("reads the names of both lists", () => {
    expect(readSteps(MODULE, "Tiny.tla")).toEqual([
      { name: "Lock", of: "reader" },
      { name: "Unlock", of: "reader" },
      { name: "Free", of: "updater" },
    ]);
  });

  it("says where a line is not a step", () => {
    const bad = MODULE.replace("\\/ Unlock(r)", "\\/ Unlock(r) /\\ x = 1");
    expect(() => readSteps(bad, "Tiny.tla")).toThrow(
      /"\\\/ Unlock\(r\) \/\\ x = 1" is not a step of ReaderStep/,
    );
  });

  it("requires that each step takes its thread", () => {
    expect(() => readSteps(MODULE.replace("Free(u)", "Free"), "Tiny.tla")).toThrow(
      /"\\\/ Free" is not a step of UpdaterStep\(u\)/,
    );
  });

  it("says that a list is missing", () => {
    expect(() => readSteps("---- MODULE X ----\n====\n", "X.tla")).toThrow(/X.tla has no list of steps/);
  });
});

describe("namedInstances", () => {
  it("gives each step of each thread its own action: first the updaters, then the readers", () => {
    const text = namedInstances("Tiny", readSteps(MODULE, "Tiny.tla"), { updaters: 2, readers: 2 });
    expect(text).toContain("Lock_2 == TRUE /\\ Lock(2)\nLock_3 == TRUE /\\ Lock(3)\n");
    expect(text).toContain("Free_0 == TRUE /\\ Free(0)\nFree_1 == TRUE /\\ Free(1)\n");
    expect(text).toContain(
      "NamedNext ==\n  \\/ Lock_2\n  \\/ Lock_3\n  \\/ Unlock_2\n  \\/ Unlock_3\n  \\/ Free_0\n  \\/ Free_1\n",
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
    expect(listsSteps("ReaderStep(r) ==\n  \\/ Use(r)\n\nUpdaterStep(u) ==\n  \\/ Free(u)\n")).toBe(true);
    expect(listsSteps("UpdaterStep(u) ==\n  \\/ Free(u)\n")).toBe(false);
  });
});

describe("readThreads", () => {
  it("requires both numbers", () => {
    expect(readThreads("CONSTANTS\n  Readers = 2 Updaters = 1\n")).toEqual({ updaters: 1, readers: 2 });
    expect(readThreads("CONSTANTS\n  Readers = 2\n  MoreUpdaters = 1\n")).toBeUndefined();
  });
});
