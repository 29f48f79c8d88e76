import { colour } from "../base/terminal.js";
import type { StoredPlan } from "../plan/store.js";
import type { Conformance, TargetResult } from "./conform.js";
import { wholeTrail } from "./shorten.js";
import { showReplayFailure, trailDiagram } from "./show.js";

const count = (n: number): string => n.toLocaleString("en-US");

/** How each implementation followed the specification, for a person. */
export function showConformance(conformed: readonly Conformance[]): string {
  return conformed.map(showOne).join("\n");
}

function showOne({ stored: { claim, plan, report }, targets }: Conformance): string {
  return [
    `${colour.bold("Conformance")} with ${claim}   ${count(report.states)} states, ${count(report.edges)} edges`,
    report.edges === 0
      ? "  paths    none, since the specification takes no step"
      : `  paths    ${count(report.paths)} take ${report.coverage === 1 ? "every edge" : `${(report.coverage * 100).toFixed(1)} % of the edges`}` +
        ` in ${count(report.steps)} steps${report.coverage === 1 ? `   lower bound ${count(report.lowerBound)}` : ""}`,
    ...targets.flatMap((target) => showTarget(target, plan)),
  ].join("\n");
}

function showTarget(
  { target, result, stepsPerSecond, verdict, why, trail }: TargetResult,
  plan: StoredPlan["plan"],
): string[] {
  if (verdict === "not run")
    return [`  ${target}`, `  ${colour.yellow("-")} not run: ${why?.replace(/\n/g, "\n    ")}`];
  const { failure, left = 0, taken = 0, declined = 0, untaken = 0, unseen = [] } = result;
  const total = plan.paths.length;
  const probes =
    result.probes === 0
      ? ""
      : `   ${count(result.probes)} times asked for what isn't allowed, ${failure ? "until it failed" : "in vain each time"}`;
  const lines = [
    `  ${target.padEnd(7)}  ${count(result.steps)} steps   ${count(stepsPerSecond)} a second${probes}`,
  ];
  if (result.wandered !== undefined)
    lines.push(`           ${count(result.wandered)} steps more on walks beyond the paths`);
  if (unseen.length > 0)
    lines.push(`           not compared, since the driver doesn't show them: ${unseen.join(", ")}`);
  if (failure)
    lines.push(`  ${colour.red("✗")} ${showReplayFailure(failure, plan, 1, trail).replace(/\n/g, "\n    ")}`);
  else if (verdict === "inconclusive")
    lines.push(
      `  ${colour.yellow("?")} inconclusive: ${count(result.paths)} of ${count(total)} paths were followed${
        result.interrupted
          ? " before it was ended"
          : why !== undefined
            ? `, but ${why}`
            : untaken > 0
              ? `, and ${count(untaken)} edges by none`
              : ""
      }`,
    );
  else
    lines.push(
      `  ${colour.green("✓")} conforms${
        left > 0
          ? ` along ${count(taken)} of ${count(plan.edges.length)} edges; the others lie behind ${count(declined)} choices that it did not make`
          : ""
      }`,
    );
  return lines;
}

/** The documented form of `conform --json` (program/cli/schema/conform.schema.json). */
export function conformJson(
  conformed: readonly Conformance[],
  mutants: readonly unknown[] = [],
  aborted = false,
): unknown {
  const interrupted =
    aborted || conformed.some(({ targets }) => targets.some(({ result }) => result.interrupted));
  return {
    interrupted,
    plans: conformed.map(({ stored: { claim, sha256, report, plan }, targets }) => ({
      claim,
      planSha256: sha256,
      report,
      targets: targets.map(({ target, result, stepsPerSecond, verdict, why, trail }) => ({
        target,
        verdict,
        ...(why !== undefined && { why }),
        stepsPerSecond,
        ...result,
        ...(result.failure && { diagram: trailDiagram(plan, trail ?? wholeTrail(plan, result.failure)) }),
      })),
    })),
    mutants,
  };
}

/** Plans that no implementation has followed: the matrix of mutants has none of their results. */
export function notConformed(plans: readonly StoredPlan[]): Conformance[] {
  return plans.map((stored) => ({ stored, targets: [] }));
}
