import type { StoredPlan } from "../../plan/store.js";
import type { Conformance, TargetResult } from "../../replay/conform.js";
import { wholeTrail } from "../../replay/shorten.js";
import { showReplayFailure, trailDiagram } from "../../replay/show.js";
import type { Finding, Outcome, Results } from "./results.js";

const OUTCOMES: Readonly<Record<TargetResult["verdict"], Outcome>> = {
  conforms: "pass",
  fails: "fail",
  inconclusive: "open",
  "not run": "skipped",
};

/** How implementations follow their specifications: a finding for each of them on each plan. */
export function conformResults(
  conformed: readonly Conformance[],
  { seconds, interrupted }: { readonly seconds: number; readonly interrupted: boolean },
): Results {
  return {
    command: "conform",
    title: "Conformance",
    findings: conformed.flatMap(({ stored, targets }) =>
      targets.map((one) => targetFinding(stored, one, interrupted)),
    ),
    problems: [],
    seconds,
    ...(interrupted && { endedEarly: "interrupted" as const }),
    notes: [],
  };
}

function targetFinding(
  { claim, plan, report }: StoredPlan,
  { target, verdict, why, result, trail, stepsPerSecond }: TargetResult,
  interrupted: boolean,
): Finding {
  const { failure } = result;
  const outcome = OUTCOMES[verdict];
  return {
    id: `${claim}, ${target}`,
    group: claim,
    sentence: `${target} follows ${claim}`,
    outcome: outcome === "open" && interrupted ? "undecided" : outcome,
    verdict: failure === undefined ? verdict : `${verdict}: ${failure.kind}`,
    ...(failure !== undefined && {
      reason: failure.message,
      detail: [
        showReplayFailure(failure, plan, 1, trail),
        trailDiagram(plan, trail ?? wholeTrail(plan, failure)),
      ].join("\n\n"),
    }),
    ...(failure === undefined && why !== undefined && { reason: why }),
    seconds: stepsPerSecond > 0 ? result.steps / stepsPerSecond : 0,
    states: report.states,
  };
}
