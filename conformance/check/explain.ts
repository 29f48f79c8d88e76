import { writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { rootOf } from "../../spec/tlc/check.js";
import type { Claim } from "../../spec/tlc/claim.js";
import { explainTrace } from "../../spec/tlc/explain.js";
import { closeModules, type ModuleClosure } from "../../spec/tlc/modules.js";
import { runTlc } from "../../spec/tlc/run.js";
import { withScratch } from "../../spec/tlc/scratch.js";
import type { Tools } from "../../spec/tlc/tools.js";
import { parseValue } from "../../spec/tlc/value.js";
import { readListing } from "./machine-code.js";
import { machineTable } from "./machine-table.js";

const NO_TRACE = "TLC gives no counterexample for this claim.";

/**
 * The counterexample of a violated claim, for a person. TLC is run again for it, since a remembered verdict has no trace,
 * and since a model of the machine has to print its code as well.
 */
export async function explainClaim(claim: Claim, tools: Tools, signal: AbortSignal): Promise<string> {
  const modules = await closeModules(claim.module, rootOf(claim));
  const isMachine = modules.files.some(({ text }) => /^Listing\s*==/m.test(text));
  return isMachine
    ? explainMachine(claim, modules, tools, signal)
    : explainAny(claim, modules, tools, signal);
}

async function explainAny(
  claim: Claim,
  { folders }: ModuleClosure,
  tools: Tools,
  signal: AbortSignal,
): Promise<string> {
  const { report } = await runTlc({
    tools,
    module: claim.module,
    config: claim.config,
    libraries: folders,
    signal,
  });
  return report.trace === undefined ? NO_TRACE : `${explainTrace(report.trace)}\n${brokenPromise(claim)}`;
}

/** The same model in a module that also prints the machine's code, with which the trace becomes a table. */
async function explainMachine(
  claim: Claim,
  { folders }: ModuleClosure,
  tools: Tools,
  signal: AbortSignal,
): Promise<string> {
  const name = `${basename(claim.module, ".tla")}Listing`;
  const report = await withScratch("explain", async (folder) => {
    const module = join(folder, `${name}.tla`);
    const text = `---- MODULE ${name} ----\nEXTENDS ${basename(claim.module, ".tla")}\nASSUME PrintT(<<"Listing", Listing>>)\n====\n`;
    await writeFile(module, text);
    const libraries = [...new Set([dirname(claim.module), ...folders])];
    return (await runTlc({ tools, module, config: claim.config, libraries, signal })).report;
  });
  if (report.trace === undefined) return NO_TRACE;
  const printed = report.printed
    .map((line) => parseValue(line))
    .find((v) => v.kind === "sequence" && v.elements.length === 2);
  const listing = printed?.kind === "sequence" ? printed.elements[1] : undefined;
  if (listing === undefined) return explainTrace(report.trace);
  return machineTable(report.trace, readListing(listing), brokenPromise(claim));
}

function brokenPromise({ declared }: Claim): string {
  if (declared.verdict === "allowed") return "the outcome occurs";
  return declared.violates === undefined ? "a promise is broken here" : `${declared.violates} is violated`;
}
