import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withScratch } from "../../spec/tlc/base/scratch.js";
import type { DeclaredVerdict } from "../../spec/tlc/claim/claim-verdict.js";
import { readConfig } from "../../spec/tlc/claim/config.js";
import { type Decision, decide } from "../../spec/tlc/decide/verdict.js";
import { runTlc } from "../../spec/tlc/run/run.js";
import type { Tools } from "../../spec/tlc/tools/tools.js";
import type { Model } from "./model.js";

export interface Checked extends Decision {
  /** How many distinct states there are, or were until the violation. */
  readonly states: number;
}

/** Where the modules are that a compiled reader's module extends. */
const LIBRARIES = ["machine", "rcu/read-side", "rcu/waiting"];

/** Has TLC decide whether what is expected of a model is so. Throws Interrupted. */
export async function checkModel(
  model: Model,
  expected: DeclaredVerdict,
  { tools, spec, timeoutMs, signal }: { tools: Tools; spec: string; timeoutMs: number; signal?: AbortSignal },
): Promise<Checked> {
  return await withScratch("compiled", async (folder) => {
    const module = join(folder, `${model.name}.tla`);
    await writeFile(module, model.module);
    const outcome = await runTlc({
      tools,
      module,
      config: model.config,
      libraries: LIBRARIES.map((path) => join(spec, path)),
      timeoutMs,
      short: true,
      ...(signal && { signal }),
    });
    const decision = decide(expected, readConfig(model.config), outcome, { timeoutMs });
    return { ...decision, states: outcome.report.statistics?.distinct ?? 0 };
  });
}
