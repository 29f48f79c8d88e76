import { CompileError, MutantError, RecordError } from "../../../native/js/errors.js";
import { Interrupted } from "../../../spec/tlc/base/errors.js";
import { type Row, UNCHANGED } from "./rows.js";
import { fileOf, keepResult, NOTHING_TO_DO, type Result, readResult } from "./store.js";
import { type Outcome, open, type Part, type Suite, type SuiteContext } from "./suite.js";

/** What each suite makes of one mutant. */
export interface MatrixRow {
  readonly of: string;
  readonly name: string;
  readonly changes: string;
  /** By the name of the suite, of those that have something to do with it and were run. */
  readonly results: Readonly<Record<string, Result>>;
  /** Suites that have something to do with it and were not run. */
  readonly notRun: readonly string[];
}

/** All suites on all mutants, and whether that is all that was asked for. */
export interface SuiteMatrix {
  readonly suites: readonly string[];
  readonly rows: readonly MatrixRow[];
  readonly interrupted: boolean;
  /** What ended it, where that is no interrupt. */
  readonly error?: unknown;
}

export interface MatrixOptions extends SuiteContext {
  readonly suites: readonly Suite[];
  /** Each suite has so long for each mutant; what it has not found by then is open. */
  readonly limitMs: number;
  /** Does a result that was kept count? */
  readonly cache: boolean;
  /** Is nothing run, and only told what was kept? */
  readonly kept: boolean;
}

const NOT_RUN = "not run";

/** Runs suites on the mutants that they have something to do with. Interrupted, or when this machine lacks something, it has what was found until then. */
export async function suiteMatrix(rows: readonly Row[], options: MatrixOptions): Promise<SuiteMatrix> {
  const { suites, signal, progress } = options;
  const names = suites.map(({ name }) => name);
  const done: MatrixRow[] = [];
  let error: unknown;
  for (const [number, row] of rows.entries()) {
    const parts = suites.flatMap((suite) => {
      const part = suite.part(row);
      return part === undefined ? [] : [{ suite, part }];
    });
    if (parts.length === 0) continue;
    const results: Record<string, Result> = {};
    const notRun: string[] = [];
    for (const { suite, part } of parts) {
      if (signal.aborted || error !== undefined) {
        notRun.push(suite.name);
        continue;
      }
      const line = `Mutants   ${number} of ${rows.length}   ${row.of} ${row.name}   ${suite.name}`;
      progress.update([line], line);
      try {
        const result = await resultOf(row, suite, part, options);
        if (result === NOT_RUN) notRun.push(suite.name);
        else if (result !== NOTHING_TO_DO) results[suite.name] = result;
      } catch (thrown) {
        notRun.push(suite.name);
        if (!(thrown instanceof Interrupted) && !signal.aborted) error = thrown;
      }
    }
    done.push({ of: row.of, name: row.name, changes: row.changes, results, notRun });
  }
  progress.done();
  const interrupted = done.some(({ notRun }) => notRun.length > 0);
  return { suites: names, rows: done, interrupted, ...(error !== undefined && { error }) };
}

async function resultOf(
  row: Row,
  suite: Suite,
  part: Part,
  options: MatrixOptions,
): Promise<Result | typeof NOTHING_TO_DO | typeof NOT_RUN> {
  const { limitMs, cache, signal } = options;
  const file = await fileOf(row, suite, part, options);
  const kept = cache ? await readResult(file) : undefined;
  if (kept !== undefined) return kept;
  if (options.kept) return NOT_RUN;
  const limit = AbortSignal.timeout(limitMs);
  const started = performance.now();
  const outcome = await within(
    { ...options, signal: AbortSignal.any([signal, limit]) },
    limit,
    part,
    limitMs,
  );
  if (signal.aborted) throw new Interrupted();
  const seconds = (performance.now() - started) / 1000;
  const day = new Date().toISOString().slice(0, 10);
  const result = outcome === undefined ? undefined : { ...outcome, seconds, day };
  await keepResult(file, result);
  return result ?? NOTHING_TO_DO;
}

/** What a suite finds within its time. A mutant that can't be compiled is not known to be noticed by it. */
async function within(
  context: SuiteContext,
  limit: AbortSignal,
  part: Part,
  limitMs: number,
): Promise<Outcome | undefined> {
  try {
    const outcome = await part.run(context);
    return limit.aborted && outcome?.verdict !== "killed" ? late(limitMs) : outcome;
  } catch (error) {
    if (limit.aborted) return late(limitMs);
    if (error instanceof CompileError || error instanceof MutantError || error instanceof RecordError)
      return open(error.message.split("\n")[0] ?? "");
    throw error;
  }
}

const late = (limitMs: number): Outcome => open(`not decided within ${limitMs / 1000} s`);

/** Whether it changes nothing: then no suite may kill it. */
export const isUnchanged = ({ name }: Pick<MatrixRow, "name">): boolean => name === UNCHANGED;

/** The suites that kill it. */
export function killersOf({ results }: Pick<MatrixRow, "results">): string[] {
  return Object.keys(results).filter((suite) => results[suite]?.verdict === "killed");
}

/**
 * Whether a row is as it must be: what changes nothing is killed by no suite, each other by one. A litmus test's barrier
 * may be one that the machine never needs.
 */
export function isRight(row: MatrixRow): boolean {
  return isUnchanged(row) ? killersOf(row).length === 0 : killersOf(row).length > 0 || isNeedless(row);
}

/** A barrier of a litmus test without which even the weakest machine allows nothing more. */
export function isNeedless({ of, results }: MatrixRow): boolean {
  return (
    of === "litmus" && results["machine"]?.verdict === "missed" && results["litmus"]?.verdict !== "killed"
  );
}
