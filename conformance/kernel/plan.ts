import { createHash } from "node:crypto";
import { join } from "node:path";
import { COMMAND_BITS } from "../../native/js/membarrier-bits.js";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import { requireClaims } from "../../spec/tlc/claim/asked-claims.js";
import type { Claim } from "../../spec/tlc/claim/claim.js";
import { closeModules } from "../../spec/tlc/claim/modules.js";
import type { StateGraph } from "../../spec/tlc/graph/graph.js";
import type { Tools } from "../../spec/tlc/tools/tools.js";
import { codeOf } from "../plan/code.js";
import { dumpGraph } from "../plan/dump.js";
import { coverGraph } from "../plan/paths.js";
import { type Answered, type AnsweredEdge, answersOf } from "./answers.js";
import { kernelMask, parseStep, stateText } from "./words.js";

/** The claims whose state graphs are walked on the real system call. */
export const WALKED_CLAIMS = [
  "membarrier/registration/Api-walk",
  "membarrier/registration/Api-walk-two._PE_SC_GET_",
  "membarrier/registration/Api-walk-two._GE_RS_GET_",
] as const;

/** Raised when this file makes different plans from the same specification. */
const FORMAT = 2;

/** A step of a path: what is done, what the specification says to it, and the state before. */
export interface Move {
  readonly step: string;
  readonly answer: number;
  readonly before: string;
  /** No move before this one has taken the same edge. */
  readonly first: boolean;
}

/** A path from an initial state; the state says which kernel it is for, by the mask that QUERY answers. */
export interface KernelPath {
  /** The part of the mask that this suite knows; -1: a kernel without the system call. */
  readonly kernel: number;
  readonly moves: readonly Move[];
}

/** The paths of one claim. */
export interface Suite {
  readonly claim: string;
  /** Bits of QUERY's mask that the claim's model has in play. */
  readonly mask: number;
  readonly edges: number;
  readonly paths: readonly KernelPath[];
}

/** Everything that the walking program needs, and what it was made from. */
export interface KernelPlan {
  readonly source: string;
  readonly suites: readonly Suite[];
}

export interface PlanOptions {
  readonly tools: Tools;
  readonly signal?: AbortSignal;
  readonly onStage?: (text: string) => void;
}

/** The hash of what the plan depends on, so that a stale one can be told without running TLC. */
export async function planSource(root: string): Promise<string> {
  const texts = (await walkedClaims(root)).map(async ({ module, config, root: spec }) => {
    const { files } = await closeModules(module, spec);
    return [config, ...files.map(({ text }) => text)].map(codeOf);
  });
  return createHash("sha256")
    .update(JSON.stringify([FORMAT, await Promise.all(texts)]))
    .digest("hex")
    .slice(0, 16);
}

/** Lets TLC dump the graphs of the walked claims, and covers every edge of them. */
export async function buildKernelPlan(root: string, options: PlanOptions): Promise<KernelPlan> {
  const suites: Suite[] = [];
  for (const claim of await walkedClaims(root)) {
    options.onStage?.(`TLC dumps the state graph of ${claim.id}`);
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    const graph = await dumpGraph({ model: claim, tools: options.tools, ...signal });
    suites.push(await suiteOf(claim, answersOf(graph), options.signal));
  }
  return { source: await planSource(root), suites };
}

async function walkedClaims(root: string): Promise<readonly Claim[]> {
  return requireClaims(WALKED_CLAIMS, join(root, "spec"));
}

/** Covers the edges of a graph of answers. */
export async function suiteOf(
  claim: Pick<Claim, "id" | "config">,
  graph: Answered,
  signal?: AbortSignal,
): Promise<Suite> {
  const shape: StateGraph = {
    states: graph.states,
    initial: graph.initial,
    edges: graph.edges.map(({ from, to, step }) => ({ from, to, action: step })),
  };
  const { ours } = await coverGraph(shape, signal === undefined ? {} : { signal });
  const taken = new Set<number>();
  const looks = looksOf(graph);
  const texts = graph.states.map(({ variables }) => stateText(variables));
  const paths = ours.paths.map((edges): KernelPath => {
    const start = graph.edges[edges[0] ?? -1]?.from;
    const moves = withLooks([...edges], graph.edges, looks).map((index): Move => {
      const edge = graph.edges[index];
      const before = edge && texts[edge.from];
      if (edge === undefined || before === undefined)
        throw new BadInputError(`the cover of ${claim.id} names an edge that is not there`);
      const first = !taken.has(index);
      taken.add(index);
      return { step: edge.step, answer: edge.answer, before, first };
    });
    const variables = start === undefined ? undefined : graph.states[start]?.variables;
    if (variables === undefined) throw new BadInputError(`the cover of ${claim.id} has an empty path`);
    return { kernel: kernelMask(variables), moves };
  });
  const mask = paths.reduce((all, { kernel }) => (kernel < 0 ? all : all | kernel), 0);
  return { claim: claim.id, mask, edges: graph.edges.length, paths };
}

/** For each state: the calls that tell what is registered there, and change nothing. */
function looksOf({ states, edges }: Answered): readonly (readonly number[])[] {
  const looks: number[][] = states.map(() => []);
  for (const [index, { from, to, step }] of edges.entries()) {
    const { step: action, command, flags, cpu } = parseStep(step);
    const tells = (command & LOOKS) !== 0 && (command & ~LOOKS) === 0;
    if (from === to && action === "call" && tells && flags === 0 && cpu === "own") looks[from]?.push(index);
  }
  return looks;
}

/** Uses that need a registration, and GET_REGISTRATIONS: what they answer is all that is ever seen of a state. */
const LOOKS =
  COMMAND_BITS.PRIVATE_EXPEDITED |
  COMMAND_BITS.PRIVATE_EXPEDITED_SYNC_CORE |
  COMMAND_BITS.PRIVATE_EXPEDITED_RSEQ |
  COMMAND_BITS.GET_REGISTRATIONS;

/**
 * A path that looks around after each edge that leads to another state. Taking each edge is not enough: a kernel may give
 * the right answer and remember something else, which only a later call in the same path would show.
 */
function withLooks(
  path: readonly number[],
  edges: readonly AnsweredEdge[],
  looks: readonly (readonly number[])[],
): number[] {
  return path.flatMap((index) => {
    const edge = edges[index];
    return edge === undefined || edge.from === edge.to ? [index] : [index, ...(looks[edge.to] ?? [])];
  });
}
