import type { Compiler } from "../../native/js/compiler.js";
import type { SiliconSummary } from "./run.js";
import type { Verdict } from "./verdict.js";

/** What one compiler's programs have shown, all together. */
export interface Totals {
  readonly compiler: Compiler;
  readonly tests: number;
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  /** Outcomes, each counted once for each test. */
  readonly allowed: number;
  readonly seenAllowed: number;
  readonly seenForbidden: number;
  readonly seenUndecided: number;
  readonly rounds: number;
}

/** Sums for each compiler. */
export function totalsOf({ files, compilers }: SiliconSummary): Totals[] {
  const ran = files.flatMap((file) => (file.kind === "ran" ? file.results : []));
  return compilers.map((compiler) => {
    const judged = ran.filter((one) => one.compiler === compiler).map((one) => one.judged);
    const verdicts: Partial<Record<Verdict, number>> = {};
    for (const { verdict } of judged) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    const outcomes = judged.flatMap((one) => one.outcomes);
    const of = (kind: string, least: number): number =>
      outcomes.filter(({ machine, count }) => machine === kind && count >= least).length;
    return {
      compiler,
      tests: judged.length,
      verdicts,
      allowed: of("allowed", 0),
      seenAllowed: of("allowed", 1),
      seenForbidden: of("forbidden", 1),
      seenUndecided: of("undecided", 1),
      rounds: judged.reduce((sum, { rounds }) => sum + rounds, 0),
    };
  });
}
