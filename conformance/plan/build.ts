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
import { dumpGraph } from "./dump.js";
import { parseLabel, readSteps, type StepName } from "./instances.js";
import { coverGraph } from "./paths.js";
import { stepIds } from "./steps.js";
import { vocabulary } from "./words.js";

/** The claim whose state graph the conformance tests walk. */
export const REPLAYED_CLAIM = "rcu/number-steps/Urcu-any-updates";

/** Raised when this file makes different plans from the same specification. */
const FORMAT = 3;
const CELLS = 2;

export interface BuiltPlan {
  readonly plan: Plan;
  /** The plan's file, byte for byte, and its sha256. */
  readonly text: string;
  readonly sha256: string;
  readonly report: CoverReport;
}

export interface BuildOptions {
  readonly root: string;
  readonly tools: Tools;
  readonly signal?: AbortSignal;
  readonly onStage?: (text: string) => void;
}

/** What a plan is made from: enough to tell whether a stored one is still right. */
export interface PlanSource {
  readonly claim: Claim;
  readonly steps: readonly StepName[];
  readonly readers: number;
  readonly hash: string;
}

/** Reads the claim and the modules that the plan depends on. */
export async function planSource(root: string): Promise<PlanSource> {
  const spec = join(root, "spec");
  const [claim] = await requireClaims([REPLAYED_CLAIM], spec);
  if (claim === undefined) throw new BadInputError(`there is no claim ${REPLAYED_CLAIM}`);
  const { files } = await closeModules(claim.module, spec);
  const texts = [claim.config, ...files.map(({ text }) => text)].map(codeOf);
  const hash = createHash("sha256")
    .update(JSON.stringify([FORMAT, MAX_LENGTH, texts]))
    .digest("hex");
  const readers = Number(/\bReaders\s*=\s*(\d+)/.exec(claim.config)?.[1]);
  if (!(readers >= 1))
    throw new BadInputError("The configuration does not assign a number to Readers", { where: claim.file });
  return { claim, steps: readSteps(readFileSync(claim.module, "utf8"), claim.module), readers, hash };
}

/** The text without its comments and empty lines, so that a better comment does not require a new plan. */
function codeOf(text: string): string {
  return withoutComments(text)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}

/** Lets TLC dump the graph of the replayed claim, covers its edges, and writes the cover as a plan. */
export async function buildPlan(options: BuildOptions, known?: PlanSource): Promise<BuiltPlan> {
  const { root, tools, signal, onStage } = options;
  const source = known ?? (await planSource(root));
  onStage?.(`TLC dumps the state graph of ${source.claim.id}`);
  const graph = await dumpGraph({ ...source, tools, ...(signal && { signal }) });
  onStage?.(`covering ${graph.edges.length.toLocaleString("en-US")} edges`);
  const threads = graph.edges.map(({ action }) => parseLabel(action));
  const owner = Uint8Array.from(threads, ({ thread }) => thread);
  const { ours, report } = await coverGraph(graph, { owner, ...(signal && { signal }) });
  const plan = toPlan(source, graph, threads, ours);
  const text = printPlan(plan);
  return { plan, text, sha256: createHash("sha256").update(text).digest("hex"), report };
}

function toPlan(
  source: PlanSource,
  graph: StateGraph,
  labels: readonly { step: string; thread: number }[],
  ours: Cover,
): Plan {
  const steps = stepIds(source.steps.map(({ name }) => name));
  const { words, vector } = vocabulary(source.readers, CELLS, steps);
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
  const { readers, hash } = source;
  return {
    format: 1,
    spec: "rcu/number-steps/Urcu",
    source: hash,
    readers,
    cells: CELLS,
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
