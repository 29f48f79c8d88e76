import { once } from "node:events";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { throwIfInterrupted } from "../../spec/tlc/base/errors.js";
import type { StateGraph } from "../../spec/tlc/graph/graph.js";
import type { Tools } from "../../spec/tlc/tools/tools.js";
import { MAX_LENGTH } from "../paths/cover.js";
import type { CoverReport } from "../paths/report.js";
import type { Cover } from "../paths/verify.js";
import type { Covered, GraphShape } from "./cover-shape.js";
import { dumpGraph } from "./dump.js";
import type { Model } from "./model.js";

const require = createRequire(import.meta.url);

export interface PathsOptions {
  readonly tools: Tools;
  readonly signal?: AbortSignal;
  /** Longest path, in steps. */
  readonly maxLength?: number;
  readonly onStage?: (text: string) => void;
}

/** The paths of a model's graph as a file's text, and their figures. */
export async function pathsOf(
  model: Model,
  options: PathsOptions,
): Promise<{ report: CoverReport; text: string }> {
  const { tools, signal, onStage } = options;
  onStage?.(`TLC dumps the state graph of ${model.id}`);
  const graph = await dumpGraph({ model, tools, ...(signal && { signal }), ...(onStage && { onStage }) });
  onStage?.(`covering ${graph.edges.length.toLocaleString("en-US")} edges`);
  const { ours, report } = await coverGraph(graph, {
    ...(options.maxLength !== undefined && { maxLength: options.maxLength }),
    ...(signal && { signal }),
  });
  return { report, text: printPaths(model, graph, ours) };
}

/** How to cover a graph. */
export interface CoverOptions {
  /** For each edge: the thread that performs it. */
  readonly owner?: Uint8Array;
  /** Longest path, in steps. */
  readonly maxLength?: number;
  readonly signal?: AbortSignal;
}

/** Covers a state graph in a separate thread. Throws Interrupted as soon as the signal is aborted. */
export async function coverGraph(graph: StateGraph, options: CoverOptions = {}): Promise<Covered> {
  const { owner, maxLength = MAX_LENGTH, signal } = options;
  const shape: GraphShape = {
    nodes: graph.states.length,
    initial: graph.initial,
    from: Int32Array.from(graph.edges, ({ from }) => from),
    to: Int32Array.from(graph.edges, ({ to }) => to),
    ...(owner && { owner }),
  };
  throwIfInterrupted(signal);
  const worker = new Worker(require.resolve("quiesce/conformance/plan/cover-worker"), {
    workerData: { shape, maxLength },
  });
  try {
    const [covered] = (await once(worker, "message", signal ? { signal } : {})) as [Covered];
    return covered;
  } catch (error) {
    throwIfInterrupted(signal);
    throw error;
  } finally {
    await worker.terminate();
  }
}

/** One state, edge or path per line, so that two files can be compared by eye and with diff. */
function printPaths(model: Model, { states, initial, edges }: StateGraph, { paths }: Cover): string {
  const lines = (items: readonly unknown[]): string =>
    `[\n${items.map((item) => JSON.stringify(item)).join(",\n")}\n]`;
  return `{"format":1,"claim":${JSON.stringify(model.id)},"initial":${JSON.stringify(initial)},
"states":${lines(states.map(({ label }) => label))},
"edges":${lines(edges.map(({ from, action, to }) => [from, action, to]))},
"paths":${lines(paths.map((path) => [...path]))}}
`;
}
