import { BREAKS, type Cell, cellName, FACES } from "../necessity/cells.js";
import type { DecidedMatrix } from "../necessity/decide.js";
import { expectedCells } from "../necessity/expected.js";
import { matricesOf, type Slot } from "../necessity/matrix.js";
import { readRowWords } from "../necessity/words.js";
import type { CellRun } from "./matrix-runs.js";
import type { Finding, Results } from "./results.js";
import type { Table, TableCell } from "./viewer/views.js";

/**
 * What breaks when a letter or a step is left out: a finding for each cell, beside what the specification expects.
 *
 * @param seconds how long it took
 * @param runs counterexamples, by the names of their cells (see matrix-runs.ts)
 */
export function matrixResults(
  decided: DecidedMatrix,
  specRoot: string,
  seconds: number,
  runs: ReadonlyMap<string, CellRun> = new Map(),
): Results {
  const { cells, undecided, endedEarly } = decided;
  const expected = expectedBreaks(specRoot);
  const words = readRowWords(specRoot);
  const runless = cells.filter((cell) => cell.broken && !runs.has(cellName(cell))).length;
  return {
    command: "matrix",
    title: "The necessity matrix",
    findings: [
      ...cells.map((cell): Finding => {
        const name = cellName(cell);
        const found = breaksOf(cell);
        const declared = expected.get(name);
        const { of, ...shown } = runs.get(name) ?? {};
        return {
          id: name,
          group: `${cell.algorithm}.${cell.flavour}`,
          sentence: sentenceOf(cell, words, of),
          outcome: found === declared ? "pass" : "fail",
          verdict: found,
          ...(declared !== undefined && { declared }),
          ...(cell.broken && { command: `npx quiesce matrix --cell ${name}` }),
          ...shown,
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
    notes: runless === 0 || runs.size === 0 ? [] : [`The counterexamples of ${runless} cells are not here.`],
    tables: tablesOf(decided, specRoot),
  };
}

/** A table for each algorithm: a row for what is left out, a column for each flavour's memory order. */
function tablesOf(decided: DecidedMatrix, specRoot: string): Table[] {
  const expected = expectedBreaks(specRoot);
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
          `What breaks first when a letter ${
            decided.cells.some(({ face }) => face === "compiler")
              ? "holds the compiler and no longer the processor"
              : "or a step is left out"
          }, under each memory order of each flavour. A dot: nothing breaks; ✗: not what the specification says.`,
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

/** What the specification says of the cells of both faces, by their names. */
function expectedBreaks(specRoot: string): ReadonlyMap<string, string> {
  const cells = FACES.flatMap((face) => expectedCells(specRoot, face));
  return new Map(cells.map((cell) => [cellName(cell), breaksOf(cell)]));
}

/** What is missing, what then breaks, and, where the run that is shown is another cell's, why it is this one's, too. */
function sentenceOf(cell: Cell, words: ReturnType<typeof readRowWords>, of: Cell | undefined): string {
  const { missing, order, face, broken } = cell;
  const breaks = broken === undefined ? "nothing breaks" : (BREAKS[broken.breaks] ?? broken.breaks);
  const shared =
    of === undefined || of.order === order
      ? ""
      : ` The run is one under ${of.order}: what that allows, ${order} allows, too.`;
  if (missing === "nothing") return `Nothing is left out: ${breaks}.${shared}`;
  const { side, what } = words(missing);
  const how = face === "compiler" ? "holds the compiler alone" : "is left out";
  return `${missing} (${side}: ${what}) ${how}: ${breaks}.${shared}`;
}
