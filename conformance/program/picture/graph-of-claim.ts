import { BadInputError } from "../../../spec/tlc/base/errors.js";
import { nameOf } from "../../../spec/tlc/base/source-file.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { readConfig } from "../../../spec/tlc/claim/config.js";
import { checkClaims } from "../../../spec/tlc/decide/check.js";
import type { StateGraph } from "../../../spec/tlc/graph/graph.js";
import { placesOf } from "../../../spec/tlc/graph/label.js";
import type { TlcReport } from "../../../spec/tlc/output/report.js";
import type { Tools } from "../../../spec/tlc/tools/tools.js";
import { printValue, type Value } from "../../../spec/tlc/value/value.js";
import { changesOf, printChange } from "../../../spec/tlc/value/value-change.js";
import { dumpGraph } from "../../plan/dump.js";
import { type Model, modelOf } from "../../plan/model.js";
import { type BrokenPath, MOST, type PictureGraph, type PictureState } from "./state-graph.js";

/** How a claim's graph is had. */
export interface GraphRequest {
  readonly tools: Tools;
  readonly signal?: AbortSignal;
  /** Only states so many steps from the counterexample, or from the initial states if there is none. */
  readonly around?: number;
  readonly onStage?: (text: string) => void;
}

/** A claim's graph as it is drawn, and how large all of it is. */
export interface DrawnGraph {
  readonly claim: string;
  readonly states: number;
  readonly edges: number;
  readonly initial: number;
  /** What the counterexample breaks; undefined when there is none, or nothing was claimed. */
  readonly violated: string | undefined;
  readonly picture: PictureGraph;
}

/**
 * The state graph of a claim, or of any configuration, with the counterexample that TLC finds.
 *
 * @throws BadInputError when the graph is too large for a picture, or can't be had
 */
export async function graphOfClaim(
  name: string,
  specRoot: string,
  request: GraphRequest,
): Promise<DrawnGraph> {
  const { tools, signal, around, onStage } = request;
  const model = await modelOf(name, specRoot);
  onStage?.(`TLC dumps the state graph of ${model.id}`);
  const graph = await dumpGraph({ model, tools, ...(signal && { signal }) });
  const report = isClaim(model) ? await reportOf(model, request) : undefined;
  const broken = report === undefined ? undefined : brokenIn(report, graph, model);
  const kept = keptStates(graph, broken?.path ?? [], around);
  requireRoom(model, graph, kept, broken?.path ?? [], around);
  return {
    claim: model.id,
    states: graph.states.length,
    edges: graph.edges.length,
    initial: graph.initial.length,
    violated: broken?.what,
    picture: pictureOf(model.id, graph, kept, broken),
  };
}

function isClaim(model: Model): model is Claim {
  return "declared" in model;
}

async function reportOf(
  claim: Claim,
  { tools, signal, onStage }: GraphRequest,
): Promise<TlcReport | undefined> {
  onStage?.(`TLC decides ${claim.id}`);
  const [result] = await checkClaims([claim], tools, { ...(signal && { signal }) });
  return result?.report;
}

/** The counterexample as states of the graph. */
function brokenIn({ trace, violated }: TlcReport, graph: StateGraph, model: Model): BrokenPath | undefined {
  if (trace === undefined || violated === undefined) return undefined;
  const path = placesOf(trace, graph);
  // Under a VIEW the graph may have another state in its place; then nothing is marked, rather than something wrong.
  if (path.some((n) => n === undefined)) return undefined;
  const { properties } = readConfig(model.config);
  const lasso = trace.end.kind === "lasso" ? trace.end : undefined;
  return {
    // Older builds of TLC don't name the property.
    what:
      violated.name ??
      (violated.kind === "deadlock"
        ? "the absence of deadlock"
        : (violated.oneOf ?? properties).join(" or ")),
    path: path as number[],
    actions: [...trace.states.slice(1).map(({ action }) => action?.name ?? ""), lasso?.action?.name ?? ""],
    atLast: ["invariant", "deadlock", "assertion"].includes(violated.kind),
    ...(lasso && { backTo: lasso.backTo - 1 }),
  };
}

/** The states to draw: all, or those around. */
function keptStates(
  { states, edges, initial }: StateGraph,
  path: readonly number[],
  around: number | undefined,
): Set<number> {
  if (around === undefined) return new Set(states.keys());
  const kept = new Set(path.length > 0 ? path : initial);
  for (let n = 0; n < around; n++) {
    const before = new Set(kept);
    for (const { from, to } of edges) {
      if (before.has(from)) kept.add(to);
      if (before.has(to)) kept.add(from);
    }
    if (kept.size === before.size) break;
  }
  return kept;
}

function edgesAmong({ edges }: StateGraph, kept: ReadonlySet<number>): StateGraph["edges"] {
  return edges.filter(({ from, to }) => kept.has(from) && kept.has(to));
}

function fits(graph: StateGraph, kept: ReadonlySet<number>): boolean {
  return kept.size <= MOST.states && edgesAmong(graph, kept).length <= MOST.edges;
}

function requireRoom(
  { id, file }: Model,
  graph: StateGraph,
  kept: ReadonlySet<number>,
  path: readonly number[],
  around: number | undefined,
): void {
  if (fits(graph, kept)) return;
  const most = Math.max(0, around ?? 8);
  const possible = Array.from({ length: most + 1 }, (_, n) => most - n).find((n) =>
    fits(graph, keptStates(graph, path, n)),
  );
  const whose = path.length > 0 ? "its counterexample" : "its initial states";
  const part = around === undefined ? "the state graph" : `what lies within ${around} steps of ${whose}`;
  const count = (n: number): string => n.toLocaleString("en-US");
  throw new BadInputError(
    `${part} of ${id} has ${count(kept.size)} states and ${count(edgesAmong(graph, kept).length)} steps, and a picture has room for ${MOST.states} and ${MOST.edges}`,
    {
      where: nameOf(file),
      hint:
        possible === undefined
          ? "Draw a model with smaller constants."
          : `Draw a part, with the states up to ${possible} step${possible === 1 ? "" : "s"} from ${whose}: --around ${possible}`,
    },
  );
}

function pictureOf(
  title: string,
  graph: StateGraph,
  kept: ReadonlySet<number>,
  broken: BrokenPath | undefined,
): PictureGraph {
  const order = breadthFirst(graph);
  const number = new Map(order.map((state, n) => [state, n + 1]));
  const shown = order.filter((state) => kept.has(state));
  const place = new Map(shown.map((state, n) => [state, n]));
  const at = (state: number): number => place.get(state) ?? 0;
  const cut = new Set(
    graph.edges.flatMap(({ from, to }) =>
      kept.has(from) === kept.has(to) ? [] : [kept.has(from) ? from : to],
    ),
  );
  const initial = new Set(graph.initial);
  const first = new Map<number, number>();
  const edges = edgesAmong(graph, kept);
  // The nearest state that leads there, as TLC met it.
  for (const { from, to } of edges) {
    const before = first.get(to);
    if (from !== to && (before === undefined || at(from) < at(before))) first.set(to, from);
  }
  const states = shown.map(
    (state): PictureState => ({
      number: number.get(state) ?? 0,
      variables: [...(graph.states[state]?.variables ?? [])].map(([variable, value]) => [
        variable,
        printValue(value),
      ]),
      shown: shownOf(graph, state, initial.has(state) ? undefined : first.get(state)),
      initial: initial.has(state),
      cut: cut.has(state),
    }),
  );
  return {
    title,
    states,
    edges: edges.map(({ from, to, action }) => ({ from: at(from), to: at(to), action })),
    all: graph.states.length,
    ...(broken && { broken: { ...broken, path: broken.path.map(at) } }),
  };
}

/** What is new in a state that follows another one, or else all of it. */
function shownOf({ states }: StateGraph, state: number, before: number | undefined): string[] {
  const now = states[state]?.variables ?? new Map<string, Value>();
  if (before === undefined) return [...now].map(([variable, value]) => `${variable} = ${printValue(value)}`);
  const then = states[before]?.variables;
  return [...now].flatMap(([variable, value]) => {
    const old = then?.get(variable);
    return old === undefined ? [] : changesOf(variable, old, value).map((change) => printChange(change));
  });
}

/** The states in the order in which TLC meets them: nearer ones first. Those that nothing leads to come last. */
function breadthFirst({ states, edges, initial }: StateGraph): number[] {
  const next = new Map<number, number[]>();
  for (const { from, to } of edges) {
    const known = next.get(from);
    if (known === undefined) next.set(from, [to]);
    else known.push(to);
  }
  const seen = new Set(initial);
  for (const state of seen) for (const to of next.get(state) ?? []) seen.add(to);
  for (const state of states.keys()) seen.add(state);
  return [...seen];
}
