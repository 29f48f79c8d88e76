import { CompileError, MutantError, RecordError } from "../../../native/js/errors.js";
import { Interrupted } from "../../../spec/tlc/base/errors.js";
import { watchOthers } from "../../base/others.js";
import { type Row, UNCHANGED } from "./rows.js";
import { fileOf, isBusyMiss, keepResult, NOTHING_TO_DO, type Result, readResult } from "./store.js";
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
  /** A result that counts, whatever has changed since: what needn't be run. */
  readonly known?: (row: Row, suite: Suite) => Result | undefined;
  /** Seconds that a suite takes for a mutant, about, by its name. */
  readonly costs?: ReadonlyMap<string, number>;
}

/** A suite's work on a row. */
interface Cell {
  readonly at: number;
  readonly suite: Suite;
  readonly part: Part;
}

/**
 * Runs suites on the mutants that they have something to do with: the cheapest suite first, so that a run with little
 * time gets far, and last of all what an earlier run has missed on a busy machine. Interrupted, at its time limit, or
 * when this machine lacks something, it has what was found until then.
 */
export async function suiteMatrix(rows: readonly Row[], options: MatrixOptions): Promise<SuiteMatrix> {
  const { suites, signal, progress, costs } = options;
  const cost = ({ name }: Suite): number => costs?.get(name) ?? Number.POSITIVE_INFINITY;
  const inOrder = suites.toSorted((a, b) => (cost(a) === cost(b) ? 0 : cost(a) - cost(b)));
  const cells = inOrder.flatMap((suite) =>
    rows.flatMap((row, at): Cell[] => {
      const part = suite.part(row);
      return part === undefined ? [] : [{ at, suite, part }];
    }),
  );
  const found = new Map<Cell, Result | typeof NOTHING_TO_DO>();
  const again: Cell[] = [];
  // Whatever ends the run, what was known before it is.
  for (const cell of cells) {
    const known = options.known?.(rows[cell.at] as Row, cell.suite);
    if (known === undefined) continue;
    found.set(cell, known);
    if (isBusyMiss(known) && !options.kept) again.push(cell);
  }
  const unknown = cells.filter((cell) => !found.has(cell));
  let error: unknown;
  let number = 0;
  const run = async (cell: Cell, isAgain: boolean): Promise<void> => {
    if (signal.aborted || error !== undefined) return;
    const row = rows[cell.at] as Row;
    const line = `Mutants   ${number} of ${unknown.length}   ${row.of} ${row.name}   ${cell.suite.name}`;
    progress.update([line], line);
    try {
      const { result, mayBeSeen } = await resultOf(row, cell, options, isAgain);
      if (result !== undefined) found.set(cell, result);
      if (mayBeSeen) again.push(cell);
    } catch (thrown) {
      if (!(thrown instanceof Interrupted) && !signal.aborted) error = thrown;
    }
  };
  for (const cell of unknown) {
    await run(cell, false);
    number++;
  }
  for (const cell of again) await run(cell, true);
  progress.done();
  const done = rows.flatMap(({ of, name, changes }, at): MatrixRow[] => {
    const own = suites.flatMap((suite) => cells.filter((cell) => cell.at === at && cell.suite === suite));
    if (own.length === 0) return [];
    const results = own.flatMap((cell) => {
      const result = found.get(cell);
      return result === undefined || result === NOTHING_TO_DO ? [] : [[cell.suite.name, result] as const];
    });
    const notRun = own.filter((cell) => !found.has(cell)).map(({ suite }) => suite.name);
    return [{ of, name, changes, results: Object.fromEntries(results), notRun }];
  });
  const interrupted = done.some(({ notRun }) => notRun.length > 0);
  const names = suites.map(({ name }) => name);
  return { suites: names, rows: done, interrupted, ...(error !== undefined && { error }) };
}

/** A cell's result, and whether a quiet machine may show more than what was kept of a busy one. */
interface Found {
  readonly result: Result | typeof NOTHING_TO_DO | undefined;
  readonly mayBeSeen?: boolean;
}

async function resultOf(
  row: Row,
  { suite, part }: Cell,
  options: MatrixOptions,
  isAgain: boolean,
): Promise<Found> {
  const { limitMs, cache, signal } = options;
  const file = await fileOf(row, suite, part, options);
  const kept = cache && !isAgain ? await readResult(file) : undefined;
  if (kept !== undefined)
    return { result: kept, mayBeSeen: kept !== NOTHING_TO_DO && isBusyMiss(kept) && !options.kept };
  if (options.kept) return { result: undefined };
  const limit = AbortSignal.timeout(limitMs);
  const started = performance.now();
  const others = watchOthers();
  const outcome = await within(
    { ...options, signal: AbortSignal.any([signal, limit]) },
    limit,
    part,
    limitMs,
  );
  if (signal.aborted) throw new Interrupted();
  const seconds = (performance.now() - started) / 1000;
  const day = new Date().toISOString().slice(0, 10);
  const share = suite.timed && outcome?.verdict === "missed" ? others() : undefined;
  const result =
    outcome === undefined
      ? undefined
      : { ...outcome, seconds, day, ...(share !== undefined && { others: Math.round(share * 100) / 100 }) };
  await keepResult(file, result);
  return { result: result ?? NOTHING_TO_DO };
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
