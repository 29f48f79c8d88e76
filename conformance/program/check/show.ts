import { availableParallelism } from "node:os";
import { basename, dirname } from "node:path";
import { inParallel } from "../../../spec/tlc/base/pool.js";
import { nameOf, sourceOf } from "../../../spec/tlc/base/source-file.js";
import { showClaimProblem } from "../../../spec/tlc/claim/claim.js";
import { boundOf } from "../../../spec/tlc/claim/claim-run.js";
import { NO_VERDICT, NO_VERDICT_HINT } from "../../../spec/tlc/claim/claim-verdict.js";
import { showProblem } from "../../../spec/tlc/output/show-problem.js";
import { commandFor } from "../../base/command.js";
import { unlessInterrupted } from "../../base/interrupted.js";
import { colour, type Progress } from "../../base/terminal.js";
import { explainClaim } from "../counterexample/explain-claim.js";
import { wrap } from "../counterexample/thread-table.js";
import { type CheckRow, type CheckSummary, isFine } from "./run.js";
import { showNotLookedAt } from "./show-not-looked-at.js";
import { showPrinted } from "./show-verbose.js";

/** The claims by folder, for a person to read: how many hold and how many are violated, as declared or not. */
export function showSummary(summary: CheckSummary): string {
  const { rows } = summary;
  const more = [
    ...(summary.leftOut === 0
      ? []
      : [`  and ${summary.leftOut} more in the full set: add --full, or name them`]),
    ...showNotLookedAt(summary.notLookedAt),
    ...(summary.settings === undefined ? [] : [`  with the settings of ${nameOf(summary.settings)}`]),
  ];
  if (rows.every(({ verdict }) => verdict === "unchecked"))
    return [...rows.map(listLine), ...more].join("\n");
  if (rows.length === 0) return `${colour.bold("Claims")}   none to decide: nothing has changed`;
  const declared = rows.filter(({ claim }) => claim.declared.verdict !== "undeclared");
  const right = declared.filter(({ asDeclared }) => asDeclared).length;
  const cached = rows.filter(({ fromCache }) => fromCache).length;
  const head = [
    colour.bold("Claims"),
    ...(declared.length > 0 ? [`${right} of ${declared.length} as declared`] : []),
    ...(declared.length < rows.length ? [`${rows.length - declared.length} undeclared`] : []),
    `${summary.seconds.toFixed(1)} s`,
    ...(cached > 0 ? [`${cached} from the cache`] : []),
    ...(summary.endedEarly ? [colour.red(endedEarly(summary))] : []),
    ...(unread(summary) > 0 ? [colour.red(`${counted(unread(summary), "file")} not read`)] : []),
  ].join("   ");
  const groups = [...new Set(rows.map(groupOf))].sort();
  const width = Math.max(...groups.map((group) => group.length));
  const lines = groups.map((group) => {
    const own = rows.filter((row) => groupOf(row) === group);
    return `  ${group.padEnd(width)}  ${countVerdicts(own)}`;
  });
  return [head, ...lines, ...more, ...stubsIn(rows), ...javaIn(rows)].join("\n");
}

/** Which modules were stubs. */
function stubsIn(rows: readonly CheckRow[]): string[] {
  const stubs = [...new Set(rows.flatMap(({ result }) => result?.stubs ?? []))].sort();
  return stubs.length === 0 ? [] : [`  with stubs in place of ${stubs.join(", ")}, which only proofs need`];
}

/** Which modules have operators in Java that were not run: TLC alone would run them, and might say something else. */
function javaIn(rows: readonly CheckRow[]): string[] {
  const files = [...new Set(rows.flatMap(({ result }) => result?.java ?? []))].sort();
  if (files.length === 0) return [];
  const names = files.map((path) => basename(path)).join(", ");
  return [
    `  without ${names}, Java beside the modules: their text counts (a jar with it, given as --library, is run)`,
  ];
}

function endedEarly({ endedEarly: why, rows }: CheckSummary): string {
  const undecided = rows.filter(({ verdict }) => verdict === "undecided").length;
  return `${why === "interrupted" ? "interrupted" : "out of time"}, ${undecided} not decided`;
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
  const parts = (["holds", "forbidden", "none-found", "violated", "allowed"] as const).flatMap((verdict) => {
    const count = rows.filter((row) => row.asDeclared && row.verdict === verdict).length;
    if (count === 0) return [];
    const words = {
      holds: count === 1 ? "holds" : "hold",
      forbidden: "forbidden",
      "none-found": "not found to be violated, in a search that does not see everything",
      violated: "violated as declared",
      allowed: "allowed as declared",
    };
    return [`${String(count).padStart(4)} ${words[verdict]}`];
  });
  const undecided = rows.filter((row) => row.verdict === "undecided").length;
  const found = rows.filter((row) => isUndeclared(row) && isVerdict(row));
  const wrong = rows.filter((row) => !isFine(row) && isVerdict(row)).length;
  const open = rows.filter((row) => row.verdict === "inconclusive").length;
  return [
    ...parts,
    ...[...new Set(found.map(({ verdict }) => verdict))]
      .sort()
      .map((verdict) => `${found.filter((row) => row.verdict === verdict).length} found: ${verdict}`),
    ...(wrong > 0 ? [colour.red(`${wrong} not as declared`)] : []),
    ...(open > 0 ? [colour.red(`${open} inconclusive`)] : []),
    ...(undecided > 0 ? [colour.red(`${undecided} not decided`)] : []),
  ].join("  ");
}

function isVerdict({ verdict }: CheckRow): boolean {
  return verdict !== "inconclusive" && verdict !== "undecided";
}

/**
 * The claims that differ from their declarations, each with its place, the reason and how to look into it; with
 * `explain`, also the counterexample of every violated claim, as declared or not, and what claims printed.
 */
export async function showUnexpected(
  summary: CheckSummary,
  options: {
    readonly explain: boolean;
    readonly verbose?: boolean;
    readonly fullTrace?: boolean;
    readonly signal: AbortSignal;
    readonly progress?: Progress;
  },
): Promise<string> {
  const { tools } = summary;
  const { progress } = options;
  let done = 0;
  const decided = summary.rows.filter(({ verdict }) => verdict !== "undecided");
  const shown = await inParallel(decided, availableParallelism(), async (row) => {
    const violated = row.verdict === "violated" || row.verdict === "allowed";
    const explained = options.explain && violated;
    const parts = row.asDeclared
      ? []
      : [isUndeclared(row) && isFine(row) ? foundIn(row) : differing(row, explained)];
    if (explained && row.result && tools) {
      if (isFine(row)) parts.push(titleOf(row));
      const text = `Counterexamples  ${done} found again`;
      progress?.update([text, `  ${row.claim.id}`], text);
      const { result } = row;
      const told = await unlessInterrupted(options.signal, () =>
        explainClaim(result, tools, options.signal, options.fullTrace),
      );
      parts.push(told ?? "Interrupted before its counterexample was found again.");
      done++;
    }
    const printed = options.explain && !options.verbose ? showPrinted(row) : "";
    if (printed !== "") parts.push(printed);
    return parts.join("\n\n");
  });
  progress?.done();
  const some = [...shown, showUndecided(summary)].filter((text) => text !== "");
  return some.length === 0 ? "" : `\n${some.join(options.explain ? "\n\n\n" : "\n\n")}\n`;
}

/** The most claims that are listed as undecided. */
const MOST_UNDECIDED = 20;

/** The claims that were not decided, those that had begun first. */
function showUndecided({ rows }: CheckSummary): string {
  const undecided = rows.filter(({ verdict }) => verdict === "undecided");
  const begun = undecided.filter(({ seconds }) => seconds > 0);
  const others = undecided.filter(({ seconds }) => seconds === 0);
  const lines = [...begun, ...others]
    .slice(0, MOST_UNDECIDED)
    .map((row) => `    ${row.claim.id}   ${reasonOf(row)}`);
  const more = undecided.length - lines.length;
  const title = `${colour.red("?")} ${colour.bold("Not decided")}`;
  return undecided.length === 0
    ? ""
    : [title, ...lines, ...(more > 0 ? [`    and ${more} more: --json lists all`] : [])].join("\n");
}

/** The title of a counterexample: the claim, what is violated, and the claim's sentence. */
export function titleOf({ claim, verdict }: CheckRow): string {
  const { violates } = claim.declared;
  const what = verdict === "allowed" || violates === undefined ? verdict : `${verdict}: ${violates}`;
  return `${colour.bold(claim.id)}   ${what}\n${wrap(claim.sentence, 96, "").join("\n").replace(/^/gm, "    ")}`;
}

function isUndeclared({ claim }: CheckRow): boolean {
  return claim.declared.verdict === "undeclared";
}

/** What came out where nothing is declared. */
function foundIn({ claim, verdict, states, reason }: CheckRow): string {
  const count = states > 0 ? `   ${counted(states, "state")}` : "";
  const mode = claim.run?.mode;
  const what =
    verdict === "none-found"
      ? `no violation found ${mode !== undefined ? boundOf(mode) : "in what chance has chosen"}`
      : (reason ?? verdict);
  return `${colour.yellow("?")} ${colour.bold(claim.id)}   undeclared; found: ${what}${count}`;
}

/** The files that are no claims, each with its place and what to do. */
export function showProblems({ problems }: CheckSummary): string {
  if (problems.length === 0) return "";
  const shown = problems.map((problem) => `${colour.red("✗")} ${showClaimProblem(problem, nameOf)}`);
  if (problems.some(({ message }) => message === NO_VERDICT)) shown.push(NO_VERDICT_HINT);
  return `\n${shown.join("\n\n")}\n`;
}

/** The headers that were written. */
export function showWritten({ written }: CheckSummary): string {
  if (written === undefined) return "";
  if (written.length === 0) return "\nEvery configuration has a header: nothing was written.\n";
  const shown = written.map(({ file, lines, reason }) =>
    lines === undefined
      ? `${colour.red("✗")} ${colour.bold(nameOf(file))}   no header was written: ${reason}`
      : [
          `${colour.green("✓")} ${colour.bold(nameOf(file))}   this header was written`,
          ...lines.map((line) => `    ${line}`),
        ].join("\n"),
  );
  return `\n${shown.join("\n")}\n`;
}

/** How many files could not be read as claims. */
function unread({ problems }: CheckSummary): number {
  return new Set(problems.map(({ file }) => file)).size;
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`;
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

/** The reason, on one line. An error with a place is shown below, at its place. */
function reasonOf({ reason = "", result }: CheckRow): string {
  const error = result?.report?.errors.find(({ message }) => message === reason);
  return error?.location === undefined ? reason.replaceAll("\n", " ") : "";
}

function indent(text: string): string {
  return text.replace(/^/gm, "    ");
}
