import { readConfig } from "../../../spec/tlc/claim/config.js";
import { violatedIn } from "../../../spec/tlc/decide/verdict.js";
import type { SpecProblem } from "../../../spec/tlc/output/problems.js";
import { printedBy } from "./printed.js";
import type { CheckRow, CheckSummary } from "./run.js";
import { placeJson, traceJson } from "./trace-json.js";

/** What a check has found, for a machine, documented by cli/schema/check.schema.json. */
export function checkJson(summary: CheckSummary): object {
  return { ...summaryJson(summary), claims: summary.rows.map(claimJson) };
}

/** All but the claims themselves. */
export function summaryJson(summary: CheckSummary): object {
  const { rows, endedEarly } = summary;
  return {
    asDeclared: summary.asDeclared,
    interrupted: endedEarly !== undefined,
    ...(endedEarly && {
      endedBy: endedEarly,
      undecided: rows.filter(({ verdict }) => verdict === "undecided").length,
    }),
    seconds: summary.seconds,
    tlc: summary.tlc,
    problems: summary.problems.map(({ file, line, column, message, hint }) => ({
      file,
      line,
      column,
      message,
      hint,
    })),
    written: summary.written,
    leftOut: summary.leftOut,
    settings: summary.settings,
    notLookedAt: summary.notLookedAt,
    translations: summary.translations,
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
  };
}

/** A claim: what is declared, what was found, and all that TLC said about it. */
export function claimJson(row: CheckRow): object {
  const { claim, result } = row;
  const report = result?.report;
  return {
    id: claim.id,
    verdict: row.verdict,
    declared: claim.declared.verdict,
    violates: claim.declared.violates,
    declaredStates: claim.declared.states,
    asDeclared: row.asDeclared,
    states: row.states,
    generated: report?.statistics?.generated,
    depth: report?.statistics?.depth,
    seconds: row.seconds,
    fromCache: row.fromCache,
    reason: row.reason,
    sentence: claim.sentence,
    source: claim.source,
    file: claim.file,
    line: claim.line,
    module: claim.module,
    stubs: result?.stubs,
    javaNotRun: result?.java,
    ...foundJson(row),
    ...(report !== undefined && report.errors.length > 0 && { errors: report.errors.map(problemJson) }),
    ...(report?.trace && { trace: traceJson(report.trace) }),
    ...(report && printedJson(printedBy(report))),
  };
}

/** What TLC found violated; nothing where it gave no verdict. */
function foundJson({ claim, verdict, result }: CheckRow): object {
  const report = verdict === "violated" || verdict === "allowed" ? result?.report : undefined;
  const violation = report && violatedIn(readConfig(claim.config), report);
  if (violation === undefined) return {};
  const { kind, name, message, location } = violation;
  return {
    violated: {
      kind,
      property: name,
      message,
      ...(location && { location: placeJson(location) }),
    },
  };
}

function problemJson({ kind, message, location, context = [] }: SpecProblem): object {
  return {
    kind,
    message,
    ...(location && { location: placeJson(location) }),
    ...(context.length > 0 && { context: context.map(placeJson) }),
  };
}

/** The most characters of what a claim printed that are in the JSON. */
const MOST_PRINTED = 100_000;

function printedJson({ values, leftOut }: ReturnType<typeof printedBy>): object {
  let length = 0;
  const kept = values.filter((value) => {
    length += value.length;
    return length <= MOST_PRINTED;
  });
  const more = leftOut + values.length - kept.length;
  return { ...(kept.length > 0 && { printed: kept }), ...(more > 0 && { printedLeftOut: more }) };
}
