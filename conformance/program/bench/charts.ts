import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { BadInputError, messageOf } from "../../../spec/tlc/base/errors.js";
import { writeOutput } from "../../base/output-file.js";
import { escapeXml } from "../../base/xml.js";
import type { Spread } from "../speed/figures.js";
import type { BenchFigures, Row } from "./figures.js";
import { shortNumber } from "./show.js";

/** Charts of the figures by file name: the ratios with their aims, and one for each family of rows. */
export function chartsOf(figures: BenchFigures): Map<string, string> {
  const charts = new Map<string, string>();
  const ratios = figures.rows.filter(({ ratio, against }) => ratio !== null && against === null);
  const compared = ratios.filter(({ family, aim }) => family === null && aim?.of === "ratio");
  if (compared.length > 0) charts.set("ratios.svg", ratioChart(compared));
  for (const [name, rows] of familiesOf(figures.rows)) {
    charts.set(`${name.replaceAll(/\W+/g, "-")}.svg`, lineChart(name, rows));
  }
  return charts;
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
const STYLE = `<style>
  text { font: 13px system-ui, sans-serif; fill: #222 }
  .title { font-weight: 600; font-size: 15px }
  .small { font-size: 11px; fill: #666 }
  .axis { stroke: #bbb; fill: none }
  .ours { fill: #1a7f5a; stroke: #1a7f5a }
  .theirs { fill: #b3541e; stroke: #b3541e }
  .other { fill: #7a7a9d; stroke: #7a7a9d }
  .aim { stroke: #222; stroke-width: 2 }
  .line { fill: none; stroke-width: 2 }
  text.ours, text.theirs, text.other { stroke: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd } .small { fill: #999 } .axis { stroke: #555 } .aim { stroke: #ddd }
    .ours { fill: #4cc38a; stroke: #4cc38a } .theirs { fill: #f0883e; stroke: #f0883e }
  }
</style>`;

function svg(title: string, height: number, body: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeXml(title)}">`,
    STYLE,
    text(16, 26, title, "title"),
    ...body,
    "</svg>\n",
  ].join("\n");
}

function text(x: number, y: number, content: string, kind = "", anchor = "start"): string {
  const named = kind === "" ? "" : ` class="${kind}"`;
  return `<text x="${round(x)}" y="${round(y)}"${named} text-anchor="${anchor}">${escapeXml(content)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
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
    text(x(value), top - 14, String(value), "small", "middle"),
  ]);
  const bars = rows.flatMap((row, at) => {
    const y = top + at * step;
    const ratio = row.ratio ?? 0;
    const aim = row.aim?.atMost ?? row.aim?.atLeast;
    return [
      text(left - 10, y + 14, row.name, "", "end"),
      `<rect class="${row.met === false ? "theirs" : "ours"}" x="${left}" y="${y + 3}" width="${round(Math.max(1, x(ratio) - left))}" height="14"/>`,
      text(x(ratio) + 6, y + 14, `${shortNumber(ratio)}${row.met === false ? " missed" : ""}`, "small"),
      ...(aim === undefined
        ? []
        : [
            `<path class="aim" d="M${round(x(aim))} ${y}V${y + 20}"><title>aim ${row.aim?.text}</title></path>`,
          ]),
    ];
  });
  const legend = "The mark is the aim.";
  return svg("Ours divided by liburcu's", bottom + 30, [
    ...grid,
    ...bars,
    text(16, bottom + 20, legend, "small"),
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
  const [left, right, top, bottom] = [80, WIDTH - 190, 60, 320];
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
    ...numbers.map((at) => text(x(at), bottom + 24, at.toLocaleString("en-US"), "small", "middle")),
    ...[...new Set([Math.min(...values), Math.max(...values)])].map((value) =>
      text(left - 8, y(value) + 4, shortNumber(value), "small", "end"),
    ),
    text((left + right) / 2, bottom + 44, rows[0]?.family?.of ?? "", "small", "middle"),
    text(left, top - 16, rows[0]?.unit ?? "", "small"),
  ];
  const labels = spacedOut(lines.map(({ points }) => y(points.at(-1)?.figures.median ?? 0)));
  const drawn = lines.flatMap(({ side, kind, points }, index) => [
    `<path class="line ${kind}" style="fill:none" d="${points
      .map(({ at, figures }, i) => `${i === 0 ? "M" : "L"}${round(x(at))} ${round(y(figures.median))}`)
      .join("")}"/>`,
    ...points.flatMap(({ at, figures }) => [
      `<path class="${kind}" d="M${round(x(at))} ${round(y(figures.min))}V${round(y(figures.max))}"/>`,
      `<circle class="${kind}" cx="${round(x(at))}" cy="${round(y(figures.median))}" r="3.5"><title>${escapeXml(side)}: ${shortNumber(figures.median)}</title></circle>`,
    ]),
    text(right + 16, (labels[index] ?? 0) + 4, side, kind),
  ]);
  return svg(`${name[0]?.toUpperCase() ?? ""}${name.slice(1)}`, bottom + 60, [...axes, ...drawn]);
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
