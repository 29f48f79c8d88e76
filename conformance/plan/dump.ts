import { writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Claim } from "../../spec/tlc/claim.js";
import { BadInputError, EnvironmentError } from "../../spec/tlc/errors.js";
import { readGraph, type StateGraph } from "../../spec/tlc/graph.js";
import { closeModules } from "../../spec/tlc/modules.js";
import { runTlc } from "../../spec/tlc/run.js";
import { withScratch } from "../../spec/tlc/scratch.js";
import type { Tools } from "../../spec/tlc/tools.js";
import { namedInstances, type StepName } from "./instances.js";

export interface DumpOptions {
  readonly claim: Claim;
  readonly tools: Tools;
  /** Folder below which modules are looked for; default: the claim's own. */
  readonly root?: string;
  /** With steps, edges are named `Step_<thread>`; without, as TLC names them. */
  readonly steps?: readonly StepName[];
  readonly readers?: number;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/**
 * The whole state graph of a claim's model.
 *
 * @throws BadInputError when TLC does not get through the model without finding something wrong: a graph that ends at a
 *   violation is not the whole one
 */
export async function dumpGraph(options: DumpOptions): Promise<StateGraph> {
  const { claim, tools, steps, signal } = options;
  const root = options.root ?? dirname(claim.module);
  const { folders } = await closeModules(claim.module, root);
  return withScratch("graph", async (folder) => {
    const dotFile = join(folder, "graph.dot");
    const named = steps && (await writeNamedModule(folder, claim, steps, options.readers ?? 1));
    const outcome = await runTlc({
      tools,
      module: named?.module ?? claim.module,
      config: named?.config ?? claim.config,
      libraries: [dirname(claim.module), ...folders],
      dotFile,
      memoryMiB: 2048,
      ...(signal && { signal }),
      ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
    });
    const { report, exitCode } = outcome;
    if (outcome.timedOut)
      throw new BadInputError(`${claim.id}: TLC ran into the time limit before it had the whole graph`);
    if (exitCode !== 0 || !report.success) {
      const why = report.violated
        ? `TLC stopped at a violation (${report.violated.name ?? report.violated.kind})`
        : (report.errors[0]?.message ?? outcome.stderr);
      if (exitCode === undefined) throw new EnvironmentError(`TLC did not finish: ${why}`);
      throw new BadInputError(`${claim.id} has no whole state graph: ${why}`, {
        hint: `See what is wrong:  quiesce check ${claim.id} --explain`,
      });
    }
    return readGraph(dotFile);
  });
}

async function writeNamedModule(folder: string, claim: Claim, steps: readonly StepName[], readers: number) {
  const name = basename(claim.module, ".tla");
  const module = join(folder, `${name}Steps.tla`);
  const config = claim.config.replace(/^(\s*SPECIFICATION\s+)\w+/m, "$1NamedSpec");
  if (config === claim.config) throw new BadInputError(`${claim.file} has no line SPECIFICATION`);
  await writeFile(module, namedInstances(name, steps, readers));
  return { module, config };
}
