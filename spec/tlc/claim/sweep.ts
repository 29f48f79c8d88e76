import { suggest } from "../base/suggest.js";
import type { HeaderEntry, HeaderLine } from "./claim-header.js";
import type { Cell } from "./claim-verdict.js";
import type { Assignment } from "./config.js";

/** A row of a sweep: what it assigns, and the cells of its declaration by column name. */
export interface SweepRow {
  readonly line: number;
  /** Constants and the text assigned to them, in the order of the columns. */
  readonly overrides: readonly (readonly [constant: string, text: string])[];
  /** The end of the claim's id: `mb.tso`. */
  readonly suffix: string;
  /** Verdict, Violates, States, Set; a `-` is left out. */
  readonly cells: ReadonlyMap<string, Cell>;
}

/** What is wrong with a sweep, and where. */
export interface SweepProblem {
  readonly message: string;
  readonly hint?: string;
  readonly at: Cell;
}

const COLUMNS = ["Verdict", "Violates", "States", "Set", "Generated", "Depth"] as const;

/** Reads a sweep's table: `Sweep: Order Fast | Verdict Violates States`, then a row a line below. */
export function readSweep(
  entry: HeaderEntry,
  assignments: readonly Assignment[],
): { rows: SweepRow[]; problems: SweepProblem[] } {
  const problems: SweepProblem[] = [];
  const head = split({ text: entry.text, line: entry.line, column: entry.valueColumn });
  if (head === undefined) {
    const hint = "A sweep's first line names its columns:   \\* Sweep: Order | Verdict Violates States";
    return { rows: [], problems: [{ message: "the sweep's columns have no |", hint, at: entry }] };
  }
  const [constants, columns] = head;
  for (const cell of constants) {
    if (assignments.some((a) => a.name === cell.text)) continue;
    const meant = suggest(
      cell.text,
      assignments.map((a) => a.name),
    );
    const hint = meant
      ? `Did you mean ${meant}?`
      : "A sweep overrides what the configuration assigns under CONSTANTS.";
    problems.push({ message: `the configuration does not assign ${cell.text}`, hint, at: cell });
  }
  if (constants.length === 0)
    problems.push({ message: "the sweep has no constant left of the |", at: entry });
  for (const cell of columns) {
    if ((COLUMNS as readonly string[]).includes(cell.text)) continue;
    const meant = suggest(cell.text, COLUMNS);
    const hint = meant ? `Did you mean ${meant}?` : `The columns right of the | are ${COLUMNS.join(", ")}.`;
    problems.push({ message: `unknown column ${cell.text}`, hint, at: cell });
  }
  if (!columns.some((c) => c.text === "Verdict")) {
    problems.push({ message: "the sweep has no column Verdict", at: entry });
  }
  if (entry.below.length === 0) problems.push({ message: "the sweep has no rows", at: entry });
  if (problems.length > 0) return { rows: [], problems };

  const rows: SweepRow[] = [];
  for (const line of entry.below) {
    const cells = split(line);
    if (cells === undefined || cells[0].length !== constants.length || cells[1].length !== columns.length) {
      const found = cells === undefined ? "not one |" : `${cells[0].length} and ${cells[1].length}`;
      const message = `the row must have ${cellsInWords(constants.length)} left of the | and ${columns.length} right of it, found ${found}`;
      problems.push({ message, hint: "Write - for a cell that says nothing", at: line });
      continue;
    }
    rows.push(readRow(line, constants, columns, cells, assignments));
  }
  return { rows, problems };
}

function readRow(
  line: HeaderLine,
  constants: readonly Cell[],
  columns: readonly Cell[],
  [values, declared]: readonly [readonly Cell[], readonly Cell[]],
  assignments: readonly Assignment[],
): SweepRow {
  const overrides = constants.map(({ text: name }, i) => {
    const value = values[i]?.text as string;
    const assigned = assignments.find((a) => a.name === name);
    // A bare word stands for a string where the configuration assigns one.
    const quoted = assigned?.operator === "=" && assigned.value.startsWith('"') && !value.startsWith('"');
    return [name, quoted ? `"${value}"` : value] as const;
  });
  const suffix = values.map((v) => v.text.replace(/"/g, "").replace(/[^\p{L}\p{N}_-]+/gu, "_")).join(".");
  const cells = new Map<string, Cell>();
  for (const [i, column] of columns.entries()) {
    const cell = declared[i] as Cell;
    if (cell.text !== "-") cells.set(column.text, cell);
  }
  return { line: line.line, overrides, suffix, cells };
}

/** The cells left and right of the first |; a quoted or bracketed cell may contain spaces. */
function split(line: HeaderLine): [Cell[], Cell[]] | undefined {
  const sides: [Cell[], Cell[]] = [[], []];
  let side: Cell[] = sides[0];
  for (const match of line.text.matchAll(/\||(?:"[^"]*"|\{[^}]*\}|<<.*?>>|[^\s|])+/g)) {
    if (match[0] !== "|") {
      side.push({ text: match[0], line: line.line, column: line.column + match.index });
    } else if (side === sides[1]) {
      return undefined;
    } else {
      side = sides[1];
    }
  }
  return side === sides[1] ? sides : undefined;
}

function cellsInWords(count: number): string {
  return count === 1 ? "one cell" : `${count} cells`;
}
