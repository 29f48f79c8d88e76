import { clipped, hoverTitle, MARGIN, round, svgDocument, text, widthOf, wrapped } from "./kit.js";
import { type Layout, layered, type Point } from "./layout.js";
import { tone } from "./palette.js";

/** A state graph, or a part of one, to be drawn. Edges, paths and marks name states by their index. */
export interface PictureGraph {
  /** Whose graph it is: a claim's id. */
  readonly title: string;
  /** Each state as its variables with their values, as TLA+ has them. */
  readonly states: readonly PictureState[];
  readonly edges: readonly PictureEdge[];
  /** How many states the whole graph has. */
  readonly all: number;
  /** The counterexample, if there is one. */
  readonly broken?: BrokenPath;
}

export interface PictureState {
  /** What it is called in the picture and in the text beside it: its number in the whole graph. */
  readonly number: number;
  readonly variables: readonly (readonly [string, string])[];
  /** What it shows of them, a line each: what the step that first leads to it changes. */
  readonly shown: readonly string[];
  readonly initial: boolean;
  /** It has successors that the picture leaves out, or that lead to it. */
  readonly cut: boolean;
}

export interface PictureEdge {
  readonly from: number;
  readonly to: number;
  /** The step's name; "" where it has none. */
  readonly action: string;
}

/** A counterexample: its states in their order, and what breaks. */
export interface BrokenPath {
  readonly what: string;
  readonly path: readonly number[];
  /** The steps between them, and the one that leads back, by their names; "" where a step has none. */
  readonly actions: readonly string[];
  /** The promise is about a state, so the last one breaks it; otherwise the path as a whole does. */
  readonly atLast: boolean;
  /** Where the path goes on from its last state: an index into `path`. */
  readonly backTo?: number;
}

/** More would make a picture that nobody looks through, and take long to place. */
export const MOST = { states: 300, edges: 900 } as const;

/** Up to so many states show what has changed; in larger graphs a pointer does. */
const SPELLED_OUT = 60;
const LINES = 8;
const LINE = 14;
const SIZE = 11;

interface Drawn {
  readonly lines: readonly string[];
  readonly width: number;
  readonly height: number;
}

/** Draws a state graph in layers: steps lead down, except those that lead back. */
export function stateGraphSvg(graph: PictureGraph, name = "state-graph"): string {
  const { states, broken } = graph;
  const loops = states.map((_, n) => [
    ...new Set(
      graph.edges.flatMap(({ from, to, action }) => (from === n && to === n ? [action || "a step"] : [])),
    ),
  ]);
  const boxes = states.map((state, n) => boxOf(state, n, loops[n] ?? [], graph));
  const arrows = merged(graph);
  const placed = layered(
    boxes,
    arrows.map(({ from, to, lines }) => ({
      from,
      to,
      label: {
        width: Math.max(6, ...lines.map((line) => widthOf(line, SIZE) + 4)),
        height: Math.max(1, lines.length) * LINE,
      },
    })),
  );
  const width = Math.max(placed.width + 2 * MARGIN, 560);
  const notes = notesOf(graph).flatMap((note) => wrapped(note, width - 2 * MARGIN));
  const top = 56 + notes.length * 17 + 6;
  const left = (width - placed.width) / 2;
  return svgDocument({
    name,
    width,
    height: top + placed.height + MARGIN,
    title: clipped(graph.title, width - 2 * MARGIN, 18),
    desc: descriptionOf(graph),
    style: STYLE,
    defs: ["line", "hot"].map(
      (kind) =>
        `<marker id="${name}-${kind}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path class="head-${kind}" d="M0 0.5L8 4L0 7.5z"/></marker>`,
    ),
    body: [
      ...notes.map((line, n) => text(MARGIN, 60 + n * 17, line, { kind: "soft" })),
      `<g transform="translate(${round(left)} ${round(top)})">`,
      ...arrows.map((arrow, n) => drawArrow(arrow, placed, n, name)),
      ...states.map((state, n) => drawState(state, boxes[n] as Drawn, placed.boxes[n] as Point, n, broken)),
      // Labels come last, so that no line crosses one.
      ...arrows.map((arrow, n) => drawLabel(arrow, placed, n)),
      "</g>",
    ],
  });
}

function marksOf(state: PictureState, n: number, broken: BrokenPath | undefined): string[] {
  return [
    ...(state.initial ? ["▸ start"] : []),
    ...(broken?.atLast && broken.path.at(-1) === n ? [`✗ ${clipped(broken.what, 200, SIZE)}`] : []),
  ];
}

/** A step that changes nothing is a line of its state: an arrow would say less and take more room. */
function boxOf(
  state: PictureState,
  n: number,
  loops: readonly string[],
  { states, broken }: PictureGraph,
): Drawn {
  const shown = states.length <= SPELLED_OUT ? state.shown : [];
  const lines = [
    [String(state.number), ...marksOf(state, n, broken)].join("  "),
    ...shown
      .slice(0, shown.length > LINES ? LINES - 1 : LINES)
      .map((line) => clipped(line.replaceAll(/\s+/g, " "), 190, SIZE)),
    ...(shown.length > LINES ? [`and ${shown.length - LINES + 1} more`] : []),
    ...(loops.length > 0 ? [clipped(`↺ ${loops.toSorted().join(", ")}`, 190, SIZE)] : []),
  ];
  return {
    lines,
    width: Math.max(30, ...lines.map((line) => widthOf(line, SIZE + 0.5) + 16)),
    height: lines.length * LINE + 12,
  };
}

interface Merged {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
  readonly hover: string;
  /** The counterexample takes it. */
  readonly hot: boolean;
}

/** One arrow for all edges between two states, in one direction, with their names below each other. */
function merged({ edges, broken, states }: PictureGraph): Merged[] {
  const groups = new Map<
    string,
    { readonly from: number; readonly to: number; readonly names: Set<string> }
  >();
  for (const { from, to, action } of edges) {
    if (from === to) continue;
    const key = `${from} ${to}`;
    const group = groups.get(key) ?? { from, to, names: new Set<string>() };
    group.names.add(action);
    groups.set(key, group);
  }
  const taken = new Map<string, string[]>();
  const back = broken?.backTo === undefined ? [] : [broken.path[broken.backTo] ?? 0];
  const path = broken === undefined ? [] : [...broken.path, ...back];
  for (let n = 1; n < path.length; n++) {
    const key = `${path[n - 1]} ${path[n]}`;
    const action = broken?.actions[n - 1] ?? "";
    taken.set(key, [...(taken.get(key) ?? []), action === "" ? String(n) : `${n}: ${action}`]);
  }
  return [...groups].map(([key, { from, to, names }]) => {
    const all = [...names].filter((one) => one !== "").toSorted();
    const steps = taken.get(key) ?? [];
    const others = all.filter((one) => !steps.some((step) => step.endsWith(`: ${one}`)));
    const words = [...steps, ...others];
    const shown = words.length > 3 ? [...words.slice(0, 2), `and ${words.length - 2} more`] : words;
    return {
      from,
      to,
      lines: shown.map((line) => clipped(line, 150, SIZE)),
      hover: `${states[from]?.number} → ${states[to]?.number}: ${all.join(", ") || "a step without a name"}`,
      hot: steps.length > 0,
    };
  });
}

function drawArrow({ hover, hot }: Merged, placed: Layout, n: number, name: string): string {
  const kind = hot ? "hot" : "line";
  return `<path class="${kind}" d="${smooth(placed.arrows[n]?.points ?? [])}" marker-end="url(#${name}-${kind})">${hoverTitle(hover)}</path>`;
}

const pair = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;

/** Through the middles of the way's pieces, with its corners as what pulls the line. */
function smooth(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const last = rest.at(-1);
  if (last === undefined || rest.length === 1) return `M${pair(first)}L${pair(last ?? first)}`;
  const curves = rest.slice(0, -1).map((corner, i) => {
    const next = rest[i + 1] as Point;
    const end = i === rest.length - 2 ? next : { x: (corner.x + next.x) / 2, y: (corner.y + next.y) / 2 };
    return `Q${pair(corner)} ${pair(end)}`;
  });
  return `M${pair(first)}${curves.join("")}`;
}

function drawLabel({ lines, hot, hover }: Merged, placed: Layout, n: number): string {
  const at = placed.arrows[n]?.label;
  if (at === undefined || lines.length === 0) return "";
  const top = at.y - (lines.length * LINE) / 2;
  const width = Math.max(...lines.map((line) => widthOf(line, SIZE)));
  return [
    `<rect class="under" x="${round(at.x - width / 2)}" y="${round(top)}" width="${round(width)}" height="${lines.length * LINE}"/>`,
    ...lines.map((line, i) =>
      text(at.x, top + i * LINE + 11, line, {
        kind: hot ? "small bad bold" : "small",
        anchor: "middle",
        hover,
      }),
    ),
  ].join("");
}

function drawState(
  state: PictureState,
  { lines, width, height }: Drawn,
  at: Point,
  n: number,
  broken: BrokenPath | undefined,
): string {
  const [x, y] = [at.x - width / 2, at.y - height / 2];
  const kinds = [
    "state",
    ...(state.initial ? ["initial"] : []),
    ...(state.cut ? ["cut"] : []),
    ...(broken?.path.includes(n) ? ["onpath"] : []),
    ...(broken?.atLast && broken.path.at(-1) === n ? ["worst"] : []),
  ];
  const rect = (by: number, kind: string): string =>
    `<rect class="${kind}" x="${round(x + by)}" y="${round(y + by)}" width="${round(width - 2 * by)}" height="${round(height - 2 * by)}" rx="${6 - by}"/>`;
  const all = [
    `state ${state.number}${state.initial ? ", initial" : ""}${state.cut ? "; some steps from or to it are not shown" : ""}`,
    ...state.variables.map(([variable, value]) => `${variable} = ${value}`),
  ].join("\n");
  return [
    `<g>${hoverLines(all)}`,
    rect(0, kinds.join(" ")),
    ...(state.initial ? [rect(3, "inner")] : []),
    ...lines.map((line, i) =>
      text(x + 8, y + 16 + i * LINE, line, { kind: i === 0 ? "small bold" : "small" }),
    ),
    "</g>",
  ].join("");
}

/** A title of several lines: each is escaped by itself, since a line end would be shown as an escape. */
function hoverLines(content: string): string {
  const titles = content
    .split("\n")
    .map((line) => hoverTitle(line).slice("<title>".length, -"</title>".length));
  return `<title>${titles.join("\n")}</title>`;
}

function notesOf({ states, edges, all, broken }: PictureGraph): string[] {
  const counts = `${states.length.toLocaleString("en-US")} states, ${edges.length.toLocaleString("en-US")} steps.`;
  const spelled =
    states.length <= SPELLED_OUT
      ? "A state shows what the step that first leads to it changes; point at it to see the rest."
      : "Point at a state to see its variables.";
  return [
    `${counts} A double border is an initial state, ↺ a step that stays. ${spelled}`,
    ...(all > states.length
      ? [
          `A part of ${all.toLocaleString("en-US")} states: a dashed border is a state with steps that are not shown.`,
        ]
      : []),
    ...(broken === undefined
      ? []
      : [`Thick, with numbers: the shortest way that TLC found to break ${broken.what}.`]),
  ];
}

function descriptionOf({ states, edges, all, broken }: PictureGraph): string {
  const initial = states.filter((state) => state.initial).map(({ number }) => number);
  return [
    `A state graph with ${states.length} ${all > states.length ? `of ${all} ` : ""}states and ${edges.length} steps.`,
    `Initial: ${initial.slice(0, 10).join(", ") || "none of these"}.`,
    ...(broken === undefined
      ? []
      : [`${broken.what} is violated along ${broken.path.map((n) => states[n]?.number).join(", ")}.`]),
  ].join(" ");
}

const STYLE: Readonly<Record<string, string>> = {
  ".state": `fill:${tone("faint")};stroke:${tone("soft")};stroke-width:1.2`,
  ".inner": `fill:none;stroke:${tone("soft")};stroke-width:1`,
  ".cut": "stroke-dasharray:4 3",
  ".onpath": `stroke:${tone("bad")};stroke-width:2`,
  ".worst": `fill:${tone("redFill")};stroke-width:3`,
  ".line": `fill:none;stroke:${tone("soft")};stroke-width:1.1`,
  ".hot": `fill:none;stroke:${tone("bad")};stroke-width:2.4`,
  ".head-line": `fill:${tone("soft")}`,
  ".head-hot": `fill:${tone("bad")}`,
  ".under": `fill:${tone("page")};opacity:.85`,
  ".bad": `fill:${tone("bad")}`,
};
