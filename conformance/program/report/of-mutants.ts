import { stripVTControlCharacters } from "node:util";
import type { MutantRow, MutantRows, Suite } from "../../mutants/matrix.js";
import { whyUncertain } from "../../mutants/replay-candidate.js";
import {
  isNeedless,
  isRight,
  isUnchanged,
  killersOf,
  type MatrixRow,
  type SuiteMatrix,
} from "../suites/matrix.js";
import { howOf } from "../suites/show.js";
import { isBusyMiss, type Result } from "../suites/store.js";
import type { Finding, Results } from "./results.js";
import type { Table, TableCell } from "./viewer/views.js";

const SUITES: readonly Suite[] = ["replay", "test", "claim"];

/** Whether each mutant of an implementation is killed; with how replay saw it in words, where that is known. */
export function mutantResults(
  { rows, untried, told }: MutantRows & { readonly told?: ReadonlyMap<MutantRow, string> },
  { seconds, endedEarly }: Pick<Results, "seconds" | "endedEarly">,
): Results {
  const findings = rows.map((row): Finding => {
    const { failure, others } = row;
    const detail = told?.get(row);
    return {
      ...aboutMutant(row),
      ...judged(row),
      ...(others !== undefined
        ? { reason: whyUncertain(others) }
        : failure !== undefined && { reason: `${failure.step}: ${failure.message}` }),
      ...(detail !== undefined && { detail: stripVTControlCharacters(detail) }),
    };
  });
  const rest = untried.map(
    (row): Finding => ({ ...aboutMutant(row), outcome: "undecided", verdict: "not tried" }),
  );
  return {
    command: "conform --mutants",
    title: "Mutants",
    findings: [...findings, ...rest],
    problems: [],
    seconds,
    ...(endedEarly !== undefined && { endedEarly }),
    notes: [],
    tables: rows.length === 0 ? [] : [declaredTable(rows)],
  };
}

function aboutMutant({ target, name, changes, declared }: MutantRow): Omit<Finding, "outcome" | "verdict"> {
  return {
    id: `${target} ${name}`,
    group: `mutants of ${target}`,
    sentence: changes,
    declared: `killed by ${declared}`,
    seconds: 0,
  };
}

function judged({ killedBy, others, declared, claim }: MutantRow): Pick<Finding, "outcome" | "verdict"> {
  if (killedBy !== null) return { outcome: "pass", verdict: `killed by ${killedBy}` };
  if (others !== undefined) return { outcome: "open", verdict: "hangs, which is not certain" };
  // For one mutant alone, no claim is decided.
  if (declared === "claim" && claim === undefined)
    return { outcome: "skipped", verdict: "follows every path, as expected" };
  return { outcome: "fail", verdict: "survives" };
}

function declaredTable(rows: readonly MutantRow[]): Table {
  return {
    title: "Mutants by suite",
    sentence: "Which suite is declared to kill each mutant, and whether it does. The others were not asked.",
    corner: "mutant",
    columns: SUITES,
    rows: rows.map(({ target, name, changes, declared, killedBy, others }) => ({
      name: `${target} ${name}`,
      sentence: changes,
      cells: SUITES.map((suite): TableCell | undefined =>
        suite !== declared
          ? undefined
          : killedBy === suite
            ? { text: "killed", tone: "good", id: `${target} ${name}` }
            : others !== undefined
              ? { text: "?", tone: "open", id: `${target} ${name}` }
              : { text: "survives", tone: "bad", id: `${target} ${name}` },
      ),
    })),
  };
}

/** Which suites kill which mutants: a finding for each mutant, and the matrix. */
export function suitesResults(
  matrix: SuiteMatrix,
  seconds: number,
  endedEarly: Results["endedEarly"],
): Results {
  const { rows, suites } = matrix;
  return {
    command: "conform --mutants --suites",
    title: "Mutants by suite",
    findings: rows.map((row) => suiteFinding(row)),
    problems: [],
    seconds,
    ...(endedEarly && { endedEarly }),
    notes: [],
    tables: rows.length === 0 ? [] : [suiteTable(rows, suites)],
  };
}

function idOf({ of, name }: MatrixRow): string {
  return `${of} ${name}`;
}

function suiteFinding(row: MatrixRow): Finding {
  const killers = killersOf(row);
  const isOpen = Object.values(row.results).some(({ verdict }) => verdict === "open");
  const seconds = Object.values(row.results).reduce((sum, result) => sum + result.seconds, 0);
  const found =
    killers.length > 0 ? `killed by ${killers.join(", ")}` : isNeedless(row) ? "needless" : "survives";
  const how = howOf(row);
  return {
    id: idOf(row),
    group: `mutants of ${row.of}`,
    sentence: row.changes,
    outcome: isRight(row) ? "pass" : row.notRun.length > 0 ? "undecided" : isOpen ? "open" : "fail",
    verdict: isUnchanged(row) && killers.length === 0 ? "unchanged, and not killed" : found,
    declared: isUnchanged(row) ? "not killed: it changes nothing" : "killed by some suite",
    ...(how !== "" && { reason: how }),
    seconds,
  };
}

function suiteTable(rows: readonly MatrixRow[], suites: readonly string[]): Table {
  return {
    title: "Suites",
    sentence:
      "Which suite kills which mutant, after how many seconds. -: it misses it; (-): it did so on a busy machine; " +
      "?: not certain; …: not run yet. Where a suite has nothing to do with a mutant, nothing stands.",
    corner: "mutant",
    columns: suites,
    rows: rows.map((row) => ({
      name: idOf(row),
      sentence: row.changes,
      cells: suites.map((suite) => suiteCell(row, row.results[suite], row.notRun.includes(suite))),
    })),
  };
}

function suiteCell(row: MatrixRow, result: Result | undefined, isOpen: boolean): TableCell | undefined {
  const id = idOf(row);
  if (isOpen) return { text: "…", id };
  if (result === undefined) return undefined;
  if (result.verdict === "killed")
    return { text: result.seconds.toFixed(1), tone: isUnchanged(row) ? "bad" : "good", id };
  if (result.verdict === "missed") return { text: isBusyMiss(result) ? "(-)" : "-", id };
  return { text: "?", tone: "open", id };
}
