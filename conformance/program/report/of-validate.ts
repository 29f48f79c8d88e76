import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Trace } from "../../../spec/tlc/output/trace.js";
import { traceSequence } from "../counterexample/trace-sequence.js";
import type { GuaranteeReport } from "../validation/guarantee-report.js";
import { showGuarantee } from "../validation/guarantee-report.js";
import { type StepsReport, showSteps, titleOf } from "../validation/steps-report.js";
import { breachOf, recordedOf } from "./recorded.js";
import type { Finding, Outcome, Results, Run } from "./results.js";
import { statesOf } from "./trace-states.js";

const STEPS: Readonly<Record<StepsReport["results"][number]["verdict"], Outcome>> = {
  explained: "pass",
  rejected: "fail",
  inconclusive: "open",
};

const GUARANTEE: Readonly<Record<GuaranteeReport["results"][number]["verdict"], Outcome>> = {
  kept: "pass",
  broken: "fail",
  inconclusive: "open",
};

/** Whether recorded runs are behaviours of a specification: a finding for each recording. */
export function stepsResults(report: StepsReport): Results {
  return {
    ...common(report),
    findings: report.results.map((one, i): Finding => {
      const outcome = STEPS[one.verdict];
      const explanation = report.explanations.get(i);
      return {
        id: titleOf(one),
        group: report.claim,
        outcome: outcome === "open" && report.endedEarly !== undefined ? "undecided" : outcome,
        verdict: one.verdict,
        declared: "explained",
        place: { file: resolve(one.file) },
        ...(one.reason !== undefined && { reason: one.reason }),
        ...(outcome === "fail" && {
          detail: stripVTControlCharacters(
            showSteps(
              { ...report, results: [one], explanations: new Map(explanation && [[0, explanation]]) },
              false,
            ),
          ),
        }),
        ...(outcome === "fail" && { recorded: recordedOf(one, explanation) }),
        ...(explanation?.trace && { run: runOf(explanation.trace, report) }),
        seconds: 0,
      };
    }),
  };
}

/** How the specification got to where the recording can't be explained any further. */
function runOf(trace: Trace, { lanes }: StepsReport): Run {
  const ending = { broken: "here the recording can't be explained any further" };
  return { sequence: traceSequence(trace, lanes, ending), states: statesOf(trace) };
}

/** Whether histories keep the promise of RCU: a finding for each. */
export function guaranteeResults(report: GuaranteeReport): Results {
  return {
    ...common(report),
    findings: report.results.map(
      (one): Finding => ({
        id: titleOf(one),
        group: "the promise of RCU",
        outcome: GUARANTEE[one.verdict],
        verdict: one.verdict,
        declared: "kept",
        place: { file: resolve(one.file) },
        ...(one.verdict === "broken" && one.breaches[0] && { recorded: breachOf(one, one.breaches[0]) }),
        ...(one.verdict !== "kept" && {
          detail: stripVTControlCharacters(showGuarantee({ ...report, results: [one] })),
        }),
        seconds: 0,
      }),
    ),
  };
}

function common({ seconds, endedEarly }: StepsReport | GuaranteeReport): Omit<Results, "findings"> {
  return {
    command: "validate",
    title: "Recordings",
    problems: [],
    seconds,
    ...(endedEarly !== undefined && { endedEarly }),
    notes: [],
  };
}
