import { colour } from "../base/terminal.js";
import type { StoredPlan } from "../plan/store.js";
import type { Conformance } from "./conform.js";
import { showReplayFailure } from "./show.js";

const count = (n: number): string => n.toLocaleString("en-US");

/** How each implementation followed the specification, for a person. */
export function showConformance(conformed: readonly Conformance[]): string {
  return conformed.map(showOne).join("\n");
}

function showOne({ stored: { claim, plan, report }, targets }: Conformance): string {
  const lines = [
    `${colour.bold("Conformance")} with ${claim}   ${count(report.states)} states, ${count(report.edges)} edges`,
    `  paths    ${count(report.paths)} take ${report.coverage === 1 ? "every edge" : `${(report.coverage * 100).toFixed(1)} % of the edges`}` +
      ` in ${count(report.steps)} steps   lower bound ${count(report.lowerBound)}`,
  ];
  for (const { target, result, stepsPerSecond, conforms } of targets) {
    const { failure } = result;
    lines.push(
      `  ${target.padEnd(7)}  ${count(result.steps)} steps   ${count(stepsPerSecond)} a second   ` +
        `${count(result.probes)} probes of a sleeping thread, ${conforms ? "all blocked" : "until it failed"}`,
    );
    if (failure)
      lines.push(`  ${colour.red("✗")} ${showReplayFailure(failure, plan).replace(/\n/g, "\n    ")}`);
    else if (!conforms)
      lines.push(
        `  ${colour.red("✗")} only ${count(result.paths)} of ${count(report.paths)} paths were followed`,
      );
  }
  return lines.join("\n");
}

/** The documented form of `conform --json` (program/cli/schema/conform.schema.json). */
export function conformJson(conformed: readonly Conformance[], mutants: readonly unknown[] = []): unknown {
  return {
    spec: conformed[0]?.stored.plan.spec,
    plans: conformed.map(({ stored: { claim, sha256, report }, targets }) => ({
      claim,
      planSha256: sha256,
      report,
      targets: targets.map(({ target, result, stepsPerSecond, conforms }) => ({
        target,
        conforms,
        stepsPerSecond,
        ...result,
      })),
    })),
    mutants,
  };
}

/** Plans that no implementation has followed: the matrix of mutants has none of their results. */
export function notConformed(plans: readonly StoredPlan[]): Conformance[] {
  return plans.map((stored) => ({ stored, targets: [] }));
}
