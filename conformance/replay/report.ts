import { colour } from "../cli/terminal.js";
import { REPLAYED_CLAIM } from "../plan/build.js";
import type { StoredPlan } from "../plan/store.js";
import type { TargetResult } from "./conform.js";
import type { MutantRow, Suite } from "./matrix.js";
import { showReplayFailure } from "./show.js";

const count = (n: number): string => n.toLocaleString("en-US");

/** How each implementation followed the specification, for a person. */
export function showConformance({ plan, report }: StoredPlan, results: readonly TargetResult[]): string {
  const lines = [
    `${colour.bold("Conformance")} with ${REPLAYED_CLAIM}   ${count(report.states)} states, ${count(report.edges)} edges`,
    `  paths    ${count(report.paths)} take ${report.coverage === 1 ? "every edge" : `${(report.coverage * 100).toFixed(1)} % of the edges`}` +
      ` in ${count(report.steps)} steps   lower bound ${count(report.lowerBound)}`,
  ];
  for (const { target, result, stepsPerSecond, conforms } of results) {
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

/** The matrix, mutant by suite: where replay saw it, and what the claim about the same change came to. */
export function showMatrix(rows: readonly MutantRow[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const seen = rows.map(({ failure }) =>
    failure ? `path ${failure.path + 1}, step ${failure.move + 1} ${failure.step}: ${failure.kind}` : "",
  );
  const seenWidth = Math.max(12, ...seen.map((text) => text.length));
  const head = `${"".padEnd(width + 12)}${"replay".padEnd(seenWidth + 2)}claim, or test`;
  const lines = rows.map((row, i) => {
    const replayed = row.declared === "replay" ? (seen[i] ?? "") || "SURVIVED" : "can't see it";
    const claim = row.claim ? `${row.claim.id} ${row.claim.violated ? "violated" : "NOT AS DECLARED"}` : "-";
    const other = row.test ? `"${row.test.test}" ${row.test.failed ? "fails" : "PASSES"}` : claim;
    const mark = row.killedBy === null ? colour.red("✗") : " ";
    return `${mark} ${row.target.padEnd(8)}${row.name.padEnd(width + 2)}${replayed.padEnd(seenWidth + 2)}${other}`.trimEnd();
  });
  return [...summary(rows), "", head, ...lines].join("\n");
}

function summary(rows: readonly MutantRow[]): string[] {
  const targets = [...new Set(rows.map(({ target }) => target))];
  return targets.map((target) => {
    const own = rows.filter((row) => row.target === target);
    const of = (suite: Suite) => own.filter(({ declared }) => declared === suite);
    const killed = (suite: Suite) => of(suite).filter(({ killedBy }) => killedBy === suite).length;
    return [
      `${colour.bold(`Mutants of ${target}`)}   replay kills ${killed("replay")} of ${of("replay").length}`,
      ...(of("test").length > 0 ? [`tests ${killed("test")} of ${of("test").length} that it can't see`] : []),
      ...(of("claim").length > 0
        ? [`only weak memory shows ${of("claim").length} more: claims catch ${killed("claim")}`]
        : []),
    ].join("   ");
  });
}

/** The documented form of `conform --json` (cli/schema/conform.schema.json). */
export function conformJson(
  { plan, report, sha256 }: StoredPlan,
  results: readonly TargetResult[],
  matrix: readonly MutantRow[],
): unknown {
  return {
    spec: plan.spec,
    claim: REPLAYED_CLAIM,
    planSha256: sha256,
    report,
    targets: results.map(({ target, result, stepsPerSecond, conforms }) => ({
      target,
      conforms,
      stepsPerSecond,
      ...result,
    })),
    mutants: matrix.map(({ target, name, changes, declared, failure, test, claim, killedBy }) => ({
      name,
      target,
      changes,
      declared,
      killedBy,
      claim: claim?.id ?? null,
      claimViolated: claim?.violated ?? null,
      test: test?.test ?? null,
      testFailed: test?.failed ?? null,
      failure: failure ?? null,
    })),
  };
}
