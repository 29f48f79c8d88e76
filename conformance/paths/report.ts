import type { LowerBound } from "./bound.js";
import type { Graph } from "./graph.js";
import type { Cover } from "./verify.js";

/** The figures of a cover, with its baseline and the lower bound. Ratios are 0 where they would divide by 0. */
export interface CoverReport {
  readonly states: number;
  readonly edges: number;
  /** Edges that no path can reach; they need no cover. */
  readonly unreachableEdges: number;
  readonly paths: number;
  readonly steps: number;
  /** Covered share of the reachable edges, 0 to 1; 0 when there are none: covering nothing is not a success. */
  readonly coverage: number;
  /** Steps that no cover can do without. */
  readonly lowerBound: number;
  readonly ratioToLowerBound: number;
  readonly baseline: { readonly paths: number; readonly steps: number };
  /** Our steps over the baseline's. */
  readonly ratioToBaseline: number;
  /** Steps of the longest path. */
  readonly longest: number;
  /** Steps of the median path (the shorter one of two). */
  readonly median: number;
}

/** Puts the figures together; the covers themselves are checked by `verifyCover`, not here. */
export function coverReport(
  graph: Graph,
  ours: Cover,
  base: Cover,
  bound: Pick<LowerBound, "steps">,
): CoverReport {
  const lengths = ours.paths.map((path) => path.length).sort((a, b) => a - b);
  return {
    states: graph.nodes,
    edges: graph.from.length,
    unreachableEdges: graph.from.length - ours.reachableEdges,
    paths: ours.paths.length,
    steps: ours.steps,
    coverage: ratio(ours.covered, ours.reachableEdges),
    lowerBound: bound.steps,
    ratioToLowerBound: ratio(ours.steps, bound.steps),
    baseline: { paths: base.paths.length, steps: base.steps },
    ratioToBaseline: ratio(ours.steps, base.steps),
    longest: lengths.at(-1) ?? 0,
    median: lengths[(lengths.length - 1) >> 1] ?? 0,
  };
}

/** The report as aligned lines of text, without colour and without a final line feed. */
export function printReport(report: CoverReport): string {
  const count = (n: number) => n.toLocaleString("en-US");
  const unreachable =
    report.unreachableEdges === 0 ? "" : `${count(report.unreachableEdges)} unreachable, left out`;
  const rows: [label: string, figure: string, note: string][] = [
    ["states", count(report.states), ""],
    ["edges", count(report.edges), unreachable],
    ["paths", count(report.paths), `median ${count(report.median)} steps, longest ${count(report.longest)}`],
    ["steps", count(report.steps), ""],
    ["edge coverage", percent(report.coverage), "of the reachable edges"],
    [
      "lower bound",
      count(report.lowerBound),
      `steps; ours takes ${report.ratioToLowerBound.toFixed(3)} of it`,
    ],
    [
      "baseline",
      count(report.baseline.steps),
      `steps in ${count(report.baseline.paths)} paths; ours takes ${report.ratioToBaseline.toFixed(3)} of it`,
    ],
  ];
  const labels = Math.max(...rows.map(([label]) => label.length));
  const figures = Math.max(...rows.map(([, figure]) => figure.length));
  return rows
    .map(([label, figure, note]) => `${label.padEnd(labels)}  ${figure.padStart(figures)}  ${note}`.trimEnd())
    .join("\n");
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Rounded down, so that 100 % means all. */
function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}
