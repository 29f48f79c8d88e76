import type { Compiler } from "../../native/js/compiler.js";
import { colour } from "../base/terminal.js";
import { propositionText } from "../litmus/condition.js";
import type { Outcome } from "../litmus/result.js";
import { totalsOf } from "./figures.js";
import type { CompilerResult, SiliconFile, SiliconSummary } from "./run.js";
import type { Judged, Judgement, Verdict } from "./verdict.js";

type Ran = Extract<SiliconFile, { kind: "ran" }>;

const number = new Intl.NumberFormat("en-US");

/** Each test's outcomes, with how often each compiler's program had them; or one line for each. */
export function showSilicon(summary: SiliconSummary, brief: boolean): string {
  return summary.files
    .map((file) => {
      if (file.kind === "refused") return "";
      if (file.kind === "not run")
        return `${file.test.litmus.name}   ${colour.yellow("not run")}: ${file.reason}\n${brief ? "" : "\n"}`;
      return file.results.map((result) => (brief ? briefLine(file, result) : showOne(file, result))).join("");
    })
    .join("");
}

const COLOURS: Readonly<Record<Verdict, (text: string) => string>> = {
  ok: colour.green,
  violated: colour.red,
  crashed: colour.red,
  hung: colour.red,
  undecided: colour.yellow,
  stopped: colour.yellow,
};

const JUDGED: Readonly<Record<Judgement, (text: string) => string>> = {
  allowed: (text) => text,
  forbidden: colour.red,
  undecided: colour.yellow,
};

function showOne({ test }: Ran, { compiler, judged }: CompilerResult): string {
  const { quantifier, condition, name } = test.litmus;
  const rate =
    judged.seconds > 0 ? `, ${number.format(Math.round(judged.rounds / judged.seconds))} a second` : "";
  return [
    `Test ${colour.bold(name)}   ${nameOf(compiler)}   ${number.format(judged.rounds)} rounds${rate}`,
    ...judged.outcomes.map(({ outcome, machine, count, firstRound, positive }) => {
      const how = count === 0 ? "never seen" : number.format(count);
      const first = firstRound === undefined ? "" : `   first in round ${number.format(firstRound)}`;
      const text = `${machine.padEnd(9)} ${how.padStart(13)} ${positive ? "*" : " "} ${outcomeText(outcome)}${first}`;
      return `  ${JUDGED[machine](text)}`;
    }),
    ...(judged.filtered > 0 ? [`  ${number.format(judged.filtered)} rounds did not pass the filter`] : []),
    `Condition ${quantifier} (${propositionText(condition)}): * is ${conditionText(judged)}`,
    verdictText(judged),
    "",
    "",
  ].join("\n");
}

function briefLine({ test }: Ran, { compiler, judged }: CompilerResult): string {
  const seen = judged.outcomes.filter(({ count }) => count > 0).length;
  return (
    `${test.litmus.name}   ${nameOf(compiler)}   ${verdictText(judged)}   ` +
    `${seen} of ${judged.outcomes.length} outcomes seen   condition ${conditionText(judged)}\n`
  );
}

function conditionText({ condition: { machine, count } }: Judged): string {
  const seen = count === 0 ? "never seen" : `seen ${number.format(count)} times`;
  // The machine can allow what a processor does not do, or does once a year.
  return JUDGED[machine](`${machine}, ${seen}`);
}

function verdictText(judged: Judged): string {
  const { verdict, reason } = judged;
  const word = COLOURS[verdict](verdict);
  if (verdict !== "violated") return reason === undefined ? word : `${word}: ${reason}`;
  const worst = judged.outcomes.find(({ machine, count }) => machine === "forbidden" && count > 0);
  if (worst === undefined) return word;
  const { outcome, count, firstRound = 0 } = worst;
  return `${word}: the machine forbids ${outcomeText(outcome)} which was there ${number.format(count)} times, first in round ${number.format(firstRound)}`;
}

function outcomeText(outcome: Outcome): string {
  return Object.entries(outcome)
    .map(([place, value]) => `${place}=${value};`)
    .join(" ");
}

/** A compiler as it was named: `gcc`, `clang -m32`. */
export function nameOf({ command }: Compiler): string {
  return command.join(" ");
}

/** The figures of the whole, a line for each compiler. */
export function showTotal(summary: SiliconSummary): string {
  const { files, order, compilers, seconds, seed, interrupted } = summary;
  const count = (kind: SiliconFile["kind"]): number => files.filter((file) => file.kind === kind).length;
  const lines = totalsOf(summary).map(
    ({ compiler, tests, verdicts, allowed, seenAllowed, seenForbidden, seenUndecided, rounds }) =>
      [
        `  ${nameOf(compiler)}`,
        `${tests} tests`,
        ...Object.entries(verdicts).map(([verdict, n]) => COLOURS[verdict as Verdict](`${n} ${verdict}`)),
        `${allowed} outcomes allowed, ${seenAllowed} of them seen`,
        JUDGED[seenForbidden > 0 ? "forbidden" : "allowed"](`${seenForbidden} forbidden ones seen`),
        ...(seenUndecided > 0 ? [`${seenUndecided} undecided ones seen`] : []),
        `${(rounds / 1e6).toFixed(1)} million rounds`,
      ].join("   "),
  );
  return [
    [
      colour.bold("Silicon"),
      `${count("ran")} of ${files.length} run`,
      ...(count("refused") > 0 ? [colour.red(`${count("refused")} refused`)] : []),
      ...(count("not run") > 0 ? [colour.yellow(`${count("not run")} not run`)] : []),
      ...(interrupted ? [colour.yellow("interrupted")] : []),
      `${process.arch}, order ${order}`,
      `seed ${seed}`,
      `${seconds.toFixed(1)} s`,
    ].join("   "),
    ...lines,
    ...compilers.map(({ version }) => `  ${version}`),
    "",
  ].join("\n");
}
