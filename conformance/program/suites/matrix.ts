import { Interrupted } from "../../../spec/tlc/base/errors.js";
import { colour } from "../../base/terminal.js";
import { type Candidate, suiteOf } from "../../mutants/matrix.js";
import { type Outcome, SUITES, type SuiteContext } from "./suites.js";

/** What each suite makes of one mutant. */
export interface SuiteRow {
  readonly target: string;
  readonly name: string;
  /** A mutant that only weak memory shows: a claim is declared to kill it, and no suite can. */
  readonly byClaim: boolean;
  readonly outcomes: Readonly<Record<string, Outcome & { readonly seconds: number }>>;
}

/** All suites on all mutants, and whether that is all that was asked for. */
export interface SuiteMatrix {
  readonly rows: readonly SuiteRow[];
  readonly interrupted: boolean;
}

/** Runs every suite on every mutant. Interrupted, it returns the rows that are whole. */
export async function suiteMatrix(
  candidates: readonly Candidate[],
  context: SuiteContext,
): Promise<SuiteMatrix> {
  const rows: SuiteRow[] = [];
  const { signal, progress } = context;
  try {
    for (const candidate of candidates) {
      const { target, mutant } = candidate;
      const outcomes: Record<string, Outcome & { seconds: number }> = {};
      for (const suite of SUITES) {
        if (signal.aborted) throw new Interrupted();
        const line = `Mutants   ${rows.length} of ${candidates.length}   ${target.name} ${mutant.name}   ${suite.name}`;
        progress.update([line], line);
        const started = performance.now();
        const outcome = await suite.run(candidate, context);
        if (outcome === undefined) continue;
        outcomes[suite.name] = { ...outcome, seconds: (performance.now() - started) / 1000 };
      }
      rows.push({ target: target.name, name: mutant.name, byClaim: suiteOf(mutant) === "claim", outcomes });
    }
  } catch (error) {
    if (!(error instanceof Interrupted) && !signal.aborted) throw error;
  } finally {
    progress.done();
  }
  return { rows, interrupted: rows.length < candidates.length };
}

/** Whether some suite kills it, or it is a claim's. */
export function isKilled({ outcomes, byClaim }: SuiteRow): boolean {
  return byClaim || Object.values(outcomes).some(({ verdict }) => verdict === "killed");
}

/** A line a mutant: the seconds of each suite that kills it, `-` for one that misses it, nothing where it isn't run. */
export function showSuites({ rows, interrupted }: SuiteMatrix): string {
  const width = Math.max(8, ...rows.map(({ name }) => name.length));
  const cell = (outcome: (Outcome & { seconds: number }) | undefined): string =>
    outcome === undefined
      ? ""
      : outcome.verdict === "killed"
        ? `${outcome.seconds.toFixed(1)} s`
        : outcome.verdict === "missed"
          ? "-"
          : "?";
  const head = `  ${"mutant".padEnd(width)}  ${"of".padEnd(14)}${SUITES.map(({ name }) => name.padEnd(15)).join("")}`;
  const lines = rows.map((row) => {
    const mark = isKilled(row) ? " " : colour.red("✗");
    const cells = SUITES.map(({ name }) => cell(row.outcomes[name]).padEnd(15)).join("");
    const { how = "" } =
      SUITES.map(({ name }) => row.outcomes[name]).find((outcome) => outcome?.verdict === "killed") ??
      (row.byClaim ? { how: "only weak memory shows it; a claim kills it" } : {});
    return `${mark} ${row.name.padEnd(width)}  ${row.target.padEnd(14)}${cells}${how}`.trimEnd();
  });
  const count = (name: string, verdict: Outcome["verdict"]): number =>
    rows.filter(({ outcomes }) => outcomes[name]?.verdict === verdict).length;
  const totals = SUITES.map(
    ({ name }) =>
      `${colour.bold(name)}   kills ${count(name, "killed")}, misses ${count(name, "missed")}${count(name, "open") > 0 ? `, not certain of ${count(name, "open")}` : ""}`,
  );
  const all = `${rows.filter(isKilled).length} of ${rows.length} mutants are killed${interrupted ? "; interrupted before the others were tried" : ""}`;
  return [head, ...lines, "", ...totals, all].join("\n");
}

/** The form that `conform --mutants --suites --json` has. */
export function suitesJson({ rows, interrupted }: SuiteMatrix): unknown {
  return {
    interrupted,
    suites: SUITES.map(({ name }) => name),
    mutants: rows.map((row) => ({ ...row, killed: isKilled(row) })),
  };
}
