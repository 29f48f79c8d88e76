import { endedText } from "../base/interrupted.js";
import { colour } from "../base/terminal.js";
import type { Difference, KernelReport, KernelVerdict, Ordering } from "./report.js";

/** How many differences are shown; `--json` and `--tap` have all. */
const SHOWN = 5;

const SENTENCES: Readonly<Record<KernelVerdict, string>> = {
  conforms: "This kernel conforms to the specification.",
  gap: "This kernel conforms, but has a gap that the specification declares for today's kernels.",
  inconclusive: "Not certain: part of it could not be tried here.",
  unavailable: "There is no membarrier() here, or something refuses it.",
  differs: "This kernel differs from the specification.",
};

/** What answers may not be the kernel. */
const FILTERED =
  "What answers here, the kernel or the filter in front of it, differs from the specification.";

/** What a gap is, for a person: by its claim. */
export interface GapText {
  readonly claim: string;
  readonly sentence: string;
  /** The counterexample of the claim, when it was asked for. */
  readonly counterexample?: string;
}

/** The report for a person. */
export function showKernel(report: KernelReport, gaps: readonly GapText[]): string {
  const { verdict, query, unavailable, offline, walked, differences, undecided, ordering, witness } = report;
  const lines = [`QUERY answers ${query}: ${commandsText(report)}`];
  if (report.filtered) lines.push("A seccomp filter is in front of the kernel: answers may be its own.");
  if (unavailable !== undefined) lines.push(`Unavailable: ${unavailable}`);
  if (walked.length > 0) lines.push("", colour.bold("Answers, edge by edge"));
  if (offline !== undefined) lines.push(`    ${offline}`);
  for (const { claim, taken, edges, different } of walked) {
    const mark = different > 0 ? colour.red("✗") : taken === edges ? colour.green("✓") : colour.yellow("?");
    lines.push(
      `  ${mark} ${claim}   ${taken} of ${edges} edges${different > 0 ? `, ${different} paths differ` : ""}`,
    );
  }
  for (const difference of differences.slice(0, SHOWN)) lines.push(...differenceText(difference));
  if (differences.length > SHOWN) lines.push(`    ... and ${differences.length - SHOWN} more: see --json`);
  lines.push(...undecidedText(undecided));
  if (ordering.length > 0) {
    lines.push("", colour.bold("Order, by store buffering"));
    for (const text of witness) lines.push(`    ${text}`);
    lines.push(...ordering.flatMap((row) => orderingText(row, gaps)));
  }
  if (report.endedEarly !== undefined)
    lines.push("", `${endedText(report.endedEarly)}: what is above had been tried.`);
  const sentence = verdict === "differs" && report.filtered ? FILTERED : SENTENCES[verdict];
  lines.push("", sentence, "");
  return lines.join("\n");
}

function commandsText({ commands }: KernelReport): string {
  const names = Object.entries(commands);
  if (names.length === 0) return "no commands are known";
  const lacks = names.filter(([, has]) => !has).map(([name]) => name);
  return lacks.length === 0 ? "all commands" : `it lacks ${lacks.join(", ")}`;
}

function differenceText({ before, call, expected, answer, path }: Difference): string[] {
  return [
    `    before    ${before}`,
    `    call      ${call}`,
    `    expected  ${expected}`,
    `    answer    ${colour.red(answer)}`,
    `    path      ${path.length === 0 ? "none: the first call" : path.join("; ")}`,
    "",
  ];
}

/** Reasons that several paths share are said once. */
function undecidedText(undecided: KernelReport["undecided"]): string[] {
  const counts = new Map<string, number>();
  for (const { test, why } of undecided) {
    const reason = why.replace(/ step \d+:/, ":");
    // Paths that were not asked have one line together.
    const paths = Number(/, the other (\d+) paths$/.exec(test)?.[1] ?? 1);
    counts.set(reason, (counts.get(reason) ?? 0) + paths);
  }
  return [...counts].map(
    ([why, count]) => `    ${colour.yellow("?")} ${count === 1 ? "one path" : `${count} paths`}: ${why}`,
  );
}

const MARKS: Readonly<Record<Ordering["result"], string>> = {
  kept: colour.green("✓"),
  missed: colour.red("✗"),
  gap: colour.yellow("!"),
  inconclusive: colour.yellow("?"),
};

function orderingText(
  { command, misses, rounds, result, why }: Ordering,
  gaps: readonly GapText[],
): string[] {
  const lines = [`  ${MARKS[result]} ${command}   ${misses} of ${rounds} rounds`];
  if (result === "inconclusive") lines.push(...wrapped(why ?? "", 100).map((line) => `      ${line}`));
  const gap = result === "gap" ? gaps.find(({ claim }) => claim === why) : undefined;
  if (gap !== undefined) {
    lines.push(...wrapped(gap.sentence, 100).map((line) => `      ${line}`));
    if (gap.counterexample === undefined)
      lines.push(`      Show why:  npx quiesce check ${gap.claim} --explain`);
    else lines.push("", ...gap.counterexample.split("\n").map((line) => `      ${line}`), "");
  }
  return lines;
}

/** Lines of at most so many characters, where words allow it. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
