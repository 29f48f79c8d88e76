import { cores } from "../base/cores.js";
import { colour } from "../base/terminal.js";
import type { MutantResult, MutantSummary } from "./run-mutants.js";
import { nameOf } from "./show.js";

const number = new Intl.NumberFormat("en-US");

/** A line for each mutant that this processor can show, and the figures. */
export function showMutants(summary: MutantSummary): string {
  const { results, mutants, unchanged, undecided, notRun, interrupted, seconds } = summary;
  const shown = results.filter((one) => one.shown > 0).length;
  return [
    ...results.map(lineOf),
    [
      colour.bold("Mutants"),
      `${mutants} in all`,
      `${unchanged} have no other outcome on this processor`,
      ...(undecided > 0 ? [colour.yellow(`${undecided} undecided`)] : []),
      ...(notRun > 0 ? [colour.yellow(`${notRun} not run`)] : []),
      ...(interrupted ? [colour.yellow("interrupted")] : []),
      `${shown} of ${results.length} runs have shown theirs`,
      `${seconds.toFixed(1)} s`,
    ].join("   "),
    "",
  ].join("\n");
}

function lineOf({ test, mutant, compiler, judged, shown }: MutantResult): string {
  const what = `${test.litmus.name}   ${mutant.name}   ${nameOf(compiler)}`;
  const rounds = `${number.format(judged.rounds)} rounds`;
  const how =
    shown > 0
      ? colour.green(`seen ${number.format(shown)} times in ${rounds}`)
      : colour.yellow(`never seen in ${rounds}${crowd(test.litmus.threads.length)}`);
  const more = judged.verdict === "ok" ? "" : colour.red(`   ${judged.verdict} ${judged.reason ?? ""}`);
  return `${what}   ${how}${more}`;
}

/** Threads that share a processor don't run at the same time, and what needs that can't be seen. */
function crowd(threads: number): string {
  return threads > cores() ? `, with ${threads} threads on ${cores()} processors` : "";
}
