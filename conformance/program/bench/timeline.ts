import { VARIANT_TITLES } from "../picture/grace-period.js";
import { VARIANTS, type Variant } from "../picture/grace-period-run.js";
import { MARGIN, round, svgDocument, text, wrapped } from "../picture/kit.js";
import { tone } from "../picture/palette.js";
import type { Spread } from "../speed/figures.js";
import type { Row } from "./figures.js";
import { shortNumber } from "./show.js";
import { WAYS, wayRows } from "./ways.js";

const WIDTH = 900;
const LEFT = MARGIN;
const RIGHT = 640;
const PANEL = 74;
/** Microseconds at the ends of the scale. */
const [LEAST, MOST] = [0.01, 1e6];
const TICKS = [
  [0.1, "100 ns"],
  [1, "1 us"],
  [10, "10 us"],
  [100, "100 us"],
  [1e3, "1 ms"],
  [1e4, "10 ms"],
  [1e5, "100 ms"],
] as const;
/** More marks than this are a number. */
const MOST_MARKS = 8;

/** A grace period of one variant as it was measured. */
interface Measured {
  readonly variant: Variant;
  readonly us: Spread;
  readonly interrupts: Spread | null;
  readonly switches: Spread | null;
}

const NOTE =
  "How long one grace period takes while a reader sleeps and another process computes: the bar ends at the median, the line " +
  "goes from the least to the greatest figure; the scale is logarithmic. The marks on a bar say how many interrupts the " +
  "machine took in it, and below how often the other process lost its processor; not when.";

/**
 * A timeline of a measured grace period for each variant of the article; undefined where none was measured.
 */
export function timeline(rows: readonly Row[]): string | undefined {
  const found = new Map(rows.map((row) => [row.name, row.ours]));
  const measured = VARIANTS.flatMap((variant): Measured[] => {
    const names = wayRows(WAYS[variant].how);
    const us = found.get(names.us) ?? null;
    if (us === null) return [];
    const [interrupts = null, switches = null] = [found.get(names.interrupts), found.get(names.switches)];
    return [{ variant, us, interrupts, switches }];
  });
  if (measured.length === 0) return undefined;
  const notes = wrapped(NOTE, WIDTH - 2 * MARGIN);
  const top = 62 + notes.length * 17 + 22;
  const bottom = top + measured.length * PANEL;
  return svgDocument({
    name: "bench-timeline",
    width: WIDTH,
    height: bottom + 8,
    title: "A grace period, measured",
    desc: measured.map((one) => `${VARIANT_TITLES[one.variant].title}: ${words(one).join("; ")}.`).join(" "),
    style: STYLE,
    body: [
      ...notes.map((line, n) => text(MARGIN, 60 + n * 17, line, { kind: "soft" })),
      ...TICKS.flatMap(([us, name]) => [
        `<path class="axis" d="M${x(us)} ${top - 2}V${bottom}"/>`,
        text(x(us), top - 8, name, { kind: "small soft", anchor: "middle" }),
      ]),
      ...measured.flatMap((one, n) => panel(one, top + n * PANEL)),
    ],
  });
}

function x(us: number): number {
  const part = Math.log(Math.min(Math.max(us, LEAST), MOST) / LEAST) / Math.log(MOST / LEAST);
  return round(LEFT + part * (RIGHT - LEFT));
}

function panel(one: Measured, top: number): string[] {
  const { variant, us, interrupts, switches } = one;
  const [bar, middle] = [top + 26, top + 34];
  const width = round(Math.max(1, x(us.median) - LEFT));
  const whisker =
    us.min === us.max
      ? []
      : [
          `<path class="whisker" d="M${x(us.min)} ${middle}H${x(us.max)}M${x(us.min)} ${bar}v16M${x(us.max)} ${bar}v16"/>`,
        ];
  return [
    text(LEFT, top + 18, VARIANT_TITLES[variant].title, { kind: "bold halo" }),
    `<rect class="bar" x="${LEFT}" y="${bar}" width="${width}" height="16"/>`,
    ...marks(interrupts, width, (at) => `<path class="bolt" d="M${round(at - 4)} ${bar + 2}h8l-4 12z"/>`),
    ...marks(switches, width, (at) => `<path class="lost" d="M${round(at)} ${bar + 19}v9"/>`),
    ...whisker,
    ...words(one).map((line, n) =>
      text(RIGHT + 12, top + 24 + n * 16, line, { kind: n === 0 ? "bold" : "small" }),
    ),
  ];
}

/** As many marks as there were of something, beside each other on a bar. */
function marks(figures: Spread | null, width: number, draw: (at: number) => string): string[] {
  const count = Math.min(MOST_MARKS, Math.round(figures?.median ?? 0));
  return Array.from({ length: count }, (_, n) => draw(LEFT + ((n + 1) * width) / (count + 1)));
}

function words({ us, interrupts, switches }: Measured): string[] {
  const range = us.min === us.max ? "" : ` (${shortNumber(us.min)}-${shortNumber(us.max)})`;
  return [
    `${shortNumber(us.median)} us${range}`,
    interrupts === null ? "interrupts can't be counted here" : `${shortNumber(interrupts.median)} interrupts`,
    ...(switches === null ? [] : [`the other loses its CPU ${shortNumber(switches.median)} times`]),
  ];
}

const STYLE: Readonly<Record<string, string>> = {
  ".bar": `fill:${tone("yellowFill")};stroke:${tone("amber")}`,
  ".bolt": `fill:${tone("bad")}`,
  ".lost": `stroke:${tone("plum")};stroke-width:2.5;fill:none`,
  ".whisker": `stroke:${tone("ink")};stroke-width:1.4;fill:none`,
  ".halo": `paint-order:stroke;stroke:${tone("page")};stroke-width:4`,
};
