import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { BadInputError, messageOf } from "../../../spec/tlc/base/errors.js";
import { writeOutput } from "../../base/output-file.js";
import {
  clipped,
  text as drawText,
  hoverTitle,
  round,
  svgDocument,
  type TextOptions,
} from "../picture/kit.js";
import { tone } from "../picture/palette.js";
import type { Spread } from "../speed/figures.js";
import { barChart } from "./bars.js";
import type { BenchFigures, Row } from "./figures.js";
import { GROUPS } from "./rows.js";
import { shortNumber } from "./show.js";
import { timeline } from "./timeline.js";

/**
 * Charts of the figures by file name: a timeline of a grace period, the ratios with their aims, one for each family of
 * rows, and one for each group of the others, with the least, the median and the greatest figure of each side.
 */
export function chartsOf(figures: BenchFigures): Map<string, string> {
  const charts = new Map<string, string>();
  const measured = timeline(figures.rows);
  if (measured !== undefined) charts.set("timeline.svg", measured);
  const ratios = figures.rows.filter(({ ratio, against }) => ratio !== null && against === null);
  const compared = ratios.filter(({ family, aim }) => family === null && aim?.of === "ratio");
  if (compared.length > 0) charts.set("ratios.svg", ratioChart(compared));
  for (const [name, rows] of familiesOf(figures.rows)) {
    charts.set(`${name.replaceAll(/\W+/g, "-")}.svg`, lineChart(name, rows));
  }
  for (const group of GROUPS) {
    const rows = figures.rows.filter((row) => row.group === group && row.family === null && hasFigures(row));
    const name = `group-${group.toLowerCase().replaceAll(/\W+/g, "-")}`;
    if (rows.length > 0) charts.set(`${name}.svg`, barChart(group, `bench-${name}`, rows));
  }
  return charts;
}

function hasFigures({ ours, theirs, others }: Row): boolean {
  return ours !== null || theirs !== null || others.length > 0;
}

/**
 * Makes the folder for the charts, before anything is measured.
 *
 * @throws BadInputError that says why it can't be made
 */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new BadInputError(`the folder for the charts can't be made: ${messageOf(cause)}`, {
      where: "--svg",
      hint: "Name a folder in a place that can be written to.",
      cause,
    });
  }
}

/** Writes the charts into a folder, and returns their paths. Throws BadInputError when one can't be written. */
export function writeCharts(folder: string, figures: BenchFigures): string[] {
  return [...chartsOf(figures)].map(([name, text]) => {
    const file = join(folder, name);
    writeOutput(file, text, "the chart");
    return file;
  });
}

/** Rows that differ in one number, by what they measure: a family has a chart for each unit. */
function familiesOf(rows: readonly Row[]): Map<string, Row[]> {
  const families = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.family === null) continue;
    const units = new Set(
      rows.filter(({ family }) => family?.name === row.family?.name).map(({ unit }) => unit),
    );
    const name = units.size > 1 ? `${row.family.name}, ${row.unit}` : row.family.name;
    families.set(name, [...(families.get(name) ?? []), row]);
  }
  return families;
}

const WIDTH = 760;
const STYLE: Readonly<Record<string, string>> = {
  ".ours": `fill:${tone("good")};stroke:${tone("good")}`,
  ".theirs": `fill:${tone("amber")};stroke:${tone("amber")}`,
  ".other": `fill:${tone("plum")};stroke:${tone("plum")}`,
  ".aim": `stroke:${tone("ink")};stroke-width:2`,
  ".line": "fill:none;stroke-width:2",
  ".dashed": "stroke-dasharray:5 4",
  "text.ours,text.theirs,text.other": "stroke:none",
};

function svg(title: string, desc: string, height: number, body: readonly string[]): string {
  return svgDocument({ name: slug(title), width: WIDTH, height, title, desc, style: STYLE, body });
}

function slug(title: string): string {
  return `bench-${title.toLowerCase().replaceAll(/\W+/g, "-")}`;
}

function text(
  x: number,
  y: number,
  content: string,
  kind = "",
  anchor: TextOptions["anchor"] = "start",
): string {
  return drawText(x, y, content, { ...(anchor && { anchor }), ...(kind !== "" && { kind }) });
}

/** A bar a row: our median by theirs, on a logarithmic scale from 0.01 to 10, and its aim as a mark. */
function ratioChart(rows: readonly Row[]): string {
  const [left, right, top, step] = [400, WIDTH - 100, 70, 26];
  const [least, most] = [0.01, 10];
  const x = (value: number): number => {
    const part = Math.log(Math.min(Math.max(value, least), most) / least) / Math.log(most / least);
    return left + part * (right - left);
  };
  const bottom = top + rows.length * step;
  const grid = [0.01, 0.1, 1, 10].flatMap((value) => [
    `<path class="axis" d="M${round(x(value))} ${top - 8}V${bottom}"/>`,
    text(x(value), top - 14, String(value), "small soft", "middle"),
  ]);
  const bars = rows.flatMap((row, at) => {
    const y = top + at * step;
    const ratio = row.ratio ?? 0;
    const aim = row.aim?.atMost ?? row.aim?.atLeast;
    return [
      text(left - 10, y + 14, clipped(row.name, left - 26, 13), "", "end"),
      `<rect class="${row.met === false ? "theirs" : "ours"}" x="${left}" y="${y + 3}" width="${round(Math.max(1, x(ratio) - left))}" height="14"/>`,
      text(
        Math.max(x(ratio), aim === undefined ? 0 : x(aim)) + 8,
        y + 14,
        `${shortNumber(ratio)}${row.met === false ? " missed" : ""}`,
        "small soft",
      ),
      ...(aim === undefined
        ? []
        : [
            `<path class="aim" d="M${round(x(aim))} ${y}V${y + 20}">${hoverTitle(`aim ${row.aim?.text ?? ""}`)}</path>`,
          ]),
    ];
  });
  const legend = "The mark is the aim.";
  const desc = rows.map(({ name, ratio }) => `${name}: ${shortNumber(ratio ?? 0)}`).join("; ");
  return svg("Ours divided by liburcu's", desc, bottom + 30, [
    ...grid,
    ...bars,
    text(16, bottom + 20, legend, "small soft"),
  ]);
}

interface Line {
  readonly side: string;
  readonly kind: string;
  readonly points: readonly { readonly at: number; readonly figures: Spread }[];
}

/** A line a side, over the number in which the rows differ; both scales are logarithmic, with least and greatest. */
function lineChart(name: string, rows: readonly Row[]): string {
  const lines = linesOf(rows);
  const [left, right, top, bottom] = [80, WIDTH - 190, 82, 342];
  const all = lines.flatMap(({ points }) => points);
  const x = scale(
    all.map(({ at }) => at),
    left,
    right,
  );
  const values = all.flatMap(({ figures }) => [figures.min, figures.max]).filter((value) => value > 0);
  const y = scale(values, bottom, top);
  const numbers = [...new Set(all.map(({ at }) => at))];
  const axes = [
    `<path class="axis" d="M${left} ${top - 10}V${bottom + 6}H${right + 10}"/>`,
    ...numbers.map((at) => text(x(at), bottom + 24, at.toLocaleString("en-US"), "small soft", "middle")),
    ...[...new Set([Math.min(...values), Math.max(...values)])].map((value) =>
      text(left - 8, y(value) + 4, shortNumber(value), "small soft", "end"),
    ),
    text((left + right) / 2, bottom + 44, rows[0]?.family?.of ?? "", "small soft", "middle"),
    text(left, top - 16, rows[0]?.unit ?? "", "small soft"),
  ];
  const labels = spacedOut(lines.map(({ points }) => y(points.at(-1)?.figures.median ?? 0)));
  const drawn = lines.flatMap(({ side, kind, points }, index) => [
    `<path class="${kind} line${kind === "ours" ? "" : " dashed"}" style="fill:none" d="${points
      .map(({ at, figures }, i) => `${i === 0 ? "M" : "L"}${round(x(at))} ${round(y(figures.median))}`)
      .join("")}"/>`,
    ...points.flatMap(({ at, figures }) => [
      `<path class="${kind}" d="M${round(x(at))} ${round(y(figures.min))}V${round(y(figures.max))}"/>`,
      `<circle class="${kind}" cx="${round(x(at))}" cy="${round(y(figures.median))}" r="3.5">${hoverTitle(`${side}: ${shortNumber(figures.median)}`)}</circle>`,
    ]),
    text(right + 16, (labels[index] ?? 0) + 4, clipped(side, WIDTH - right - 32, 13), kind),
  ]);
  const desc = lines
    .map(
      ({ side, points }) =>
        `${side}: ${points.map(({ at, figures }) => `${shortNumber(figures.median)} at ${at}`).join(", ")}.`,
    )
    .join(" ");
  return svg(`${name[0]?.toUpperCase() ?? ""}${name.slice(1)}`, desc, bottom + 60, [...axes, ...drawn]);
}

function linesOf(rows: readonly Row[]): Line[] {
  const points = (of: (row: Row) => Spread | null | undefined) =>
    rows.flatMap((row) => {
      const figures = of(row);
      return figures ? [{ at: row.family?.at ?? 0, figures }] : [];
    });
  const others = [...new Set(rows.flatMap((row) => row.others.map(({ side }) => side)))];
  return [
    { side: "ours", kind: "ours", points: points(({ ours }) => ours) },
    { side: rows[0]?.sides.theirs ?? "", kind: "theirs", points: points(({ theirs }) => theirs) },
    ...others.map((side) => ({
      side,
      kind: "other",
      points: points((row) => row.others.find((other) => other.side === side)),
    })),
  ].filter((line) => line.points.length > 0);
}

/** A logarithmic scale from the least to the greatest value; all in the middle where they are one. */
function scale(values: readonly number[], from: number, to: number): (value: number) => number {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (!(most > least)) return () => (from + to) / 2;
  return (value) => from + ((to - from) * Math.log(Math.max(value, least) / least)) / Math.log(most / least);
}

const LABEL = 16;

/** Places for labels, each near where it wants to be and none on another. */
export function spacedOut(wanted: readonly number[]): number[] {
  const placed = wanted.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  const result = [...wanted];
  let least = -Infinity;
  for (const { y, index } of placed) {
    least = Math.max(y, least + LABEL);
    result[index] = least;
  }
  return result;
}
