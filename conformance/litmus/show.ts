import { colour } from "../base/terminal.js";
import { propositionText } from "./condition.js";
import { agreementOf } from "./declared.js";
import type { Explanation, OrderResult, Outcome, Pictured } from "./result.js";
import type { FileResult, LitmusSummary } from "./run.js";
import type { Litmus } from "./syntax.js";

type Decided = Extract<FileResult, { kind: "decided" }>;

/** Each test's outcomes as herd prints them; orders with the same outcomes are grouped. */
export function showTests(summary: LitmusSummary, brief: boolean, how: Form = "text"): string {
  return summary.files.map((file) => (file.kind === "decided" ? showTest(file, brief, how) : "")).join("");
}

/** How an explanation is shown. */
export type Form = "text" | "mermaid";

function showTest(file: Decided, brief: boolean, how: Form): string {
  const { litmus } = file.test;
  const groups = brief ? [] : grouped(file.results);
  return [
    ...groups.flatMap((group) => [...showGroup(litmus, group), ...showExplained(file, group, how)]),
    ...resultLines(file),
    "",
  ].join("\n");
}

/**
 * Why: what the strongest order of a group allows, all of them allow; what forbids something under the weakest one
 * forbids it under all.
 */
function showExplained({ explained }: Decided, group: readonly OrderResult[], how: Form): string[] {
  const of = (result: OrderResult | undefined) => explained.find(({ order }) => order === result?.order);
  const [first, last] = [of(group[0]), of(group.at(-1))];
  const chosen = first?.kind === "execution" ? first : last;
  if (chosen === undefined) return [];
  return shownReasons(chosen, how);
}

/** The first reason, then the shortest circle of each other kind: what forbids a test in several ways is said to. */
function shownReasons(reason: Explanation, how: Form): string[] {
  const { more = [] } = reason;
  const shown = (one: Pictured): readonly string[] =>
    how === "mermaid" && one.mermaid !== undefined ? [one.mermaid] : one.text;
  const head = `Circles of ${more.length} other kind${more.length === 1 ? "" : "s"} forbid it, too:`;
  return [
    ...shown(reason),
    "",
    ...(more.length > 0 ? [how === "mermaid" ? `%% ${head}` : head] : []),
    ...more.flatMap((one) => [...shown(one).slice(how === "text" ? 1 : 0), ""]),
  ];
}

/** Results with the same outcomes, of neighbouring orders. */
function grouped(results: readonly OrderResult[]): OrderResult[][] {
  const groups = new Map<string, OrderResult[]>();
  for (const result of results) {
    const key = [result.examples ? "examples" : "all", ...linesOf(result.outcomes)].join("\n");
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()];
}

const KIND = { exists: "Allowed", "~exists": "Forbidden", forall: "Required" } as const;

function showGroup(litmus: Litmus, group: readonly OrderResult[]): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { name, quantifier, condition } = litmus;
  const { positive, negative, observation, validated, outcomes, examples } = first;
  return [
    `Test ${colour.bold(name)} ${KIND[quantifier]}, order ${group.map(({ order }) => order).join(" ")}`,
    examples ? "Too many states to list: an example of each kind" : `States ${outcomes.length}`,
    ...linesOf(outcomes),
    validated ? "Ok" : "No",
    "Witnesses",
    examples ? "Not counted" : `Positive: ${positive} Negative: ${negative}`,
    litmus.unconditional ? "No condition" : `Condition ${quantifier} (${propositionText(condition)})`,
    `Observation ${name} ${observation} ${positive} ${negative}`,
    ...(outcomes.length > 0 ? [] : [first.ends ? "No end passes the filter." : "No run of this test ends."]),
    "",
  ];
}

function linesOf(outcomes: readonly Outcome[]): string[] {
  const lines = outcomes.map((outcome) =>
    Object.entries(outcome)
      .map(([place, value]) => `${place}=${value};`)
      .join(" "),
  );
  return lines.sort();
}

/** `Result: NAME  sc Never  tso Never  pso Never  weak Sometimes`. */
function resultLines({ test, results, file }: Decided): string[] {
  const { name, declared } = test.litmus;
  const words = results.map(({ order, observation, outcomes, ends }) => {
    const why = outcomes.length > 0 ? "" : ends ? " (no end passes the filter)" : " (no run ends)";
    return `${order} ${observation}${why}`;
  });
  const line = `Result: ${name}   ${words.join("   ")}`;
  if (declared === undefined) return [line];
  const agreement = agreementOf(declared, results);
  if (agreement === "broken") return [line, colour.red(`  ${file} declares ${declared}`)];
  if (agreement === "not reached")
    return [line, colour.yellow(`  ${file} declares Sometimes; see --help, limits`)];
  return [line];
}

/** Where a file is wrong: `a.litmus:4:12`, or only the file. */
export function placeOf({ file, error: { position } }: Exclude<FileResult, Decided>): string {
  return position === undefined ? file : `${file}:${position.line}:${position.column}`;
}

/** The files without a verdict, each with its place and the reason. */
export function showRefused(summary: LitmusSummary): string {
  return summary.files
    .map((result) => {
      if (result.kind === "decided") return "";
      const { message, hint } = result.error;
      const more = hint === undefined ? "" : `${hint.replace(/^/gm, "  ")}\n`;
      return `${colour.red(placeOf(result))}  ${result.kind}: ${message}\n${more}`;
    })
    .join("");
}

/** Who decided, where that was not the machine alone: `2 by axioms, 1 by machine`. */
function decidedBy(files: LitmusSummary["files"]): string[] {
  const counts = new Map<string, number>();
  for (const file of files)
    if (file.kind === "decided") counts.set(file.engine, (counts.get(file.engine) ?? 0) + 1);
  if (counts.size === 0 || (counts.size === 1 && counts.has("machine"))) return [];
  return [[...counts].map(([engine, count]) => `${count} by ${engine}`).join(", ")];
}

/** `Litmus   3 tests   1 refused   2.1 s`. */
export function showTotal({ files, seconds, endedEarly }: LitmusSummary): string {
  const count = (kind: FileResult["kind"]): number => files.filter((file) => file.kind === kind).length;
  return [
    colour.bold("Litmus"),
    `${count("decided")} of ${files.length} decided`,
    ...decidedBy(files),
    ...(count("refused") > 0 ? [colour.red(`${count("refused")} refused`)] : []),
    ...(count("undecided") > 0 ? [colour.red(`${count("undecided")} undecided`)] : []),
    `${seconds.toFixed(1)} s`,
    ...(endedEarly ? [colour.red(endedEarly === "interrupted" ? endedEarly : "out of time")] : []),
  ].join("   ");
}
