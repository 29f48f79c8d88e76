import { describe, expect, it } from "vitest";
import { type Face, readCells } from "./cells.js";
import { type Matrix, matricesOf } from "./matrix.js";
import { processorTable } from "./processors.js";

/** The matrix in which these letters break something under these orders, and all others nothing. */
function matrix(breaking: Readonly<Record<string, readonly string[]>>, face: Face = "whole"): Matrix[] {
  const printed = ["A", "B", "C", "scan"].flatMap((missing) =>
    ["sc", "tso", "pso", "weak"].map((order) => {
      const breaks = breaking[missing]?.includes(order) ? "freed" : "";
      return `<<"cell", "number", "${missing}", "use", "${order}", 12, "${breaks}", 7>>`;
    }),
  );
  return matricesOf({ cells: readCells("mb", printed, face), undecided: new Map() });
}

const rowOf = (text: string): string[] =>
  (text.split("\n").find((line) => line.includes("number, mb")) ?? "").split("|").map((part) => part.trim());

const NONE = ["", "number, mb", "none", "none", "none", "none", ""];

describe("processorTable", () => {
  it("lists the letters that a processor does not need, and those that only the compiler has to keep", () => {
    const all = ["sc", "tso", "pso", "weak"];
    const whole = matrix({ A: all, B: ["weak"], scan: [] });
    const compiler = matrix({ A: ["weak"] }, "compiler");
    expect(rowOf(processorTable(whole, compiler))).toEqual(["", "number, mb", "B C", "A", "C", "B", ""]);
    // What another machine breaks is in no list.
    const none = matrix({ A: all, B: all, C: all });
    expect(rowOf(processorTable(none, matrix({ A: all, B: all, C: all }, "compiler")))).toEqual(NONE);
  });

  it("does not count what was not decided", () => {
    expect(rowOf(processorTable(matrix({}), []))).toEqual([
      "",
      "number, mb",
      "A B C",
      "none",
      "A B C",
      "none",
      "",
    ]);
    const undecided = matricesOf({ cells: [], undecided: new Map([["mb", "no time"]]) });
    expect(rowOf(processorTable(undecided, undecided))).toEqual(NONE);
  });
});
