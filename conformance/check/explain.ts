import { writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type ClaimResult, rootOf } from "../../spec/tlc/check.js";
import type { Claim } from "../../spec/tlc/claim.js";
import { explainTrace } from "../../spec/tlc/explain.js";
import { closeModules, type ModuleClosure } from "../../spec/tlc/modules.js";
import type { TlcReport } from "../../spec/tlc/report.js";
import { runTlc } from "../../spec/tlc/run.js";
import { withScratch } from "../../spec/tlc/scratch.js";
import type { Tools } from "../../spec/tlc/tools.js";
import { parseValue } from "../../spec/tlc/value.js";
import { readListing } from "./machine-code.js";
import { type MachineModel, machineTable, type TraceEnding } from "./machine-table.js";

const NO_TRACE = "There is no counterexample to show: it is no run of states that is wrong.";

/**
 * The counterexample of a violated claim, for a person. A model of the machine is run again, since it also has to print
 * its code; for any other model TLC's words are there, from this run or from the cache.
 */
export async function explainClaim(result: ClaimResult, tools: Tools, signal: AbortSignal): Promise<string> {
  const { claim, report } = result;
  if (report?.trace === undefined) return NO_TRACE;
  const modules = await closeModules(claim.module, rootOf(claim));
  const isMachine = modules.files.some(({ name, text }) => name === "Machine" && /^Listing\s*==/m.test(text));
  const ending = endingOf(claim, report);
  const model = isMachine ? await runMachine(claim, modules, tools, signal) : undefined;
  if (model !== undefined) return machineTable(model.trace, model, ending);
  return `${explainTrace(report.trace)}\n     ✗ ${ending === "deadlock" ? "deadlock: there is no next step" : ending.broken}`;
}

/** Runs the same model in a module that also prints the machine's code, with which the trace becomes a table. */
async function runMachine(
  claim: Claim,
  { folders }: ModuleClosure,
  tools: Tools,
  signal: AbortSignal,
): Promise<(MachineModel & { readonly trace: NonNullable<TlcReport["trace"]> }) | undefined> {
  const model = basename(claim.module, ".tla");
  const report = await withScratch("explain", async (folder) => {
    const module = join(folder, `${model}Listing.tla`);
    await writeFile(module, listingModule(model));
    const libraries = [...new Set([dirname(claim.module), ...folders])];
    return (await runTlc({ tools, module, config: claim.config, libraries, signal, short: true })).report;
  });
  const printed = readPrinted(report.printed);
  return report.trace === undefined || printed === undefined
    ? undefined
    : { ...printed, trace: report.trace };
}

/** A module that EXTENDS a model of the machine and prints what the table needs. */
function listingModule(model: string): string {
  return `---- MODULE ${model}Listing ----
EXTENDS ${model}
ASSUME PrintT(<<"Listing", Listing, HandlerHasBarrier>>)
====
`;
}

/** Finds what `listingModule` printed among all that was printed. */
export function readPrinted(printed: readonly string[]): MachineModel | undefined {
  for (const text of printed.filter((line) => /^<<\s*"Listing"/.test(line))) {
    const value = parseValue(text);
    if (value.kind !== "sequence") continue;
    const [, listing, barrier] = value.elements;
    if (listing === undefined || barrier?.kind !== "boolean") continue;
    return { listing: readListing(listing), handlerHasBarrier: barrier.value };
  }
  return undefined;
}

function endingOf({ declared }: Claim, { violated }: TlcReport): TraceEnding {
  if (violated?.kind === "deadlock") return "deadlock";
  if (declared.verdict === "allowed" || declared.verdict === "forbidden")
    return { broken: "the outcome occurs" };
  if (violated?.kind === "assertion") return { broken: violated.message ?? "an assertion fails" };
  const name = violated?.name ?? declared.violates;
  return { broken: name === undefined ? "a promise is broken here" : `${name} is violated` };
}
