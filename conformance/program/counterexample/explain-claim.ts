import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { closeModules } from "../../../spec/tlc/claim/modules.js";
import type { ClaimResult } from "../../../spec/tlc/decide/check.js";
import { expectsTrace, LISTING, listingModule, withModule } from "../../../spec/tlc/look/listing.js";
import type { TlcReport } from "../../../spec/tlc/output/report.js";
import type { Trace } from "../../../spec/tlc/output/trace.js";
import { runTlc } from "../../../spec/tlc/run/run.js";
import type { Tools } from "../../../spec/tlc/tools/tools.js";
import { parseValue } from "../../../spec/tlc/value/value.js";
import { explainTrace } from "./explain.js";
import { type Lanes, readLanes } from "./lanes.js";
import { readListing } from "./machine-code.js";
import { type MachineModel, machineTable, type TraceEnding } from "./machine-table.js";

const NO_TRACE = "There is no counterexample to show: what failed is not a behaviour.";

/**
 * The counterexample of a violated claim, for a person, from what TLC said, in this run or in the cache. Only a model
 * of the machine that was expected to hold runs again, since it also has to print its code. Long ones are folded unless
 * they are asked for in `full`.
 */
export async function explainClaim(
  result: ClaimResult,
  tools: Tools,
  signal: AbortSignal,
  full = false,
): Promise<string> {
  const { claim, report } = result;
  if (report?.trace === undefined) return NO_TRACE;
  const ending = endingOf(claim, report);
  const printed = readPrinted(report.printed);
  if (printed !== undefined) return machineTable(report.trace, printed, ending);
  const again = expectsTrace(claim) ? undefined : await runMachine(claim, tools, signal);
  if (again !== undefined) return machineTable(again.trace, again, ending);
  return tableOf(report.trace, await lanesOf(claim), ending, full);
}

/** The table of a counterexample of a model that does not use Machine. */
export function tableOf(trace: Trace, lanes: Lanes, ending: TraceEnding, full = false): string {
  return `${explainTrace(trace, lanes, full)}\n     ✗ ${ending === "deadlock" ? "deadlock: there is no next step" : ending.broken}`;
}

/** How the modules of a claim ask for their counterexamples to be shown. */
export async function lanesOf(
  claim: Pick<Claim, "module" | "root" | "config" | "libraries">,
): Promise<Lanes> {
  const { files } = await closeModules(claim.module, claim.root, claim.libraries);
  return readLanes(
    files.map(({ text }) => text),
    claim.config,
  );
}

/** Runs a model of the machine once more, in a module that also prints its code; undefined for any other model. */
async function runMachine(
  claim: Claim,
  tools: Tools,
  signal: AbortSignal,
): Promise<(MachineModel & { readonly trace: Trace }) | undefined> {
  const modules = await closeModules(claim.module, claim.root, claim.libraries);
  const listing = listingModule(modules);
  if (listing === undefined) return undefined;
  const { report } = await withModule(claim.module, listing, (module) =>
    runTlc({ tools, module, config: claim.config, libraries: modules.folders, signal, short: true }),
  );
  const printed = readPrinted(report.printed);
  return report.trace === undefined || printed === undefined
    ? undefined
    : { ...printed, trace: report.trace };
}

/** Finds the code of a model of the machine among everything that was printed (spec/tlc/look/listing.ts). */
export function readPrinted(printed: readonly string[]): MachineModel | undefined {
  for (const text of printed.filter((line) => line.replace(/^<<\s*/, "").startsWith(`"${LISTING}"`))) {
    const value = parseValue(text);
    if (value.kind !== "sequence") continue;
    const [, listing, barrier] = value.elements;
    if (listing === undefined || barrier?.kind !== "boolean") continue;
    return { listing: readListing(listing), handlerHasBarrier: barrier.value };
  }
  return undefined;
}

/** How a counterexample ends: with what is broken, in words. */
export function endingOf({ declared }: Claim, { violated }: TlcReport): TraceEnding {
  if (violated?.kind === "deadlock") return "deadlock";
  if (declared.verdict === "allowed" || declared.verdict === "forbidden")
    return { broken: "the outcome occurs" };
  if (violated?.kind === "assertion") return { broken: violated.message ?? "an assertion fails" };
  const name = violated?.name ?? declared.violates;
  return { broken: name === undefined ? "a promise is broken here" : `${name} is violated` };
}
