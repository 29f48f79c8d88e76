import { describe, expect, it } from "vitest";
import { integer, model, string } from "../../../spec/tlc/value/value-tree.js";
import { readLanes } from "./lanes.js";

const URCU = readLanes([
  "---- MODULE Urcu ----\n  \\* Lanes: 0 = updater, n = reader n, else = the kernel, not = cell slot\n",
]);

describe("readLanes", () => {
  it("gives numbers the titles from the module", () => {
    expect([0, 1, 12].map((n) => URCU.titleOf(integer(n)))).toEqual(["updater", "reader 1", "reader 12"]);
    expect(URCU.other).toBe("the kernel");
    expect(["cell", "slot", "pc"].map(URCU.isOther)).toEqual([true, true, false]);
    expect(URCU.areThreads([integer(0), integer(1)])).toBe(true);
    expect(URCU.areThreads([string("a"), integer(1)])).toBe(false);
  });

  it("reads a line in a comment of either kind, and names of strings and model values", () => {
    const lanes = readLanes(["x == 1", '(* Lanes: "a" = the caller, r1 = first reader   *)']);
    expect(lanes.titleOf(string("a"))).toBe("the caller");
    expect(lanes.titleOf(model("r1"))).toBe("first reader");
    expect(lanes.other).toBeUndefined();
  });

  it("tells threads apart by a constant of the configuration, and knows who may take an action by its argument", () => {
    const lanes = readLanes(
      [
        "\\* Lanes: r <= Readers = reader r, u > Readers = updater u, else = the worker",
        "Read(r) == TRUE\nScan(u, x) ==\n  TRUE\nRest == TRUE\nOther(x) == TRUE",
      ],
      "CONSTANTS\n  Readers = 2\n  Updaters = 1",
    );
    expect([1, 2, 3].map((n) => lanes.titleOf(integer(n)))).toEqual(["reader 1", "reader 2", "updater 3"]);
    expect(lanes.other).toBe("the worker");
    expect([2, 3].map((n) => lanes.mayTake("Scan", integer(n)))).toEqual([false, true]);
    expect([2, 3].map((n) => lanes.mayTake("Read", integer(n)))).toEqual([true, false]);
    expect(["Rest", "Other", "Nowhere"].map((name) => lanes.mayTake(name, integer(1)))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("takes a bound that belongs to the one side or to the other", () => {
    const titles = (line: string): string[] => {
      const lanes = readLanes([`\\* Lanes: ${line}`], "CONSTANT N = 2");
      return [1, 2, 3].map((n) => lanes.titleOf(integer(n)));
    };
    expect(titles("u < N = updater u, r >= N = reader r")).toEqual(["updater 1", "reader 2", "reader 3"]);
    expect(titles("r <= N = reader r, u > N = updater u")).toEqual(["reader 1", "reader 2", "updater 3"]);
  });

  it("knows a thread by the variable that says where it is", () => {
    const lanes = readLanes(["\\* Lanes: w = worker w, barrier = the barrier, not = left"]);
    expect(["barrier", "left", "not", "w"].map(lanes.titleOfVariable)).toEqual([
      "the barrier",
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("gives no lane to a number whose bound has no value", () => {
    const lanes = readLanes(["\\* Lanes: r <= Readers = reader r"], "CONSTANT Other = 1");
    expect(lanes.titleOf(integer(1))).toBe("thread 1");
    expect(lanes.areThreads([integer(1), integer(2)])).toBe(false);
  });

  it("has plain titles for threads that no module mentions", () => {
    const lanes = readLanes(["Lanes: 0 = this is no comment", 'Lanes == "x"']);
    expect([integer(0), string("r1"), model("m")].map(lanes.titleOf)).toEqual(["thread 0", "r1", "m"]);
    expect(lanes.areThreads([integer(0)])).toBe(false);
  });
});
