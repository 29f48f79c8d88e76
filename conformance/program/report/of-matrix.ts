import { BREAKS, type Cell, cellName } from "../necessity/cells.js";
import type { DecidedMatrix } from "../necessity/decide.js";
import { expectedCells } from "../necessity/expected.js";
import { matricesOf, type Slot } from "../necessity/matrix.js";
import { readRowWords } from "../necessity/words.js";
import type { Finding, Results } from "./results.js";
import type { Table, TableCell } from "./viewer/views.js";

/** What breaks when a letter or a step is left out: a finding for each cell, beside what the specification expects. */
export function matrixResults(decided: DecidedMatrix, specRoot: string, seconds: number): Results {
  const { cells, undecided, endedEarly } = decided;
  const expected = new Map(expectedCells(specRoot).map((cell) => [cellName(cell), breaksOf(cell)]));
  return {
    command: "matrix",
    title: "The necessity matrix",
    findings: [
      ...cells.map((cell): Finding => {
        const name = cellName(cell);
        const found = breaksOf(cell);
        const declared = expected.get(name);
        return {
          id: name,
          group: `${cell.algorithm}.${cell.flavour}`,
          outcome: found === declared ? "pass" : "fail",
          verdict: found,
          ...(declared !== undefined && { declared }),
          ...(found !== "nothing breaks" && { command: `npx quiesce matrix --cell ${name}` }),
          seconds: 0,
        };
      }),
      ...[...undecided].map(
        ([flavour, reason]): Finding => ({
          id: flavour,
          group: flavour,
          outcome: endedEarly === undefined ? "open" : "undecided",
          verdict: "undecided",
          reason,
          seconds: 0,
        }),
      ),
    ],
    problems: [],
    seconds,
    ...(endedEarly && { endedEarly }),
    notes: [],
    tables: tablesOf(decided, specRoot),
  };
}

/** A table for each algorithm: a row for what is left out, a column for each flavour's memory order. */
function tablesOf(decided: DecidedMatrix, specRoot: string): Table[] {
  const expected = new Map(expectedCells(specRoot).map((cell) => [cellName(cell), breaksOf(cell)]));
  const words = readRowWords(specRoot);
  const cellOf = (slot: Slot): TableCell | undefined => {
    if (slot.kind === "absent") return undefined;
    if (slot.kind === "undecided") return { text: "?", tone: "open" };
    const id = cellName(slot.cell);
    const found = breaksOf(slot.cell);
    const { broken } = slot.cell;
    const text = broken === undefined ? "·" : broken.breaks;
    return found === expected.get(id)
      ? { text, id, ...(broken && { tone: "bad" as const }) }
      : { text: `${text} ✗`, id, tone: "open" };
  };
  return matricesOf(decided)
    .filter(({ rows }) => rows.length > 0)
    .map(({ algorithm, flavours, orders, rows }): Table => {
      const seen = new Set(
        rows.flatMap(({ cells }) =>
          cells.flat().flatMap((slot) => (slot.kind === "cell" ? (slot.cell.broken?.breaks ?? []) : [])),
        ),
      );
      return {
        title: `Necessity, ${algorithm}`,
        sentence: [
          "What breaks first when a letter or a step is left out, under each memory order of each flavour. A dot: nothing breaks; ✗: not what NecessityExpected.tla says.",
          ...[...seen].map((breaks) => `${breaks}: ${BREAKS[breaks] ?? breaks}.`),
        ].join("\n"),
        corner: "left out",
        columns: flavours.flatMap((flavour) => orders.map((order) => `${flavour} ${order}`)),
        rows: rows.map(({ missing, cells }) => {
          const { side, what } = words(missing);
          return { name: missing, sentence: `${side}: ${what}`, cells: cells.flat().map(cellOf) };
        }),
      };
    });
}

function breaksOf(cell: Cell): string {
  return cell.broken?.breaks ?? "nothing breaks";
}
