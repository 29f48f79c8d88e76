import { clipped, hoverTitle, MARGIN, round, svgDocument, text, wrapped } from "../picture/kit.js";
import { tone } from "../picture/palette.js";
import type { Spread } from "../speed/figures.js";
import type { Row } from "./figures.js";
import { shortNumber } from "./show.js";

const WIDTH = 860;
const LEFT = 150;
/** Room for the figures at the right. */
const RIGHT = 620;
const BAR = 20;

/** One side of a row. */
interface Bar {
  readonly side: string;
  readonly kind: "ours" | "theirs" | "other";
  readonly figures: Spread;
}

/**
 * Bars for the rows of a group: a row is one thing measured, with a bar for each side as long as its median, and a line
 * from its least to its greatest figure. Each row has a scale of its own, from 0.
 */
export function barChart(title: string, name: string, rows: readonly Row[]): string {
  const shown = rows.map((row) => ({ row, bars: barsOf(row) })).filter(({ bars }) => bars.length > 0);
  const notes = wrapped(
    "A bar is the median, the line on it goes from the least to the greatest figure. Each row has its own scale, from 0.",
    WIDTH - 2 * MARGIN,
  );
  let y = 62 + notes.length * 17 + 6;
  const body = shown.flatMap(({ row, bars }) => {
    const most = Math.max(...bars.map(({ figures }) => figures.max));
    const drawn = bars.flatMap((bar, n) => drawBar(bar, y + 8 + n * BAR, most, row.unit));
    const met = row.met === null ? "" : row.met ? ", met" : ", missed";
    const aim = row.aim === null ? "" : ` (aim: ${row.aim.text}${met})`;
    const heading = `${row.name}${aim}`;
    // Bold letters are wider.
    const shownHeading = clipped(heading, WIDTH - 2 * MARGIN, 14);
    const head = text(MARGIN, y, shownHeading, {
      kind: "bold",
      ...(shownHeading !== heading && { hover: heading }),
    });
    y += bars.length * BAR + 34;
    return [head, ...drawn];
  });
  return svgDocument({
    name,
    width: WIDTH,
    height: y,
    title,
    desc: shown
      .map(
        ({ row, bars }) =>
          `${row.name}: ${bars.map(({ side, figures }) => `${side} ${figureText(figures, row.unit)}`).join(", ")}.`,
      )
      .join(" "),
    style: STYLE,
    body: [...notes.map((line, n) => text(MARGIN, 60 + n * 17, line, { kind: "soft" })), ...body],
  });
}

function barsOf(row: Row): Bar[] {
  const all: readonly (readonly [string, Bar["kind"], Spread | null])[] = [
    ["ours", "ours", row.ours],
    [row.sides.theirs ?? "theirs", "theirs", row.theirs],
    ...row.others.map((other) => [other.side, "other", other] as const),
  ];
  return all.flatMap(([side, kind, figures]) => (figures === null ? [] : [{ side, kind, figures }]));
}

function drawBar({ side, kind, figures }: Bar, y: number, most: number, unit: string): string[] {
  const x = (value: number): number => round(LEFT + (most > 0 ? value / most : 0) * (RIGHT - LEFT));
  const middle = y + 7;
  const name = clipped(side, LEFT - MARGIN - 10);
  const whisker =
    figures.min === figures.max
      ? ""
      : `<path class="whisker" d="M${x(figures.min)} ${middle}H${x(figures.max)}M${x(figures.min)} ${middle - 4}v8M${x(figures.max)} ${middle - 4}v8"/>`;
  return [
    text(LEFT - 10, y + 11, name, { anchor: "end", ...(name !== side && { hover: side }) }),
    `<rect class="${kind}" x="${LEFT}" y="${y}" width="${round(Math.max(1, x(figures.median) - LEFT))}" height="14">${hoverTitle(`${side}: ${figureText(figures, unit)}`)}</rect>`,
    whisker,
    text(RIGHT + 12, y + 11, figureText(figures, unit)),
  ];
}

function figureText({ min, median, max }: Spread, unit: string): string {
  const range = min === max ? "" : ` (${shortNumber(min)}-${shortNumber(max)})`;
  return `${shortNumber(median)}${unit === "" ? "" : ` ${unit}`}${range}`;
}

const STYLE: Readonly<Record<string, string>> = {
  ".ours": `fill:${tone("greenFill")};stroke:${tone("good")}`,
  ".theirs": `fill:${tone("orangeFill")};stroke:${tone("amber")}`,
  ".other": `fill:${tone("plainFill")};stroke:${tone("soft")};stroke-dasharray:3 2`,
  ".whisker": `stroke:${tone("ink")};stroke-width:1.4;fill:none`,
};
