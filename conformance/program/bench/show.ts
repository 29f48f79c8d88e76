import { colour } from "../../base/terminal.js";
import type { Spread } from "../speed/figures.js";
import type { BenchFigures, Row } from "./figures.js";
import { GROUPS } from "./rows.js";

/** Three digits that say something, and never an exponent. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(size >= 10 ? 1 : size >= 0.1 ? 2 : size >= 0.001 ? 4 : 6);
}

function shownSpread(figures: Spread | null, unit: string): string {
  if (figures === null) return "";
  const { min, median, max } = figures;
  const range = min === max ? "" : ` (${shortNumber(min)}-${shortNumber(max)})`;
  return `${shortNumber(median)}${unit === "" ? "" : ` ${unit}`}${range}`;
}

/** A cell: its text as it is counted, and as it is printed. */
interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

function lineOf(row: Row): Cell[] {
  const ours =
    row.ours === null ? (row.problem ? "failed" : "not there yet") : shownSpread(row.ours, row.unit);
  const ratio = row.ratio === null ? "" : shortNumber(row.ratio);
  const verdict = row.met === null ? "" : row.met ? "  met" : "  missed";
  const paint = row.met === null ? undefined : row.met ? colour.green : colour.red;
  return [
    { text: `  ${row.name}` },
    { text: ours, ...(row.ours === null && { paint: colour.dim }) },
    { text: shownSpread(row.theirs, row.unit) },
    { text: ratio, ...(paint && { paint }) },
    { text: `${row.aim?.text ?? ""}${verdict}`, ...(paint && { paint }) },
  ];
}

function furtherLines(row: Row): Cell[][] {
  return row.others.map((other) => [
    { text: `      ${other.side}`, paint: colour.dim },
    { text: "" },
    { text: shownSpread(other, row.unit), paint: colour.dim },
  ]);
}

/** The figures as a person reads them. */
export function showBench(figures: BenchFigures): string {
  const { machine, rows, aims } = figures;
  const traced = figures.rows.every(({ group }) => group === "Tracing");
  const head = ["", "ours", traced ? "LTTng-UST" : "liburcu memb", "ratio", "aim"].map((text) => ({
    text,
    paint: colour.bold,
  }));
  const table = [
    head,
    ...GROUPS.flatMap((group) => {
      const inGroup = rows.filter((row) => row.group === group);
      if (inGroup.length === 0) return [];
      return [
        [{ text: group, paint: colour.bold }],
        ...inGroup.flatMap((row) => [lineOf(row), ...furtherLines(row)]),
      ];
    }),
  ];
  const widths = head.map((_, at) => Math.max(...table.map((line) => line[at]?.text.length ?? 0)));
  const lines = table.map((line) =>
    line
      .map(({ text, paint }, at) => {
        const gap = " ".repeat(at === line.length - 1 ? 0 : (widths[at] ?? 0) - text.length + 2);
        return `${paint && text !== "" ? paint(text) : text}${gap}`;
      })
      .join("")
      .trimEnd(),
  );
  const foreign = [...new Set(rows.flatMap(({ sides }) => sides.theirs ?? []))].filter(
    (side) => side !== "liburcu-memb" && side !== "trace-lttng",
  );
  return [
    `${colour.bold("Bench")}   median (least-greatest) of ${figures.rounds} round${figures.rounds === 1 ? "" : "s"}, ours and theirs in turns, ${Math.round(figures.seconds)} s`,
    ...lines,
    "",
    ...(foreign.length === 0
      ? []
      : [`  The rows of the flavours mb and qsbr are compared with ${foreign.join(" and ")}.`]),
    `  on ${machine.processor}, ${machine.cores} cores, ${Math.round(machine.memoryMiB / 1024)} GiB, Linux ${machine.kernel}, ${machine.compiler}, ${machine.liburcu === null ? "no liburcu" : `liburcu ${machine.liburcu}`}`,
    ...lacks(rows),
    ...figures.notes.map((note) => `  ${note}`),
    ...rows.flatMap(({ name, problem }) =>
      problem === undefined ? [] : [`  ${colour.red("✗")} ${name}: ${problem}`],
    ),
    `  Aims: ${aims.met} met, ${aims.missed} missed, ${aims.unknown} unknown`,
  ].join("\n");
}

/** What our library lacks, each once. */
function lacks(rows: readonly Row[]): string[] {
  const notes = [...new Set(rows.flatMap(({ note }) => note ?? []))];
  return notes.map((note) => `  Not there yet: ${note}`);
}
