import { resolve } from "node:path";
import { agreementOf } from "../../litmus/declared.js";
import type { Refusal } from "../../litmus/files.js";
import type { Outcome as End } from "../../litmus/result.js";
import type { FileResult, LitmusSummary } from "../../litmus/run.js";
import type { SiliconSummary } from "../../silicon/run.js";
import type { MutantSummary } from "../../silicon/run-mutants.js";
import type { Judged } from "../../silicon/verdict.js";
import type { Finding, Outcome, Place, Problem, Results } from "./results.js";

/** What litmus tests can end with: a finding for each file, under all orders that were asked for. */
export function litmusResults({ files, seconds, endedEarly }: LitmusSummary): Results {
  const each = files.length === 0 ? 0 : seconds / files.length;
  return {
    command: "litmus",
    title: "Litmus tests",
    findings: files.flatMap((one) =>
      one.kind === "refused" ? [] : [fileFinding(one, each, endedEarly !== undefined)],
    ),
    problems: files.flatMap((one) => (one.kind === "refused" ? [problemOf(one.file, one.error)] : [])),
    seconds,
    ...(endedEarly && { endedEarly }),
    notes: [],
  };
}

function fileFinding(
  one: Exclude<FileResult, { kind: "refused" }>,
  seconds: number,
  endedEarly: boolean,
): Finding {
  const place = placeOf(one.file, one.kind === "decided" ? undefined : one.error);
  const common = { id: one.file, group: "litmus", place, seconds };
  if (one.kind !== "decided")
    return {
      ...common,
      outcome: endedEarly ? "undecided" : "open",
      verdict: "undecided",
      reason: one.error.message,
    };
  const { declared, name } = one.test.litmus;
  const broken = declared !== undefined && agreementOf(declared, one.results) === "broken";
  const verdict = one.results.map(({ order, observation }) => `${order} ${observation}`).join(", ");
  return {
    ...common,
    sentence: name,
    outcome: broken ? "fail" : declared === undefined ? "found" : "pass",
    verdict,
    ...(declared !== undefined && { declared }),
    ...(broken && { reason: `the file declares Result: ${declared}; found: ${verdict}` }),
    // The axioms have none.
    ...(one.engine !== "axioms" && { states: one.results.reduce((sum, { states }) => sum + states, 0) }),
  };
}

/** What was seen of litmus tests on this processor: a finding for each file and compiler. */
export function siliconResults({ files, seconds, interrupted, order }: SiliconSummary): Results {
  return {
    command: "litmus --run",
    title: "Litmus tests on this processor",
    findings: files.flatMap((one) => {
      const place = placeOf(one.file);
      if (one.kind === "refused") return [];
      if (one.kind === "not run")
        return [
          {
            ...{ id: one.file, group: "not run", place, seconds: 0, reason: one.reason },
            outcome: interrupted ? "undecided" : "skipped",
            verdict: "not run",
          } satisfies Finding,
        ];
      return one.results.map(({ compiler, judged }) => ({
        id: `${one.file} (${compiler.command.join(" ")})`,
        group: `${compiler.command.join(" ")}, ${order}`,
        place,
        ...judgedFinding(judged),
      }));
    }),
    problems: files.flatMap((one) => (one.kind === "refused" ? [problemOf(one.file, one.error)] : [])),
    seconds,
    ...(interrupted && { endedEarly: "interrupted" as const }),
    notes: [],
  };
}

/** Whether what each barrier prevents was seen without it: a finding for each mutant and compiler. */
export function litmusMutantResults(summary: MutantSummary): Results {
  const { results, refused, seconds, interrupted, unchanged, undecided, notRun } = summary;
  return {
    command: "litmus --run --mutants",
    title: "Litmus mutants on this processor",
    findings: results.map(({ file, mutant, compiler, judged, shown }) => {
      const found = judgedFinding(judged);
      const seen = shown > 0;
      return {
        ...found,
        id: `${file}: ${mutant.name} (${compiler.command.join(" ")})`,
        group: `${compiler.command.join(" ")}, ${summary.order}`,
        place: placeOf(file),
        outcome: found.outcome === "pass" && !seen ? "open" : found.outcome,
        verdict: seen ? "seen" : "never seen",
      };
    }),
    problems: refused.map(({ file, error }) => problemOf(file, error)),
    seconds,
    ...(interrupted && { endedEarly: "interrupted" as const }),
    notes: [
      ...(unchanged > 0 ? [`${unchanged} mutants have no new outcome under ${summary.order}.`] : []),
      ...(undecided > 0 ? [`${undecided} mutants are not decided.`] : []),
      ...(notRun > 0 ? [`${notRun} mutants were not run.`] : []),
    ],
  };
}

const OUTCOMES: Readonly<Record<Judged["verdict"], Outcome>> = {
  ok: "pass",
  violated: "fail",
  crashed: "fail",
  hung: "fail",
  undecided: "open",
  stopped: "undecided",
};

function judgedFinding(
  judged: Judged,
): Pick<Finding, "outcome" | "verdict" | "reason" | "detail" | "seconds"> {
  const { verdict, reason, outcomes, seconds, rounds } = judged;
  const outcome = OUTCOMES[verdict];
  const table = outcomes.map(
    ({ outcome: end, machine, count }) =>
      `${String(count).padStart(12)}  ${machine.padEnd(10)} ${endOf(end)}`,
  );
  return {
    outcome,
    verdict,
    ...(reason !== undefined && { reason }),
    ...(outcome !== "pass" && { detail: [`${rounds} rounds`, ...table].join("\n") }),
    seconds,
  };
}

function endOf(end: End): string {
  return Object.entries(end)
    .map(([place, value]) => `${place}=${value};`)
    .join(" ");
}

function placeOf(file: string, error?: Refusal): Place {
  return { file: resolve(file), ...(error?.position ?? { line: 1 }) };
}

function problemOf(file: string, error: Refusal): Problem {
  return {
    message: error.message,
    place: placeOf(file, error),
    ...(error.hint !== undefined && { hint: error.hint }),
  };
}
