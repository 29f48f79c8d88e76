import { colour } from "../../base/terminal.js";
import { isNeedless, isRight, isUnchanged, killersOf, type MatrixRow, type SuiteMatrix } from "./matrix.js";
import { isBusyMiss, type Result } from "./store.js";
import { mutantsIn, totalsOf } from "./totals.js";

const COLUMN = 11;

/**
 * `1.2`: the seconds of a suite that kills it; `-` for one that misses it, `(-)` if it did so beside much other work; `?`
 * where that is not certain.
 */
export function cellText(result: Result | undefined): string {
  if (result === undefined) return "";
  if (result.verdict === "killed") return result.seconds.toFixed(1);
  if (isBusyMiss(result)) return "(-)";
  return result.verdict === "missed" ? "-" : "?";
}

/** How the first of the suites that kill it has noticed; else what there is to say. */
export function howOf(row: MatrixRow): string {
  const [killer] = killersOf(row);
  if (killer !== undefined) return row.results[killer]?.how ?? "";
  if (isUnchanged(row)) return "";
  if (isNeedless(row)) return "needless: the machine allows nothing more without it";
  const unclear = Object.entries(row.results).find(([, { verdict }]) => verdict === "open");
  return unclear === undefined ? "" : `${unclear[0]}: ${unclear[1].how}`;
}

/** A line a mutant, and the figures. */
export function showSuites(matrix: SuiteMatrix): string {
  const { rows, suites, interrupted } = matrix;
  const width = Math.max(8, ...rows.map(({ name }) => name.length));
  const of = Math.max(2, ...rows.map((row) => row.of.length));
  const columns = (cells: readonly string[]): string => cells.map((text) => text.padEnd(COLUMN)).join("");
  const head = `  ${"mutant".padEnd(width)}  ${"of".padEnd(of)}  ${columns(suites)}`.trimEnd();
  const lines = rows.map((row) => {
    const known = isRight(row) ? " " : row.notRun.length > 0 ? "…" : colour.red("✗");
    const cells = columns(
      suites.map((name) => (row.notRun.includes(name) ? "…" : cellText(row.results[name]))),
    );
    return `${known} ${row.name.padEnd(width)}  ${row.of.padEnd(of)}  ${cells}${howOf(row)}`.trimEnd();
  });
  const totals = totalsOf(matrix)
    .filter(({ applies }) => applies > 0)
    .map(
      ({ suite, applies, kills, open, alone, seconds }) =>
        `${colour.bold(suite)}   kills ${kills} of ${applies}${open > 0 ? `, not certain of ${open}` : ""}` +
        `${alone > 0 ? `; ${alone} that no other does` : ""}` +
        `${seconds === undefined ? "" : `   ${seconds.map((one) => one.toFixed(1)).join(" / ")} s`}`,
    );
  return [head, ...lines, "", ...totals, conclusion(matrix, interrupted)].join("\n");
}

function conclusion(matrix: SuiteMatrix, interrupted: boolean): string {
  const mutants = mutantsIn(matrix);
  const dead = mutants.filter((row) => killersOf(row).length > 0).length;
  const lies = matrix.rows.filter((row) => isUnchanged(row) && killersOf(row).length > 0);
  const untried = matrix.rows.reduce((sum, { notRun }) => sum + notRun.length, 0);
  return [
    `${dead} of ${mutants.length} mutants are killed`,
    ...(lies.length > 0
      ? [colour.red(`what changes nothing is killed, too: ${lies.map(({ of }) => of).join(", ")}`)]
      : []),
    ...(interrupted
      ? [`interrupted: ${untried} cells have not been run; run it again, and it goes on from here`]
      : []),
  ].join("; ");
}

/** The form that `conform --mutants --suites --json` has (program/cli/schema/suites.schema.json). */
export function suitesJson(matrix: SuiteMatrix): unknown {
  const { suites, rows, interrupted } = matrix;
  return {
    interrupted,
    suites,
    totals: totalsOf(matrix).map(({ seconds, ...total }) => ({ ...total, seconds: seconds ?? null })),
    mutants: rows.map((row) => ({
      ...row,
      killedBy: killersOf(row),
      asExpected: isRight(row),
      needless: isNeedless(row),
    })),
  };
}
