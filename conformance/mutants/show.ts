import { basename } from "node:path";
import { colour } from "../base/terminal.js";
import type { DecidedClaim, MutantRow, Suite } from "./matrix.js";

/** The matrix, mutants by suites: where replay saw each, and the result of the claim about the same change. */
export function showMatrix(rows: readonly MutantRow[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const seen = rows.map(({ failure, plan }) =>
    failure
      ? `path ${failure.path + 1} of ${basename(plan ?? "")}, step ${failure.move + 1} ${failure.step}: ${failure.kind}`
      : "",
  );
  const seenWidth = Math.max(12, ...seen.map((text) => text.length));
  const head = `${"".padEnd(width + 12)}${"replay".padEnd(seenWidth + 2)}claim, or test`;
  const lines = rows.map((row, i) => {
    const replayed = row.declared === "replay" ? (seen[i] ?? "") || "SURVIVED" : "can't see it";
    const claim = row.claim ? `${row.claim.id} ${verdictOf(row.claim)}` : "-";
    const other = row.test ? `"${row.test.test}" ${row.test.failed ? "fails" : "PASSES"}` : claim;
    const mark = row.killedBy === null ? colour.red("✗") : " ";
    return `${mark} ${row.target.padEnd(8)}${row.name.padEnd(width + 2)}${replayed.padEnd(seenWidth + 2)}${other}`.trimEnd();
  });
  return [...summary(rows), "", head, ...lines].join("\n");
}

/** A claim that only shares a mutant's name may well hold: the specification needs less than the implementation. */
function verdictOf({ violated, asDeclared }: DecidedClaim): string {
  return violated ? "violated" : asDeclared ? "holds" : "NOT AS DECLARED";
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

/** The rows as `conform --json` has them (program/cli/schema/conform.schema.json). */
export function mutantsJson(rows: readonly MutantRow[]): unknown[] {
  return rows.map(({ target, name, changes, declared, failure, plan, test, claim, killedBy }) => ({
    name,
    target,
    changes,
    declared,
    killedBy,
    claim: claim?.id ?? null,
    claimViolated: claim?.violated ?? null,
    claimAsDeclared: claim?.asDeclared ?? null,
    test: test?.test ?? null,
    testFailed: test?.failed ?? null,
    failure: failure ?? null,
    plan: plan ?? null,
  }));
}
