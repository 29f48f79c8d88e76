import { basename } from "node:path";
import { colour } from "../base/terminal.js";
import type { DecidedClaim, MutantRow, MutantRows, Suite } from "./matrix.js";

/** The matrix, mutants by suites: where replay saw each, and the result of the claim about the same change. */
export function showMatrix({ rows, untried }: MutantRows): string {
  if (rows.length === 0) return untriedLine(untried);
  const width = Math.max(...rows.map(({ name }) => name.length));
  const targetWidth = Math.max(...rows.map(({ target }) => target.length)) + 2;
  const seen = rows.map(({ failure, plan, others }) =>
    failure
      ? `path ${failure.path + 1} of ${basename(plan ?? "")}, step ${failure.move + 1} ${failure.step}: ${failure.kind}` +
        `${others === undefined ? "" : ", on a busy machine"}`
      : "",
  );
  const seenWidth = Math.max(12, ...seen.map((text) => text.length));
  const head = `${"".padEnd(targetWidth + width + 4)}${"replay".padEnd(seenWidth + 2)}claim, or test`;
  const lines = rows.map((row, i) => {
    const replayed = row.declared === "replay" ? (seen[i] ?? "") || "SURVIVED" : "can't see it";
    const claim = row.claim ? `${row.claim.id} ${verdictOf(row.claim)}` : "-";
    const other = row.test ? `"${row.test.test}" ${row.test.failed ? "fails" : "PASSES"}` : claim;
    const open = row.others === undefined ? colour.red("✗") : colour.yellow("?");
    const mark = row.killedBy === null ? open : " ";
    return `${mark} ${row.target.padEnd(targetWidth)}${row.name.padEnd(width + 2)}${replayed.padEnd(seenWidth + 2)}${other}`.trimEnd();
  });
  const uncertain = rows.filter(({ killedBy, others }) => killedBy === null && others !== undefined);
  const note =
    uncertain.length === 0
      ? []
      : ["", "? seemed to hang, and may only have waited for the processors: try when the machine is idle."];
  const rest = untried.length === 0 ? [] : ["", untriedLine(untried)];
  return [...summary(rows), "", head, ...lines, ...note, ...rest].join("\n");
}

/** How many mutants nothing is known of, for a run that was ended early. */
export function untriedLine(untried: readonly MutantRow[]): string {
  return `Ended early: ${untried.length} mutants have not been tried.`;
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
  return rows.map(({ target, name, changes, declared, failure, plan, test, claim, killedBy, others }) => ({
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
    others: others ?? null,
  }));
}
