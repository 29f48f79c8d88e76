import { writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BadInputError, EnvironmentError, type QuiesceError } from "../../spec/tlc/base/errors.js";
import type { Limits } from "../../spec/tlc/base/limits.js";
import { withScratch } from "../../spec/tlc/base/scratch.js";
import { nameOf, sourceOf } from "../../spec/tlc/base/source-file.js";
import { closeModules } from "../../spec/tlc/claim/modules.js";
import { readGraph, type StateGraph } from "../../spec/tlc/graph/graph.js";
import type { TlcProgress } from "../../spec/tlc/output/report.js";
import { showProblem } from "../../spec/tlc/output/show-problem.js";
import type { TlcOutcome } from "../../spec/tlc/run/outcome.js";
import { runTlc } from "../../spec/tlc/run/run.js";
import type { Tools } from "../../spec/tlc/tools/tools.js";
import { commandFor } from "../base/command.js";
import type { Model } from "./model.js";
import { graphOf } from "./model-config.js";

const HEAP_MIB = 2048;

export interface DumpOptions extends Pick<Limits, "timeoutMs"> {
  readonly model: Model;
  readonly tools: Tools;
  /** A module that extends the model's own, to be explored in its place. */
  readonly wrapper?: Wrapper;
  readonly signal?: AbortSignal;
  /** Told about once a minute how far TLC is: a large graph takes several. */
  readonly onStage?: (text: string) => void;
}

/** A graph of so many states is not a whole one. */
export interface SmallOptions extends Omit<DumpOptions, "wrapper"> {
  /** TLC goes no further than so many states, in breadth: a model whose states are endless ends there, too. */
  readonly most: number;
}

/** A module with its text, and its configuration. */
export interface Wrapper {
  readonly name: string;
  readonly text: string;
  readonly config: string;
  /** The contract that it was made from. */
  readonly contract: string;
}

/**
 * The whole state graph of a model, whatever is claimed of it: no invariant and no property is checked, and a state
 * without successors is a state like others.
 *
 * @throws BadInputError when TLC does not get through the model
 */
export function dumpGraph(options: DumpOptions): Promise<StateGraph> {
  return dump(options, []);
}

/**
 * The whole state graph of a model that has fewer than so many states; undefined for any other model.
 *
 * @throws BadInputError when TLC does not get through the model
 */
export async function dumpSmallGraph({ most, ...options }: SmallOptions): Promise<StateGraph | undefined> {
  const own = basename(options.model.module, ".tla");
  const name = `${own}QsFewStates`;
  // TLC's names are kept out of the model's own, which may have the same.
  const bound = `${name}Bound`;
  const wrapper: Wrapper = {
    name,
    text: `---- MODULE ${name} ----\nEXTENDS ${own}, ${bound}\n====\n`,
    config: `${graphOf(options.model.config)}CONSTRAINT QsFewStates\n`,
    contract: options.model.file,
  };
  const text = `---- MODULE ${bound} ----\nLOCAL INSTANCE TLC\nLOCAL INSTANCE Naturals\nQsFewStates == TLCGet("distinct") < ${most}\n====\n`;
  const graph = await dump({ ...options, wrapper }, [{ name: bound, text }]);
  return graph.states.length < most ? graph : undefined;
}

async function dump(
  options: DumpOptions,
  more: readonly Pick<Wrapper, "name" | "text">[],
): Promise<StateGraph> {
  const { model, wrapper, tools, signal } = options;
  const { folders, jars } = await closeModules(model.module, model.root, model.libraries);
  return withScratch("graph", async (folder) => {
    const dotFile = join(folder, "graph.dot");
    const module = wrapper === undefined ? model.module : join(folder, `${wrapper.name}.tla`);
    if (wrapper !== undefined) await writeFile(module, wrapper.text);
    for (const { name, text } of more) await writeFile(join(folder, `${name}.tla`), text);
    const outcome = await runTlc({
      tools,
      module,
      config: wrapper?.config ?? graphOf(model.config),
      libraries: [dirname(model.module), ...folders],
      jars,
      dotFile,
      memoryMiB: HEAP_MIB,
      ...(signal && { signal }),
      ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
      onProgress: (progress) => {
        if (progress.queue > 0) options.onStage?.(progressText(progress));
      },
    });
    const problem = problemOf(outcome, model, wrapper);
    if (problem !== undefined) throw problem;
    return readGraph(dotFile);
  });
}

/** How far TLC is, as a line under the one that says what it is doing. */
function progressText({ distinct, queue }: Pick<TlcProgress, "distinct" | "queue">): string {
  return `  ${distinct.toLocaleString("en-US")} states, ${queue.toLocaleString("en-US")} of them still to be followed`;
}

/** Why there is no whole graph, with what to do about it; undefined when there is one. */
function problemOf(
  outcome: TlcOutcome,
  model: Model,
  wrapper: Wrapper | undefined,
): QuiesceError | undefined {
  const { report, exitCode, timedOut, signal, stderr } = outcome;
  const where = nameOf(model.file);
  const hint = `See what is wrong:  ${commandFor(model)} --explain`;
  const bad = (why: string, help = hint): QuiesceError =>
    new BadInputError(`the model has no whole state graph: ${why}`, { where, hint: help });
  const smaller = "A model with smaller constants has a smaller graph.";
  const { violated } = report;
  const [error] = report.errors;
  if (timedOut) return bad("TLC hit the time limit before it had all of it", smaller);
  if (error?.kind === "memory") return bad(`TLC ran out of memory (${HEAP_MIB} MiB)`, smaller);
  if (violated !== undefined) {
    const what =
      violated.name === undefined ? `a violation (${violated.kind})` : `the violation of ${violated.name}`;
    return bad(`TLC stopped at ${what}`);
  }
  if (error !== undefined) {
    const shown = showProblem(error, sourceOf, nameOf);
    return (wrapper && contractProblem(shown, wrapper)) ?? bad(shown);
  }
  if (exitCode === undefined)
    return new EnvironmentError(
      `TLC did not finish: ${signal ?? (stderr.trim() || "it could not be started")}`,
    );
  if (exitCode !== 0 || !report.success)
    return bad(`TLC ended with exit code ${exitCode}${stderr.trim() === "" ? "" : `: ${stderr.trim()}`}`);
  if (report.statistics?.distinct === 0) return bad("there is no initial state");
  return undefined;
}

/** What TLC finds wrong with the module that was made from a contract is wrong with the contract. */
function contractProblem(shown: string, { name, contract }: Wrapper): QuiesceError | undefined {
  if (!shown.includes(`${name}.tla`)) return undefined;
  const text = shown.replace(new RegExp(`\\S*${name}\\.tla`, "g"), `${name}.tla`);
  return new BadInputError(`the contract can't be read beside its module: ${text}`, {
    where: nameOf(contract),
    hint:
      "A step has to be an action of the module, a word and the position expressions over its variables. " +
      `${name}.tla is made of them.`,
  });
}
