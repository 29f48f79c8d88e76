import { expectedCells } from "./expected.js";
import { matrixMarkdown } from "./markdown.js";
import { matricesOf } from "./matrix.js";
import { readReasons } from "./reasons.js";
import { matrixSvg } from "./svg.js";

/** The matrix as it is expected, as a page and a picture. TLC compares the expected one with what it finds. */
export function matrixFiles(spec: string, madeBy: string): { path: string; text: string }[] {
  const matrices = matricesOf({ cells: expectedCells(spec), undecided: new Map() });
  return [
    { path: "spec/rcu/generated/matrix.md", text: matrixMarkdown(matrices, readReasons(spec), madeBy) },
    { path: "spec/rcu/generated/matrix.svg", text: matrixSvg(matrices) },
  ];
}
