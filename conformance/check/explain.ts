import { rootOf } from "../../spec/tlc/check.js";
import { explainTrace } from "../../spec/tlc/explain.js";
import { closeModules } from "../../spec/tlc/modules.js";
import { runTlc } from "../../spec/tlc/run.js";
import type { Trace } from "../../spec/tlc/trace.js";
import type { CheckRow, CheckSummary } from "./run.js";

/** The counterexample of a violated claim, for a person. */
export async function explainClaim(
  row: CheckRow,
  summary: CheckSummary,
  signal: AbortSignal,
): Promise<string> {
  const trace = row.result?.report?.trace ?? (await traceOf(row, summary, signal));
  return trace === undefined ? "TLC gives no counterexample for this claim." : explainTrace(trace);
}

/** A verdict from the cache has no trace any more: TLC is run again. */
async function traceOf(
  { claim }: CheckRow,
  { tools }: CheckSummary,
  signal: AbortSignal,
): Promise<Trace | undefined> {
  if (tools === undefined) return undefined;
  const { folders } = await closeModules(claim.module, rootOf(claim));
  const { report } = await runTlc({
    tools,
    module: claim.module,
    config: claim.config,
    libraries: folders,
    signal,
  });
  return report.trace;
}
