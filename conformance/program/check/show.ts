import { availableParallelism } from "node:os";
import { basename, dirname } from "node:path";
import { inParallel } from "../../../spec/tlc/base/pool.js";
import { nameOf, sourceOf } from "../../../spec/tlc/base/source-file.js";
import { showProblem } from "../../../spec/tlc/output/show-problem.js";
import { commandFor } from "../../base/command.js";
import { colour, type Progress } from "../../base/terminal.js";
import { explainClaim } from "../counterexample/explain-claim.js";
import { wrap } from "../counterexample/thread-table.js";
import type { CheckRow, CheckSummary } from "./run.js";

/** The claims by folder, for a person to read: how many hold and how many are violated, as declared or not. */
export function showSummary(summary: CheckSummary): string {
  const { rows } = summary;
  const more =
    summary.leftOut === 0 ? [] : [`  and ${summary.leftOut} more in the full set: add --full, or name them`];
  if (rows.every(({ verdict }) => verdict === "unchecked"))
    return [...rows.map(listLine), ...more].join("\n");
  const right = rows.filter(({ asDeclared }) => asDeclared).length;
  const cached = rows.filter(({ fromCache }) => fromCache).length;
  const head = [
    colour.bold("Claims"),
    `${right} of ${rows.length} as declared`,
    `${summary.seconds.toFixed(1)} s`,
    ...(cached > 0 ? [`${cached} from the cache`] : []),
  ].join("   ");
  const groups = [...new Set(rows.map(groupOf))].sort();
  const width = Math.max(...groups.map((group) => group.length));
  const lines = groups.map((group) => {
    const own = rows.filter((row) => groupOf(row) === group);
    return `  ${group.padEnd(width)}  ${countVerdicts(own)}`;
  });
  return [head, ...lines, ...more].join("\n");
}

function listLine({ claim }: CheckRow): string {
  const { verdict, violates } = claim.declared;
  const set = claim.set === "full" ? "  (full)" : "";
  return `${claim.id}  ${verdict}${violates === undefined ? "" : ` ${violates}`}${set}\n    ${claim.sentence}`;
}

function groupOf({ claim }: CheckRow): string {
  const slash = claim.id.lastIndexOf("/");
  return slash < 0 ? basename(dirname(claim.file)) : claim.id.slice(0, slash);
}

function countVerdicts(rows: readonly CheckRow[]): string {
  const parts = (["holds", "forbidden", "violated", "allowed"] as const).flatMap((verdict) => {
    const count = rows.filter((row) => row.asDeclared && row.verdict === verdict).length;
    if (count === 0) return [];
    const words = {
      holds: count === 1 ? "holds" : "hold",
      forbidden: "forbidden",
      violated: "violated as declared",
      allowed: "allowed as declared",
    };
    return [`${String(count).padStart(4)} ${words[verdict]}`];
  });
  const wrong = rows.filter((row) => !row.asDeclared && row.verdict !== "inconclusive").length;
  const open = rows.filter((row) => row.verdict === "inconclusive").length;
  return [
    ...parts,
    ...(wrong > 0 ? [colour.red(`${wrong} not as declared`)] : []),
    ...(open > 0 ? [colour.red(`${open} inconclusive`)] : []),
  ].join("  ");
}

/**
 * The claims that differ from their declarations, each with its place, the reason and how to look into it; with
 * `explain`, also the counterexample of every violated claim, as declared or not.
 */
export async function showUnexpected(
  summary: CheckSummary,
  options: { readonly explain: boolean; readonly signal: AbortSignal; readonly progress?: Progress },
): Promise<string> {
  const { tools } = summary;
  const { progress } = options;
  let done = 0;
  const shown = await inParallel(summary.rows, availableParallelism(), async (row) => {
    const violated = row.verdict === "violated" || row.verdict === "allowed";
    const explained = options.explain && violated;
    const parts = row.asDeclared ? [] : [differing(row, explained)];
    if (explained && row.result && tools) {
      if (row.asDeclared) parts.push(titleOf(row));
      const text = `Counterexamples  ${done} found again`;
      progress?.update([text, `  ${row.claim.id}`], text);
      parts.push(await explainClaim(row.result, tools, options.signal));
      done++;
    }
    return parts.join("\n\n");
  });
  progress?.done();
  const some = shown.filter((text) => text !== "");
  return some.length === 0 ? "" : `\n${some.join(options.explain ? "\n\n\n" : "\n\n")}\n`;
}

/** The title of a counterexample: the claim, what is violated, and the claim's sentence. */
export function titleOf({ claim, verdict }: CheckRow): string {
  const { violates } = claim.declared;
  const what = verdict === "allowed" || violates === undefined ? verdict : `${verdict}: ${violates}`;
  return `${colour.bold(claim.id)}   ${what}\n${wrap(claim.sentence, 96, "").join("\n").replace(/^/gm, "    ")}`;
}

function differing(row: CheckRow, explained: boolean): string {
  const { claim, result } = row;
  const errors = result?.report?.errors ?? [];
  const reason = [row.verdict === "inconclusive" ? "inconclusive" : "", reasonOf(row)];
  const lines = [
    `${colour.red("✗")} ${colour.bold(claim.id)}   ${reason.filter((text) => text !== "").join(": ")}`,
    `    ${nameOf(claim.file)}:${claim.line}`,
    ...errors
      .filter(({ location }) => location !== undefined)
      .map((problem) => indent(showProblem(problem, sourceOf, nameOf))),
  ];
  const violated = row.verdict === "violated" || row.verdict === "allowed";
  if (violated && !explained) lines.push(`    Show it:  ${commandFor(claim)} --explain`);
  return lines.join("\n");
}

/**
 * The reason, on one line. An error with a place is shown below, at its place; of any other, `reason` has only the
 * first line.
 */
function reasonOf({ reason, result }: CheckRow): string {
  const error = result?.report?.errors.find(({ message }) => message.split("\n")[0] === reason);
  if (error === undefined) return reason ?? "";
  return error.location === undefined ? error.message.replaceAll("\n", " ") : "";
}

function indent(text: string): string {
  return text.replace(/^/gm, "    ");
}
