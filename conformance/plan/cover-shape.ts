import { baseline } from "../paths/baseline.js";
import { lowerBound } from "../paths/bound.js";
import { cover } from "../paths/cover.js";
import type { Graph } from "../paths/graph.js";
import { type CoverReport, coverReport } from "../paths/report.js";
import { type Cover, verifyCover } from "../paths/verify.js";

const BASELINE_CAP = 50;

/** A state graph without its states, as passed to a thread. */
export type GraphShape = Graph;

export interface Covered {
  readonly ours: Cover;
  readonly report: CoverReport;
}

/** Covers a graph, checks the cover, and compares it with the baseline and the lower bound. */
export function coverShape(shape: GraphShape, maxLength: number): Covered {
  const bound = lowerBound(shape);
  const ours = cover(shape, { maxLength, bound });
  verifyCover(shape, ours);
  return { ours, report: coverReport(shape, ours, baseline(shape, { cap: BASELINE_CAP }), bound) };
}
