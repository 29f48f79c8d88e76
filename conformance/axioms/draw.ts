import type { Drawing } from "../litmus/result.js";

/** A part of a picture: an element of SVG, with its attributes and its text. It is styled by its class alone. */
export interface Shape {
  readonly element: "rect" | "path" | "text";
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly text?: string;
}

/** A picture of an execution or of a circle, before it is written into a file or a page. */
export interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

const CHARACTER = 7.9;
const BOX = 28;
const ROW = { execution: 46, circle: 76 } as const;
const GAP = 96;
const TOP = 40;
const MARGIN = 28;
/** Where along an arrow its name stands: not in the middle, where arrows that cross would have both of theirs. */
const NAME_AT = 0.3;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly width: number;
  readonly lane: number;
  readonly row: number;
}

/** Lays a drawing out: a lane a thread, time or program order going down. */
export function draw({ kind, lanes, events, arrows }: Drawing): Drawn {
  const widths = lanes.map((name, lane) =>
    Math.max(...[name, ...events.filter((one) => one.lane === lane).map(({ text }) => text)].map(widthOf)),
  );
  // Arrows that pass by events of their own lane bend out to its left.
  const bends = lanes.map((_, lane) =>
    arrows.some(({ from, to }) => events[from]?.lane === lane && passes(events, from, to)) ? 60 : 0,
  );
  const lefts = widths.map((_, lane) =>
    widths
      .slice(0, lane)
      .reduce((x, width, n) => x + width + GAP + (bends[n + 1] ?? 0), MARGIN + (bends[0] ?? 0)),
  );
  const boxes = events.map(
    ({ lane, row }): Box => ({
      ...{ lane, row, x: lefts[lane] ?? 0, y: TOP + row * ROW[kind], width: widths[lane] ?? 0 },
    }),
  );
  const right = Math.max(...lefts.map((x, lane) => x + (widths[lane] ?? 0)));
  const bottom = Math.max(...boxes.map(({ y }) => y + BOX));
  const drawn = arrows.flatMap((arrow) => {
    const [from, to] = [boxes[arrow.from], boxes[arrow.to]];
    return from === undefined || to === undefined
      ? []
      : arrowShapes(
          from,
          to,
          arrow.name,
          passes(events, arrow.from, arrow.to),
          arrows.some((one) => one.from === arrow.to && one.to === arrow.from),
        );
  });
  return {
    width: right + MARGIN + 40,
    height: bottom + MARGIN,
    shapes: [
      ...lanes.flatMap((name, lane) => laneShapes(name, lefts[lane] ?? 0, widths[lane] ?? 0, bottom)),
      ...drawn.filter(({ element }) => element === "path"),
      ...boxes.flatMap((box, n) => boxShapes(box, events[n]?.text ?? "")),
      // Names stand on all else.
      ...drawn.filter(({ element }) => element === "text"),
    ],
  };
}

const widthOf = (text: string): number => Math.ceil(text.length * CHARACTER) + 20;

/** Within a lane, over the heads of events in between. */
function passes(events: Drawing["events"], from: number, to: number): boolean {
  const [a, b] = [events[from], events[to]];
  if (a === undefined || b === undefined || a.lane !== b.lane) return false;
  const between = events.some(
    ({ lane, row }) => lane === a.lane && row > Math.min(a.row, b.row) && row < Math.max(a.row, b.row),
  );
  return between || b.row < a.row;
}

function laneShapes(name: string, x: number, width: number, bottom: number): Shape[] {
  return [
    {
      element: "path",
      attributes: { class: "lx-lane", d: `M${x + width / 2} ${TOP - 10}V${bottom + 8}` },
    },
    { element: "text", attributes: { class: "lx-head", x: x + width / 2, y: TOP - 18 }, text: name },
  ];
}

function boxShapes({ x, y, width }: Box, text: string): Shape[] {
  return [
    { element: "rect", attributes: { class: "lx-box", x, y, width, height: BOX, rx: 6 } },
    { element: "text", attributes: { class: "lx-event", x: x + width / 2, y: y + 18 }, text },
  ];
}

/** `rf`, `co`, `fr`, `rcu` have colours of their own; fences, dependencies and program order have one. */
function classOf(name: string): string {
  if (/^(rf|co|fr)$/.test(name)) return `lx-${name}`;
  if (name === "po") return "lx-po";
  return /rcu|membarrier/.test(name) ? "lx-rcu" : "lx-kept";
}

function arrowShapes(from: Box, to: Box, name: string, bend: boolean, hasTwin: boolean): Shape[] {
  const kind = classOf(name);
  const points = from.lane === to.lane ? within(from, to, bend) : across(from, to, hasTwin);
  const [a, b, c, d] = points;
  const at = pointOn(points, from.lane === to.lane ? 0.5 : NAME_AT);
  return [
    {
      element: "path",
      attributes: { class: `lx-arrow ${kind}`, d: `M${xy(a)}C${xy(b)} ${xy(c)} ${xy(d)}` },
    },
    { element: "path", attributes: { class: `lx-tip ${kind}`, d: tip(c, d) } },
    ...(name === "po"
      ? []
      : [
          {
            element: "text" as const,
            attributes: {
              class: `lx-name ${kind}${from.lane === to.lane && !bend ? " lx-beside" : ""}`,
              x: round(at.x + (from.lane === to.lane ? (bend ? 0 : 6) : 0)),
              y: round(at.y + 4),
            },
            text: name,
          },
        ]),
  ];
}

type Curve = readonly [Point, Point, Point, Point];

function within(from: Box, to: Box, bend: boolean): Curve {
  const down = to.y > from.y;
  if (!bend) {
    const x = from.x + from.width / 2;
    const [begin, end] = [
      { x, y: from.y + BOX },
      { x, y: to.y },
    ];
    return [begin, begin, end, end];
  }
  const [begin, end] = [
    { x: from.x, y: from.y + BOX / 2 + (down ? 6 : -6) },
    { x: to.x, y: to.y + BOX / 2 + (down ? -6 : 6) },
  ];
  const out = Math.min(58, 30 + Math.abs(to.y - from.y) / 8);
  return [begin, { x: begin.x - out, y: begin.y }, { x: end.x - out, y: end.y }, end];
}

function across(from: Box, to: Box, hasTwin: boolean): Curve {
  const toRight = to.x > from.x;
  const shift = hasTwin ? (toRight ? -6 : 6) : 0;
  const begin = { x: toRight ? from.x + from.width : from.x, y: from.y + BOX / 2 + shift };
  const end = { x: toRight ? to.x : to.x + to.width, y: to.y + BOX / 2 + shift };
  const reach = Math.min(60, Math.abs(end.x - begin.x) / 2) * (toRight ? 1 : -1);
  return [begin, { x: begin.x + reach, y: begin.y }, { x: end.x - reach, y: end.y }, end];
}

function pointOn([a, b, c, d]: Curve, t: number): Point {
  const s = 1 - t;
  const of = (p: number, q: number, r: number, u: number): number =>
    s * s * s * p + 3 * s * s * t * q + 3 * s * t * t * r + t * t * t * u;
  return { x: of(a.x, b.x, c.x, d.x), y: of(a.y, b.y, c.y, d.y) };
}

/** A head at the end of a curve, in the direction in which it comes. */
function tip(before: Point, end: Point): string {
  const long = Math.hypot(end.x - before.x, end.y - before.y);
  // A straight arrow has its control point at its end: it goes straight down.
  const [dx, dy] = long === 0 ? [0, 1] : [(end.x - before.x) / long, (end.y - before.y) / long];
  const corner = (side: number): string =>
    xy({ x: end.x - 9 * dx - side * 4 * dy, y: end.y - 9 * dy + side * 4 * dx });
  return `M${xy(end)}L${corner(1)}L${corner(-1)}Z`;
}

const xy = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
