import { block, code, plain, table } from "../markdown/markdown.js";
import { shownPath } from "./path.js";
import type { Reporter } from "./reporter.js";
import { countOutcomes, type Finding, isGood, isNews, type Problem, toldOf, totalLine } from "./results.js";

/** GitHub takes a mebibyte a step. */
const MOST_BYTES = 900_000;
/** The most findings that are told one by one. */
const MOST_TOLD = 50;

/** Markdown, for a job's summary or a comment: the counts by group, then what wants attention, with counterexamples. */
export const markdown: Reporter = {
  name: "markdown",
  description: "Markdown, for a job's summary or a comment",
  report(results, folder) {
    const mark = isGood(results) ? "✓" : "✗";
    const head = [
      `## ${mark} ${plain(results.title)}: ${plain(totalLine(results))}`,
      `${code(`quiesce ${results.command}`)}, ${results.seconds.toFixed(1)} s`,
      ...(results.findings.length === 0 ? [] : [groupsOf(results.findings)]),
      ...results.problems.map((one) => problemOf(one, folder)),
    ];
    const told = toldOf(results.findings);
    return `${join(
      head,
      told.slice(0, MOST_TOLD).map((one) => findingOf(one, folder)),
      told.length,
      results.notes,
    )}\n`;
  },
};

/** As many as there is room for; how many are left out is said. */
function join(
  head: readonly string[],
  parts: readonly string[],
  all: number,
  notes: readonly string[],
): string {
  const kept: string[] = [];
  let size = Buffer.byteLength([...head, ...notes].join("\n\n"));
  for (const part of parts) {
    size += Buffer.byteLength(part) + 2;
    if (size > MOST_BYTES) break;
    kept.push(part);
  }
  const more = all - kept.length;
  return [
    ...head,
    ...kept,
    ...(more > 0 ? [`And ${more} more: see the log, or another format.`] : []),
    ...notes.map((note) => plain(note)),
  ].join("\n\n");
}

function groupsOf(findings: readonly Finding[]): string {
  const groups = [...new Set(findings.map(({ group }) => group))];
  const number = (n: number): string => (n === 0 ? "" : n.toLocaleString("en-US"));
  return table(
    ["", "as expected", "nothing declared", "different", "not certain", "not decided", "not run", "seconds"],
    groups.map((group) => {
      const own = findings.filter((one) => one.group === group);
      const { pass, found, fail, open, undecided, skipped } = countOutcomes(own);
      const seconds = own.reduce((sum, one) => sum + one.seconds, 0);
      return [plain(group), ...[pass, found, fail, open, undecided, skipped].map(number), seconds.toFixed(1)];
    }),
  );
}

function findingOf(finding: Finding, folder: string): string {
  const { id, verdict, declared, violated, sentence, reason, place, detail, command } = finding;
  const mark = isNews(finding) ? "?" : "✗";
  const found = [verdict, violated].filter((part) => part !== undefined).join(": ");
  const where =
    place && `${shownPath(place.file, folder)}${place.line === undefined ? "" : `:${place.line}`}`;
  return [
    `### ${mark} ${code(id)}: ${plain(found)}${declared === undefined ? "" : `, declared ${plain(declared)}`}`,
    ...(sentence === undefined ? [] : [plain(sentence)]),
    ...(reason === undefined ? [] : [block("", reason)]),
    ...(where === undefined ? [] : [code(where)]),
    ...(detail === undefined
      ? []
      : [`<details><summary>Counterexample</summary>\n\n${block("", detail)}\n\n</details>`]),
    ...(command === undefined ? [] : [`Show it: ${code(command)}`]),
  ].join("\n\n");
}

function problemOf({ message, place, hint }: Problem, folder: string): string {
  const where =
    place === undefined
      ? ""
      : `${code(`${shownPath(place.file, folder)}${place.line === undefined ? "" : `:${place.line}`}`)} `;
  return `- ✗ ${where}${plain(message)}${hint === undefined ? "" : ` ${plain(hint)}`}`;
}
