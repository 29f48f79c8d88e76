import { writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BadInputError, EnvironmentError, type QuiesceError } from "../../spec/tlc/base/errors.js";
import type { Limits } from "../../spec/tlc/base/limits.js";
import { withScratch } from "../../spec/tlc/base/scratch.js";
import { nameOf, sourceOf } from "../../spec/tlc/base/source-file.js";
import type { Claim } from "../../spec/tlc/claim/claim.js";
import { closeModules } from "../../spec/tlc/claim/modules.js";
import { readGraph, type StateGraph } from "../../spec/tlc/graph/graph.js";
import { showProblem } from "../../spec/tlc/output/show-problem.js";
import type { TlcOutcome } from "../../spec/tlc/run/outcome.js";
import { runTlc } from "../../spec/tlc/run/run.js";
import type { Tools } from "../../spec/tlc/tools/tools.js";
import { commandFor } from "../base/command.js";
import { namedInstances, type StepName, type Threads } from "./instances.js";

const HEAP_MIB = 2048;

export interface DumpOptions extends Pick<Limits, "timeoutMs"> {
  readonly claim: Claim;
  readonly tools: Tools;
  /** With steps, edges are named `Step_<thread>`; without, as TLC names them. */
  readonly named?: NamedSteps;
  readonly signal?: AbortSignal;
}

/** The steps of a model, and the threads that take them. */
export interface NamedSteps {
  readonly steps: readonly StepName[];
  readonly threads: Threads;
}

/**
 * The whole state graph of a claim's model.
 *
 * @throws BadInputError when TLC does not get through the model without finding something wrong: a graph that ends at a
 *   violation is not the whole one
 */
export async function dumpGraph(options: DumpOptions): Promise<StateGraph> {
  const { claim, tools, signal } = options;
  const { folders } = await closeModules(claim.module, claim.root);
  return withScratch("graph", async (folder) => {
    const dotFile = join(folder, "graph.dot");
    const named = options.named && (await writeNamedModule(folder, claim, options.named));
    const outcome = await runTlc({
      tools,
      module: named?.module ?? claim.module,
      config: named?.config ?? claim.config,
      libraries: [dirname(claim.module), ...folders],
      dotFile,
      memoryMiB: HEAP_MIB,
      ...(signal && { signal }),
      ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
    });
    const problem = problemOf(outcome, claim);
    if (problem !== undefined) throw problem;
    return readGraph(dotFile);
  });
}

/** Why there is no whole graph, with what to do about it; undefined when there is one. */
function problemOf(outcome: TlcOutcome, claim: Claim): QuiesceError | undefined {
  const { report, exitCode, timedOut, signal, stderr } = outcome;
  const where = nameOf(claim.file);
  const hint = `See what is wrong:  ${commandFor(claim)} --explain`;
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
  if (error !== undefined) return bad(showProblem(error, sourceOf, nameOf));
  if (exitCode === undefined)
    return new EnvironmentError(
      `TLC did not finish: ${signal ?? (stderr.trim() || "it could not be started")}`,
    );
  if (exitCode !== 0 || !report.success)
    return bad(`TLC ended with exit code ${exitCode}${stderr.trim() === "" ? "" : `: ${stderr.trim()}`}`);
  if (report.statistics?.distinct === 0) return bad("there is no initial state");
  return undefined;
}

async function writeNamedModule(folder: string, claim: Claim, { steps, threads }: NamedSteps) {
  const name = basename(claim.module, ".tla");
  const module = join(folder, `${name}Steps.tla`);
  const config = claim.config.replace(/^(\s*SPECIFICATION\s+)\w+/m, "$1NamedSpec");
  if (config === claim.config) throw new BadInputError(`${claim.file} has no SPECIFICATION line`);
  await writeFile(module, namedInstances(name, steps, threads));
  return { module, config };
}
