import { basename, dirname } from "node:path";
import { inParallel } from "../../../spec/tlc/base/pool.js";
import { readConfig } from "../../../spec/tlc/claim/config.js";
import type { OutOfStep } from "../../../spec/tlc/decide/translations.js";
import type { Vacuity } from "../../../spec/tlc/decide/vacuity.js";
import { violatedIn } from "../../../spec/tlc/decide/verdict.js";
import type { ActionCount } from "../../../spec/tlc/output/coverage.js";
import type { SourceLocation } from "../../../spec/tlc/output/location.js";
import type { Trace } from "../../../spec/tlc/output/trace.js";
import { printChange } from "../../../spec/tlc/value/value-change.js";
import { commandFor } from "../../base/command.js";
import { cores } from "../../base/cores.js";
import { unlessInterrupted } from "../../base/interrupted.js";
import { type CheckRow, type CheckSummary, isFine } from "../check/run.js";
import { tell } from "../counterexample/counterexample.js";
import { explainClaim } from "../counterexample/explain-claim.js";
import { changesIn } from "../counterexample/trace-threads.js";
import type { ClaimGraph } from "./claim-graphs.js";
import { coverageTable } from "./coverage.js";
import type { Finding, Outcome, Place, Results, Step } from "./results.js";
import { statesOf } from "./trace-states.js";
import type { ActionTaken } from "./viewer/views.js";

/** Of so many of the claims that are violated otherwise than declared, the counterexample is told. */
const MOST_EXPLAINED = 20;

export interface CheckResultsOptions {
  readonly signal: AbortSignal;
  /** What never happens is a failure. */
  readonly strict: boolean;
  /** With a run to step through for every claim that is violated, as declared or not. */
  readonly runs?: boolean;
  /** The state graphs to explore. */
  readonly graphs?: ReadonlyMap<CheckRow, ClaimGraph>;
}

/** What a check has found. Counterexamples of the machine's models take another run of TLC each. */
export async function checkResults(
  summary: CheckSummary,
  { signal, strict, runs = false, graphs }: CheckResultsOptions,
): Promise<Results> {
  const told = new Set(
    summary.rows.filter((row) => !isFine(row) && isViolated(row)).slice(0, MOST_EXPLAINED),
  );
  const findings = await inParallel(summary.rows, cores(), async (row) =>
    withRun(
      {
        ...findingOf(row, told.has(row) ? await explained(row, summary, signal) : undefined),
        ...graphs?.get(row),
      },
      row,
      runs,
    ),
  );
  const coverage = coverageTable(findings);
  return {
    command: "check",
    title: "Claims",
    findings: strict
      ? [...findings, ...summary.vacuity.map(vacuous), ...summary.translations.map(outOfStep)]
      : findings,
    problems: summary.problems.map(({ file, line, column, message, hint }) => ({
      message,
      place: { file, line, column },
      ...(hint !== undefined && { hint }),
    })),
    seconds: summary.seconds,
    ...(summary.endedEarly && { endedEarly: summary.endedEarly }),
    notes: [
      ...(summary.leftOut > 0 ? [`${summary.leftOut} claims of the full set were left out.`] : []),
      ...summary.notLookedAt.map(({ path, reason }) => `Not looked at: ${path} (${reason}).`),
      ...(strict
        ? []
        : [
            ...summary.vacuity.map(({ kind, name, claim }) => `${name} is ${kind}, in ${claim.id}.`),
            ...summary.translations.map(({ file, line, why }) => `${file}:${line}: ${why}`),
          ]),
    ],
    ...(coverage && { tables: [coverage] }),
  };
}

/** With --strict, what never happens is a failure of its own. */
function vacuous({ kind, name, claim, location }: Vacuity): Finding {
  return {
    id: `${claim.id}: ${name}`,
    group: "vacuity",
    outcome: "fail",
    verdict: kind,
    reason: `${name} is ${kind}`,
    place: (location && placeOf(location)) ?? { file: claim.file, line: claim.line },
    seconds: 0,
  };
}

/** And so is an algorithm whose translation is another one's. */
function outOfStep({ file, line, why }: OutOfStep): Finding {
  return {
    id: `${file}:${line}`,
    group: "PlusCal",
    outcome: "fail",
    verdict: "out of step",
    reason: why,
    place: { file, line },
    seconds: 0,
  };
}

function isUndeclared({ claim }: CheckRow): boolean {
  return claim.declared.verdict === "undeclared";
}

function isViolated({ verdict }: CheckRow): boolean {
  return verdict === "violated" || verdict === "allowed";
}

async function explained(
  { result }: CheckRow,
  { tools }: CheckSummary,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (result === undefined || tools === undefined) return undefined;
  return unlessInterrupted(signal, () => explainClaim(result, tools, signal));
}

async function withRun(finding: Finding, row: CheckRow, wanted: boolean): Promise<Finding> {
  const trace = row.result?.report?.trace;
  if (!wanted || !isViolated(row) || row.result === undefined || trace === undefined) return finding;
  const told = await tell(row.result);
  if (told?.sequence === undefined) return finding;
  return { ...finding, run: { sequence: told.sequence, states: told.ofMachine ? [] : statesOf(trace) } };
}

/** A claim's row in the shape that all formats share. */
export function findingOf(row: CheckRow, detail?: string): Finding {
  const { claim, result, verdict } = row;
  const report = result?.report;
  const violation = report && isViolated(row) ? violatedIn(readConfig(claim.config), report) : undefined;
  const error = report?.errors.find(({ location }) => location?.file !== undefined)?.location;
  // What is false stands in one place; a run that breaks something does not.
  const stated = violation?.kind === "assumption" || violation?.kind === "assertion";
  const asMeant = isFine(row) && !isUndeclared(row);
  const at = error ?? (stated && !asMeant ? violation.location : undefined);
  const depth = report?.statistics?.depth;
  return {
    id: claim.id,
    group: groupOf(row),
    sentence: claim.sentence,
    outcome: outcomeOf(row),
    verdict,
    ...(!isUndeclared(row) && { declared: declaredOf(row) }),
    ...(violation?.name !== undefined && { violated: violation.name }),
    place: (at && placeOf(at)) ?? { file: claim.file, line: claim.line },
    ...(row.reason !== undefined && { reason: row.reason }),
    ...(detail !== undefined && { detail }),
    ...(report?.trace && isViolated(row) && !asMeant && { steps: stepsOf(report.trace) }),
    ...(isViolated(row) && { command: `${commandFor(claim)} --explain` }),
    seconds: row.seconds,
    states: row.states,
    ...(depth !== undefined && { depth }),
    ...(report?.actions && { actions: actionsOf(report.actions, claim.idle) }),
  };
}

/** An action that TLC takes apart counts as one. */
function actionsOf(actions: readonly ActionCount[], declared: readonly string[] = []): ActionTaken[] {
  const counts = new Map<string, ActionTaken>();
  for (const { name, location, taken } of actions) {
    const place = `${location.module}.tla:${location.line}`;
    const known = counts.get(`${name} ${place}`)?.taken ?? 0;
    const idle = declared.includes(name) && { idle: true as const };
    counts.set(`${name} ${place}`, { name, place, taken: known + taken, ...idle });
  }
  return [...counts.values()];
}

function outcomeOf(row: CheckRow): Outcome {
  if (row.verdict === "undecided") return "undecided";
  if (row.verdict === "inconclusive") return "open";
  if (isFine(row)) return isUndeclared(row) ? "found" : "pass";
  return "fail";
}

function declaredOf({ claim }: CheckRow): string {
  const { verdict, violates } = claim.declared;
  return violates === undefined ? verdict : `${verdict}: ${violates}`;
}

function groupOf({ claim }: CheckRow): string {
  const slash = claim.id.lastIndexOf("/");
  return slash < 0 ? basename(dirname(claim.file)) : claim.id.slice(0, slash);
}

/** The steps of a trace, the initial state first. */
export function stepsOf({ states }: Trace): Step[] {
  return states.map((after, i) => {
    const before = states[i - 1];
    const { action } = after;
    const place = action?.location && placeOf(action.location);
    return {
      action:
        action === undefined
          ? "initially"
          : action.context === undefined
            ? action.name
            : `${action.name}(${action.context})`,
      ...(place && { place }),
      changes: before === undefined ? [] : changesIn({ before, after }).map((change) => printChange(change)),
    };
  });
}

function placeOf({ file, line, column, endLine, endColumn }: SourceLocation): Place | undefined {
  if (file === undefined) return undefined;
  return {
    file,
    line,
    column,
    ...(endLine !== undefined && { endLine }),
    ...(endColumn !== undefined && { endColumn }),
  };
}
