import type { ClaimResult } from "../../../spec/tlc/decide/check.js";
import { block } from "../markdown/markdown.js";
import { endingOf, lanesOf, readPrinted, tableOf } from "./explain-claim.js";
import { machineSequence } from "./machine-sequence.js";
import { machineTable } from "./machine-table.js";
import { drawSequence } from "./mermaid.js";
import type { Sequence } from "./sequence.js";
import { traceSequence } from "./trace-sequence.js";

/** A counterexample of a claim, twice: as a sequence, where one can be drawn, and as a table. */
export interface Told {
  readonly sequence?: Sequence;
  readonly table: string;
  /** It is a run of the machine, whose states are its buffers and not what a reader looks for. */
  readonly ofMachine: boolean;
}

/** Tells a counterexample; undefined where there is no run of states. */
export async function tell({ claim, report }: ClaimResult): Promise<Told | undefined> {
  if (report?.trace === undefined) return undefined;
  const { trace } = report;
  const ending = endingOf(claim, report);
  const machine = readPrinted(report.printed);
  if (machine === undefined) {
    const lanes = await lanesOf(claim);
    return {
      sequence: traceSequence(trace, lanes, ending),
      table: tableOf(trace, lanes, ending),
      ofMachine: false,
    };
  }
  const sequence = machineSequence(trace, machine, ending);
  return { ...(sequence && { sequence }), table: machineTable(trace, machine, ending), ofMachine: true };
}

/** A counterexample for a page: the diagram, and the same run as a table, as `check --explain` shows it. */
export async function counterexample(result: ClaimResult): Promise<string> {
  const told = await tell(result);
  if (told === undefined)
    return result.report?.violated?.kind === "assumption"
      ? "The promise is an assumption about the constants; no run of states breaks it."
      : "There is no run of states to show.";
  const { sequence, table } = told;
  const diagram = sequence === undefined ? [] : [block("mermaid", drawSequence(sequence)), ""];
  return [
    ...diagram,
    "<details><summary>The same as a table</summary>",
    "",
    block("text", table),
    "",
    "</details>",
  ].join("\n");
}
