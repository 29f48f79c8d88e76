import type { CheckSummary } from "../check/run.js";
import type { Reporter } from "./reporter.js";

/** For a machine: one JSON value, documented by cli/schema/check.schema.json. */
export const json: Reporter = {
  name: "json",
  async report(summary) {
    return `${JSON.stringify(toJson(summary), null, 2)}\n`;
  },
};

function toJson(summary: CheckSummary): unknown {
  return {
    asDeclared: summary.asDeclared,
    seconds: summary.seconds,
    tlc: summary.tlc,
    vacuity: summary.vacuity.map(({ kind, claim, name, location }) => ({
      kind,
      name,
      claims: claim.file,
      ...(location && {
        file: location.file,
        module: location.module,
        line: location.line,
        column: location.column,
      }),
    })),
    claims: summary.rows.map((row) => ({
      id: row.claim.id,
      verdict: row.verdict,
      declared: row.claim.declared.verdict,
      violates: row.claim.declared.violates,
      asDeclared: row.asDeclared,
      states: row.states,
      seconds: row.seconds,
      fromCache: row.fromCache,
      reason: row.reason,
      sentence: row.claim.sentence,
      source: row.claim.source,
      file: row.claim.file,
      line: row.claim.line,
    })),
  };
}
