import { readFileSync } from "node:fs";
import { rootOf } from "../../spec/tlc/check.js";
import type { Claim } from "../../spec/tlc/claim.js";
import { throwIfInterrupted } from "../../spec/tlc/errors.js";
import type { StateGraph } from "../../spec/tlc/graph.js";
import type { Tools } from "../../spec/tlc/tools.js";
import { baseline } from "../paths/baseline.js";
import { lowerBound } from "../paths/bound.js";
import { cover } from "../paths/cover.js";
import { type CoverReport, coverReport } from "../paths/report.js";
import { type Cover, verifyCover } from "../paths/verify.js";
import { dumpGraph } from "./dump.js";
import { listsSteps, parseLabel, readSteps, type StepName } from "./instances.js";

/** Bounds that keep paths readable; the steps beyond the lower bound are what they cost. */
export const MAX_LENGTH = 150;
const BASELINE_CAP = 50;

export interface PathsOptions {
  readonly tools: Tools;
  readonly signal?: AbortSignal;
  /** Longest path, in steps. */
  readonly maxLength?: number;
  readonly onStage?: (text: string) => void;
}

/** The paths of a claim's graph as a file's text, and their figures. */
export async function pathsOf(
  claim: Claim,
  options: PathsOptions,
): Promise<{ report: CoverReport; text: string }> {
  const { tools, signal, onStage } = options;
  onStage?.(`TLC dumps the state graph of ${claim.id}`);
  const steps = stepsOf(claim);
  const graph = await dumpGraph({ claim, tools, root: rootOf(claim), ...steps, ...(signal && { signal }) });
  throwIfInterrupted(signal);
  onStage?.(`covering ${graph.edges.length.toLocaleString("en-US")} edges`);
  const owner = steps && Uint8Array.from(graph.edges, ({ action }) => parseLabel(action).thread);
  const { ours, report } = coverGraph(graph, owner, options.maxLength);
  return { report, text: printPaths(claim, graph, ours) };
}

/**
 * The steps of a model that lists them by thread, as the replayed specification does: its edges then say whose they are.
 * Undefined for any other model, and where the configuration asks for more than the steps (fairness, say).
 */
function stepsOf({ module, config }: Claim): { steps: readonly StepName[]; readers: number } | undefined {
  const readers = Number(/^\s*Readers\s*=\s*(\d+)\s*$/m.exec(config)?.[1]);
  const text = readFileSync(module, "utf8");
  if (!(readers >= 1) || !/^\s*SPECIFICATION\s+Spec\s*$/m.test(config) || !listsSteps(text)) return undefined;
  return { steps: readSteps(text, module), readers };
}

/** Covers a state graph, checks the cover, and sets it beside the baseline and the lower bound. */
export function coverGraph(
  graph: StateGraph,
  owner?: Uint8Array,
  maxLength = MAX_LENGTH,
): { ours: Cover; report: CoverReport } {
  const shape = {
    nodes: graph.states.length,
    initial: graph.initial,
    from: Int32Array.from(graph.edges, ({ from }) => from),
    to: Int32Array.from(graph.edges, ({ to }) => to),
    ...(owner && { owner }),
  };
  const bound = lowerBound(shape);
  const ours = cover(shape, { maxLength, bound });
  verifyCover(shape, ours);
  return {
    ours,
    report: coverReport(shape, ours, baseline(shape, { cap: BASELINE_CAP }), bound),
  };
}

/** One state, edge and path a line, so that two files can be compared by eye and with diff. */
function printPaths(claim: Claim, { states, initial, edges }: StateGraph, { paths }: Cover): string {
  const lines = (items: readonly unknown[]): string =>
    `[\n${items.map((item) => JSON.stringify(item)).join(",\n")}\n]`;
  return `{"format":1,"claim":${JSON.stringify(claim.id)},"initial":${JSON.stringify(initial)},
"states":${lines(states.map(({ label }) => label))},
"edges":${lines(edges.map(({ from, action, to }) => [from, action, to]))},
"paths":${lines(paths.map((path) => [...path]))}}
`;
}
