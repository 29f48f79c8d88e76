import { isNeedless, isUnchanged, killersOf, type MatrixRow, type SuiteMatrix } from "./matrix.js";

/** What a suite does to all mutants. */
export interface SuiteTotal {
  readonly suite: string;
  readonly applies: number;
  readonly kills: number;
  readonly misses: number;
  readonly open: number;
  /** Mutants that no other suite kills. */
  readonly alone: number;
  /** Seconds to the kill: least, median and most. */
  readonly seconds: readonly [number, number, number] | undefined;
}

/** What is a mutant, and changes something. */
export function mutantsIn({ rows }: Pick<SuiteMatrix, "rows">): MatrixRow[] {
  return rows.filter((row) => !isUnchanged(row) && !isNeedless(row));
}

/** What a suite takes for a mutant, by its name: the median of the seconds that it has taken. */
export function costsOf(rows: readonly MatrixRow[]): Map<string, number> {
  const all = new Map<string, number[]>();
  for (const { results } of rows)
    for (const [suite, { seconds }] of Object.entries(results))
      all.set(suite, [...(all.get(suite) ?? []), seconds]);
  return new Map([...all].map(([suite, times]) => [suite, middle(times.toSorted((a, b) => a - b))]));
}

const middle = (sorted: readonly number[]): number => sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;

/** The figures of each suite, over what is a mutant. */
export function totalsOf(matrix: SuiteMatrix): SuiteTotal[] {
  const rows = mutantsIn(matrix);
  return matrix.suites.map((suite) => {
    const own = rows.flatMap((row) => row.results[suite] ?? []);
    const count = (verdict: string): number => own.filter((one) => one.verdict === verdict).length;
    const times = own
      .filter(({ verdict }) => verdict === "killed")
      .map(({ seconds }) => seconds)
      .sort((a, b) => a - b);
    const [first] = times;
    return {
      suite,
      applies: own.length,
      kills: count("killed"),
      misses: count("missed"),
      open: count("open"),
      alone: rows.filter((row) => killersOf(row).join() === suite).length,
      seconds: first === undefined ? undefined : [first, middle(times), times.at(-1) ?? first],
    };
  });
}
