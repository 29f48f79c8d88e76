import { createHash } from "node:crypto";
import { basename } from "node:path";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import { requireRoom } from "../../spec/tlc/base/room.js";
import { nameOf } from "../../spec/tlc/base/source-file.js";
import { closeModules } from "../../spec/tlc/claim/modules.js";
import type { GraphEdge, StateGraph } from "../../spec/tlc/graph/graph.js";
import type { Tools } from "../../spec/tlc/tools/tools.js";
import type { Contract } from "../contract/contract.js";
import type { Plan } from "../contract/plan.js";
import { MAX_LENGTH } from "../paths/cover.js";
import type { CoverReport } from "../paths/report.js";
import { behaviourOf } from "./behaviour.js";
import { codeOf } from "./code.js";
import { dumpGraph } from "./dump.js";
import { jsonOf } from "./json-value.js";
import { type Model, modelOf } from "./model.js";
import { graphOnly } from "./model-config.js";
import { type Instances, instancesOf, labelOf, OWN, observedConfig, observedModule } from "./observed.js";
import { coverGraph } from "./paths.js";
import { contractFileOf, readContract } from "./read-contract.js";
import { seenStates } from "./seen.js";
import { evaluateSets, type Sets } from "./sets.js";
import { planSteps } from "./steps.js";
import { urgentFirst } from "./urgent.js";

/** Raised when this file makes different plans from the same specification. */
const FORMAT = 10;

export interface BuiltPlan {
  /** The id of the claim whose graph it covers. */
  readonly claim: string;
  readonly plan: Plan;
  /** The plan's file, byte for byte, and its sha256; in pieces, since a large one is longer than a string may be. */
  readonly text: readonly string[];
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
  readonly model: Model;
  readonly contract: Contract;
  /** The texts of the model's modules. */
  readonly texts: readonly string[];
  readonly hash: string;
}

/**
 * Reads a model, its contract and the modules that its plan depends on.
 *
 * @param name a claim's id, or any `.cfg`
 * @param contractFile another contract than the one beside it
 */
export async function planSource(specRoot: string, name: string, contractFile?: string): Promise<PlanSource> {
  const model = await modelOf(name, specRoot);
  const contract = readContract(contractFile ?? (await contractFileOf(model)));
  const { files } = await closeModules(model.module, model.root);
  const modules = files.map(({ text }) => text);
  // What recordings have is no part of the graph.
  const { file: _, recorded: __, ...said } = contract;
  const texts = [model.config, ...modules].map(codeOf);
  const hash = createHash("sha256")
    .update(JSON.stringify([FORMAT, MAX_LENGTH, said, texts]))
    .digest("hex");
  return { model, contract, texts: modules, hash };
}

/**
 * Lets TLC dump the graph of the model, covers its edges, and writes the cover as a plan.
 *
 * @throws BadInputError when the contract doesn't fit the module: its expressions, or its steps
 */
export async function buildPlan(source: PlanSource, options: BuildOptions): Promise<BuiltPlan> {
  const { tools, signal, onStage } = options;
  const { model, contract, texts } = source;
  onStage?.(`TLC dumps the state graph of ${model.id}`);
  const sets = await evaluateSets(model, contract, { tools, ...(signal && { signal }) });
  const instances = instancesOf(contract, sets);
  const own = basename(model.module, ".tla");
  const name = `${own}QsObserved`;
  const wrapper = {
    name,
    text: observedModule(name, own, contract, instances, behaviourOf(model, contract, texts)),
    config: `${graphOnly(model.config)}${observedConfig(instances.models)}`,
    contract: contract.file,
  };
  // What TLC dumped has twice the edges, and a graph may be as large as memory allows: it is not kept.
  const dumping = { model, wrapper, tools, ...(signal && { signal }), ...(onStage && { onStage }) };
  const graph = urgentFirst<StepGraph, StepEdge>(
    stepsOnly(await dumpGraph(dumping), source, instances),
    ({ instance }) => instances.instances[instance]?.step.hidden === "urgent",
  );
  onStage?.(`covering ${graph.edges.length.toLocaleString("en-US")} edges`);
  const { ours, report } = await coverGraph(graph, {
    owner: Uint8Array.from(graph.edges, ({ instance }) => instances.instances[instance]?.lane ?? 0),
    ...(signal && { signal }),
  });
  const plan = toPlan(source, sets, instances, graph, ours.paths);
  const text = [...printPlan(plan)];
  const hash = createHash("sha256");
  for (const piece of text) hash.update(piece);
  return { claim: model.id, plan, text, sha256: hash.digest("hex"), report };
}

interface StepEdge {
  readonly from: number;
  readonly to: number;
  readonly action: string;
  /** Which instance of a step it is. */
  readonly instance: number;
}

interface StepGraph extends StateGraph {
  readonly edges: readonly StepEdge[];
}

/**
 * The edges that are steps of the contract. The others are the module's own, and each of them must be one of these, and
 * the other way round: a contract that says less or more than the module is no contract.
 */
function stepsOnly(graph: StateGraph, { contract, model }: PlanSource, { instances }: Instances): StepGraph {
  const numbers = new Map(instances.map((_, i) => [labelOf(i), i]));
  const { states } = graph;
  const steps: StepEdge[] = [];
  let room = 0;
  for (const edges of bySource(graph.edges)) {
    const first = steps.length;
    if (first >= room) {
      requireRoom(() => `it has ${states.length.toLocaleString("en-US")} states`);
      room = first + ROOM_EVERY;
    }
    const own = new Set(edges.filter(({ action }) => action === OWN).map(({ to }) => to));
    for (const edge of edges) {
      if (edge.action === OWN) continue;
      const instance = numbers.get(edge.action);
      if (instance === undefined)
        throw new BadInputError(`The state graph has an edge of an unknown step: "${edge.action}"`);
      steps.push({ ...edge, instance });
      if (own.has(edge.to)) continue;
      throw new BadInputError(
        `${instances[instance]?.call} is no step of ${basename(model.module)}: its next-state relation doesn't allow it`,
        { where: nameOf(contract.file), hint: `It would lead from\n${states[edge.from]?.label}` },
      );
    }
    for (let i = first; i < steps.length; i++) own.delete(steps[i]?.to ?? -1);
    for (const to of own)
      throw new BadInputError(`${basename(model.module)} takes a step that the contract doesn't have`, {
        where: nameOf(contract.file),
        hint: `It leads from\n${states[edges[0]?.from ?? -1]?.label}\nto\n${states[to]?.label}`,
      });
  }
  return { ...graph, edges: steps };
}

/** The edges of each state; a graph has them sorted by that. */
function* bySource(edges: readonly GraphEdge[]): Generator<readonly GraphEdge[]> {
  for (let start = 0, end = 0; start < edges.length; start = end) {
    while (end < edges.length && edges[end]?.from === edges[start]?.from) end++;
    yield edges.slice(start, end);
  }
}

function toPlan(
  { model, contract, hash }: PlanSource,
  sets: Sets,
  { lanes, instances }: Instances,
  graph: StepGraph,
  paths: readonly Int32Array[],
): Plan {
  const { steps, ids } = planSteps(instances);
  const { words, groups, positions, vector } = seenStates(contract, sets, steps);
  return {
    format: 3,
    claim: model.id,
    module: basename(model.module, ".tla"),
    source: hash,
    constants: Object.fromEntries([...sets.constants].map(([name, value]) => [name, jsonOf(value)])),
    lanes,
    steps,
    words,
    groups,
    positions,
    refusable: instances.flatMap(({ step, lane }, i) =>
      step.refusable ? [[lane, ids[i] ?? 0] as const] : [],
    ),
    states: graph.states.map(({ variables }) => vector(variables)),
    initial: graph.initial,
    edges: graph.edges.map(({ from, to, instance }) => [
      from,
      instances[instance]?.lane ?? 0,
      ids[instance] ?? 0,
      to,
    ]),
    paths: paths.map((path) => [...path]),
  };
}

const PIECE = 10_000;
/** How often memory is looked at, in edges. */
const ROOM_EVERY = 100_000;

/** One state, edge or path per line, so that two plans can be compared by eye and with diff. */
function* printPlan({ states, edges, paths, ...rest }: Plan): Generator<string> {
  const room = (): void => requireRoom(() => `its plan has ${edges.length.toLocaleString("en-US")} edges`);
  yield JSON.stringify(rest).slice(0, -1);
  for (const [name, items] of Object.entries({ states, edges, paths })) {
    yield `,\n"${name}": [\n`;
    for (let at = 0; at < items.length; at += PIECE) {
      const piece = items.slice(at, at + PIECE).map((item) => JSON.stringify(item));
      yield `${at === 0 ? "" : ",\n"}${piece.join(",\n")}`;
      if (at % ROOM_EVERY === 0) room();
    }
    yield "\n]";
  }
  yield "}\n";
}
