import { colour } from "../../base/terminal.js";
import { printedBy } from "./printed.js";
import type { CheckRow, CheckSummary } from "./run.js";

/** The most of what one claim printed that is shown. */
const MOST_LINES = 40;

/** The figures of each claim that was decided, and what it printed. */
export function showVerbose({ rows }: CheckSummary): string {
  const shown = rows.flatMap((row) => (row.result === undefined ? [] : [figures(row), ...printed(row)]));
  return shown.length === 0 ? "" : `\n${shown.join("\n")}\n`;
}

function figures({ claim, verdict, seconds, fromCache, result }: CheckRow): string {
  const { generated, distinct, depth } = result?.report?.statistics ?? {};
  const count = (n: number | undefined, what: string): string[] =>
    n === undefined ? [] : [`${n.toLocaleString("en-US")} ${what}`];
  return [
    colour.bold(claim.id),
    verdict,
    ...count(distinct, "distinct states"),
    ...count(generated, "generated"),
    ...count(depth, "deep"),
    `${seconds.toFixed(1)} s${fromCache ? " (from the cache)" : ""}`,
  ].join("   ");
}

/** What a claim printed, below its name. */
export function showPrinted(row: CheckRow): string {
  const lines = printed(row);
  return lines.length === 0 ? "" : [`${colour.bold(row.claim.id)}   printed`, ...lines].join("\n");
}

function printed({ result }: CheckRow): string[] {
  if (result?.report === undefined) return [];
  const { values, leftOut } = printedBy(result.report);
  const lines = values.flatMap((value) => value.split("\n"));
  const more = leftOut + Math.max(0, lines.length - MOST_LINES);
  return [
    ...lines.slice(0, MOST_LINES).map((line) => `    │ ${line}`),
    ...(more > 0
      ? [`    and ${more} more lines that it printed: --json has at most 100,000 characters`]
      : []),
  ];
}
