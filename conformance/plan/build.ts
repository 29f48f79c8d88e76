import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import { requireClaims } from "../../spec/tlc/claim/asked-claims.js";
import type { Claim } from "../../spec/tlc/claim/claim.js";
import { withoutComments } from "../../spec/tlc/claim/config-tokens.js";
import { closeModules } from "../../spec/tlc/claim/modules.js";
import type { StateGraph } from "../../spec/tlc/graph/graph.js";
import type { Tools } from "../../spec/tlc/tools/tools.js";
import type { Plan, PlanPath } from "../contract/plan.js";
import { MAX_LENGTH } from "../paths/cover.js";
import type { CoverReport } from "../paths/report.js";
import type { Cover } from "../paths/verify.js";
import { dumpGraph, type NamedSteps } from "./dump.js";
import { parseLabel, readSteps, readThreads } from "./instances.js";
import { coverGraph } from "./paths.js";
import { stepIds } from "./steps.js";
import { vocabulary } from "./words.js";

/**
 * The claims whose state graphs the conformance tests walk, each with a plan of its own; the smaller graph first. One has
 * readers that get into each other's way, the other updaters that do.
 */
export const REPLAYED_CLAIMS = [
  "rcu/number-steps/Urcu-any-updates",
  "rcu/number-steps/Urcu-two-updaters",
] as const;

/** The part of them that the tour walks: a plan costs a newcomer half a minute. */
export const TOURED_CLAIMS = REPLAYED_CLAIMS.slice(0, 1);

/** Raised when this file makes different plans from the same specification. */
const FORMAT = 5;

export interface BuiltPlan {
  /** The id of the claim whose graph it covers. */
  readonly claim: string;
  readonly plan: Plan;
  /** The plan's file, byte for byte, and its sha256. */
  readonly text: string;
  readonly sha256: string;
  readonly report: CoverReport;
}

export interface BuildOptions {
  readonly tools: Tools;
  readonly signal?: AbortSignal;
  readonly onStage?: (text: string) => void;
}

/** What a plan is made from: enough to tell whether a stored one is still right. */
export interface PlanSource {
  readonly claim: Claim;
  readonly named: NamedSteps;
  readonly hash: string;
}

/** Reads a claim and the modules that its plan depends on. */
export async function planSource(root: string, id: string): Promise<PlanSource> {
  const spec = join(root, "spec");
  const [claim] = await requireClaims([id], spec);
  if (claim === undefined) throw new BadInputError(`there is no claim ${id}`);
  const { files } = await closeModules(claim.module, spec);
  const texts = [claim.config, ...files.map(({ text }) => text)].map(codeOf);
  const hash = createHash("sha256")
    .update(JSON.stringify([FORMAT, MAX_LENGTH, texts]))
    .digest("hex");
  const threads = readThreads(claim.config);
  if (threads === undefined)
    throw new BadInputError("The configuration does not assign numbers to Updaters and Readers", {
      where: claim.file,
    });
  const steps = readSteps(readFileSync(claim.module, "utf8"), claim.module);
  return { claim, named: { steps, threads }, hash };
}

/** The text without its comments and empty lines, so that a better comment does not require a new plan. */
function codeOf(text: string): string {
  return withoutComments(text)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}

/** Lets TLC dump the graph of the claim, covers its edges, and writes the cover as a plan. */
export async function buildPlan(source: PlanSource, options: BuildOptions): Promise<BuiltPlan> {
  const { tools, signal, onStage } = options;
  const claim = source.claim.id;
  onStage?.(`TLC dumps the state graph of ${claim}`);
  const graph = await dumpGraph({ ...source, tools, ...(signal && { signal }) });
  onStage?.(`covering ${graph.edges.length.toLocaleString("en-US")} edges`);
  const threads = graph.edges.map(({ action }) => parseLabel(action));
  const owner = Uint8Array.from(threads, ({ thread }) => thread);
  const { ours, report } = await coverGraph(graph, { owner, ...(signal && { signal }) });
  const plan = toPlan(source, graph, threads, ours);
  const text = printPlan(plan);
  return { claim, plan, text, sha256: createHash("sha256").update(text).digest("hex"), report };
}

function toPlan(
  source: PlanSource,
  graph: StateGraph,
  labels: readonly { step: string; thread: number }[],
  ours: Cover,
): Plan {
  const { threads } = source.named;
  const steps = stepIds(source.named.steps.map(({ name }) => name));
  const { cells, words, vector } = vocabulary(threads, steps);
  const index = new Map<string, number>();
  const states: number[][] = [];
  const stateOf = graph.states.map(({ variables }) => {
    const values = vector(variables);
    const key = values.join(" ");
    const known = index.get(key);
    if (known !== undefined) return known;
    index.set(key, states.length);
    return states.push(values) - 1;
  });
  const ids = new Map(steps.map((name, id) => [name, id]));
  const move = (edge: number): [number, number, number] => {
    const label = labels[edge];
    const to = graph.edges[edge]?.to;
    const step = ids.get(label?.step ?? "");
    const state = to === undefined ? undefined : stateOf[to];
    if (label === undefined || step === undefined || state === undefined) {
      throw new BadInputError(`The state graph has an edge of an unknown step: "${label?.step}"`);
    }
    return [label.thread, step, state];
  };
  const paths: PlanPath[] = ours.paths.map((edges) => ({
    start: stateOf[graph.edges[edges[0] ?? -1]?.from ?? -1] ?? 0,
    moves: [...edges].flatMap(move),
  }));
  return {
    format: 2,
    spec: "rcu/number-steps/Urcu",
    source: source.hash,
    ...threads,
    cells,
    words,
    steps,
    states,
    paths,
  };
}

/** One state or path per line, so that two plans can be compared by eye and with diff. */
function printPlan({ states, paths, ...rest }: Plan): string {
  const lines = (items: readonly unknown[]): string =>
    `[\n${items.map((item) => JSON.stringify(item)).join(",\n")}\n]`;
  return `${JSON.stringify(rest).slice(0, -1)},\n"states": ${lines(states)},\n"paths": ${lines(paths)}}\n`;
}
