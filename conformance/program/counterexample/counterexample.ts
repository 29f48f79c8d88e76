import type { ClaimResult } from "../../../spec/tlc/decide/check.js";
import { block } from "../markdown/markdown.js";
import { endingOf, lanesOf, readPrinted, tableOf } from "./explain-claim.js";
import { machineSequence } from "./machine-sequence.js";
import { machineTable } from "./machine-table.js";
import { drawSequence } from "./mermaid.js";
import type { Sequence } from "./sequence.js";
import { traceSequence } from "./trace-sequence.js";

/** A counterexample for a page: the diagram, and the same run as a table, as `check --explain` shows it. */
export async function counterexample({ claim, report }: ClaimResult): Promise<string> {
  if (report?.trace === undefined)
    return report?.violated?.kind === "assumption"
      ? "The promise is an assumption about the constants; no run of states breaks it."
      : "There is no run of states to show.";
  const { trace } = report;
  const ending = endingOf(claim, report);
  const machine = readPrinted(report.printed);
  let sequence: Sequence | undefined;
  let table: string;
  if (machine === undefined) {
    const lanes = await lanesOf(claim);
    sequence = traceSequence(trace, lanes, ending);
    table = tableOf(trace, lanes, ending);
  } else {
    sequence = machineSequence(trace, machine, ending);
    table = machineTable(trace, machine, ending);
  }
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
