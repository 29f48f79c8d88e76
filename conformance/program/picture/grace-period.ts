import { BadInputError } from "../../../spec/tlc/base/errors.js";
import {
  type GraceRun,
  type GraceStep,
  LANES,
  type Lane,
  STEPS,
  VARIANTS,
  type Variant,
} from "./grace-period-run.js";
import { hoverTitle, linked, MARGIN, round, svgDocument, text, widthOf, wrapped } from "./kit.js";
import { tone } from "./palette.js";

const LEFT = 190;
const COLUMN = 54;
const LANE = 28;
const TOP = 70;
/** A panel is as large whatever happens in it. */
const PANEL = TOP + LANES.length * LANE + 30;
/** The longest run has 15 steps. */
const COLUMNS = 16;
const BAR = { from: 16, height: 8 };

/** The variants as readers of the article know them, and what they are today. */
export const VARIANT_TITLES: Readonly<Record<Variant, { readonly title: string; readonly today: string }>> = {
  fence: { title: "A fence in every lock and unlock", today: "the mb flavour" },
  signal: { title: "A signal to every thread that reads", today: "liburcu's signal flavour, until 2023" },
  all: { title: "An interrupt to every CPU", today: "the first proposal" },
  private: {
    title: "expedited = 1: an interrupt to the CPUs that run this process",
    today: "MEMBARRIER_CMD_PRIVATE_EXPEDITED",
  },
  grace: {
    title: "expedited = 0: wait until every CPU has switched or ticked",
    today: "MEMBARRIER_CMD_GLOBAL",
  },
};

const LANE_NAMES: Readonly<Record<Lane, string>> = {
  updater: "the updater",
  reader: "a reader",
  sleeper: "a reader that sleeps",
  stranger: "CPU of another process",
  idle: "an idle CPU",
  realtime: "CPU of a real-time thread",
};

/** The panel of one variant, from its own left upper corner, so that panels drawn apart can stand below each other. */
export interface GracePanel {
  readonly variant: Variant;
  /** Elements. */
  readonly svg: string;
}

/** What a panel may have besides its run. */
export interface PanelOptions {
  /** Where the claim is that the run comes from. */
  readonly href?: string;
}

/** Draws the grace period of one variant. */
export function gracePanel(run: GraceRun, { href }: PanelOptions = {}): GracePanel {
  const { variant, steps } = run;
  const { title, today } = VARIANT_TITLES[variant];
  if (steps.length > COLUMNS)
    throw new BadInputError(
      `the run of ${variant} has ${steps.length} steps, and the picture room for ${COLUMNS}`,
    );
  const summary = summaryOf(run);
  const bottom = TOP + LANES.length * LANE;
  const heading = linked(href, text(MARGIN, 20, title, { kind: "head" }));
  const svg = [
    heading,
    text(MARGIN + widthOf(title, 15.5) + 12, 20, today, { kind: "soft" }),
    text(MARGIN, 40, summary),
    ...phases(steps, bottom),
    ...LANES.map((lane, n) => text(LEFT - 12, TOP + n * LANE + 22, LANE_NAMES[lane], { anchor: "end" })),
    ...LANES.map((lane, n) => base(lane, TOP + n * LANE, steps)),
    ...sections(steps),
    ...waits(steps),
    ...steps.map((step, n) => mark(step, n, variant)),
    ...steps.map((_, n) =>
      text(middle(n), bottom + 16, String(n + 1), { kind: "small soft", anchor: "middle" }),
    ),
  ].join("\n");
  return { variant, svg };
}

const x = (column: number): number => LEFT + column * COLUMN;
const middle = (column: number): number => x(column) + COLUMN / 2;
const laneTop = (lane: Lane): number => TOP + LANES.indexOf(lane) * LANE;

/** What the variant costs, read from the run. */
export function summaryOf({ variant, steps, disturbed, fences }: GraceRun): string {
  const hit = [...disturbed].filter(([, count]) => count > 0).map(([who]) => who);
  const strangers = hit.filter((who) => who !== "reader" && who !== "sleeper").length;
  const ticks = steps.filter(({ name }) => name === "TickOf").length;
  const woken = steps.some(({ name }) => name === "Wake");
  const parts = [
    hit.length === 0
      ? "Disturbs nobody."
      : variant === "signal"
        ? `Disturbs ${many(hit.length, "thread")} of its own process${woken ? ", and wakes one that reads nothing" : ""}.`
        : strangers === 0
          ? `Interrupts ${many(hit.length, "CPU")}, and only where its own process runs.`
          : `Interrupts ${many(hit.length, "CPU")}; ${strangers} of them ${strangers === 1 ? "runs" : "run"} nothing of its process.`,
    ...(fences > 0 ? [`The reader runs ${many(fences, "fence")}, whether anybody updates or not.`] : []),
    ...(ticks > 0
      ? [`Waits for ${many(ticks, "CPU")} to get there by themselves, which takes milliseconds.`]
      : []),
  ];
  return parts.join(" ");
}

function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** The parts of a grace period, as bands behind the lanes. */
function phases(steps: readonly GraceStep[], bottom: number): string[] {
  const at = (name: GraceStep["name"]): number => steps.findIndex((step) => step.name === name);
  const bands: readonly (readonly [number, number, string])[] = [
    [at("Ask"), at("Raise"), "the barrier"],
    [at("Raise"), at("Scan"), "waits for the section that was there"],
  ];
  return bands.flatMap(([from, to, label], n) => {
    if (from < 0 || to <= from) return [];
    const width = (to - from) * COLUMN;
    return [
      `<rect class="band${n}" x="${x(from) + COLUMN / 2}" y="${TOP - 4}" width="${width}" height="${bottom - TOP + 6}"/>`,
      ...(widthOf(label, 11) <= width
        ? [text(x(from) + COLUMN / 2 + width / 2, TOP - 10, label, { kind: "small soft", anchor: "middle" })]
        : []),
    ];
  });
}

/** The line of a lane: who runs, and who does not. */
function base(lane: Lane, top: number, steps: readonly GraceStep[]): string {
  const y = top + BAR.from + BAR.height / 2;
  const [from, to] = [x(0), x(steps.length)];
  if (lane === "idle") return `<path class="idle" d="M${from} ${y}H${to}"/>`;
  if (lane !== "sleeper") return `<path class="runs" d="M${from} ${y}H${to}"/>`;
  const woken = steps.findIndex(({ name }) => name === "Wake");
  if (woken < 0) return `<path class="idle" d="M${from} ${y}H${to}"/>`;
  return `<path class="idle" d="M${from} ${y}H${middle(woken)}"/><path class="runs" d="M${middle(woken)} ${y}H${to}"/>`;
}

/** The reader's sections, hatched while nobody else sees what the reader has announced last. */
function sections(steps: readonly GraceStep[]): string[] {
  const y = laneTop("reader") + BAR.from;
  const numbers = [...new Set(steps.flatMap(({ section }) => (section ? [section.number] : [])))];
  const bars = numbers.map((number) => {
    const inside = steps.flatMap(({ section }, n) => (section?.number === number ? [n] : []));
    const [first, last] = [inside[0] ?? 0, inside.at(-1) ?? 0];
    const cell = steps[last]?.section?.cell ?? "none";
    const end = last === steps.length - 1 ? x(steps.length) : middle(last + 1);
    return `<rect class="section ${cell}" x="${middle(first)}" y="${y}" width="${end - middle(first)}" height="${BAR.height}">${hoverTitle(`section ${number}: uses the ${cell} cell`)}</rect>`;
  });
  const hatched = steps.flatMap(({ unseen }, n) => {
    if (!unseen) return [];
    const end = n === steps.length - 1 ? x(steps.length) : middle(n + 1);
    return [
      `<rect class="unseen" x="${middle(n)}" y="${y - 1}" width="${round(end - middle(n))}" height="${BAR.height + 2}"/>`,
    ];
  });
  return [...bars, ...hatched];
}

/** When the updater waits. */
function waits(steps: readonly GraceStep[]): string[] {
  const at = (name: GraceStep["name"]): number => steps.findIndex((step) => step.name === name);
  const [from, to] = [at("Ask"), at("Scan")];
  if (from < 0 || to < 0) return [];
  const y = laneTop("updater") + BAR.from;
  return [
    `<rect class="waits" x="${middle(from)}" y="${y}" width="${(to - from) * COLUMN}" height="${BAR.height}">${hoverTitle("the updater waits")}</rect>`,
  ];
}

/** A step: its word in its lane, and for what the updater does to others a line from there. */
function mark(step: GraceStep, column: number, variant: Variant): string {
  const [cx, top] = [middle(column), laneTop(step.lane)];
  const y = top + BAR.from + BAR.height / 2;
  const disturbs = step.name === "Disturb" || step.name === "Wake";
  const label = text(cx, top + 11, wordOf(step, variant), {
    kind: disturbs ? "small bad bold" : "small",
    anchor: "middle",
    hover: hoverOf(step, column),
  });
  if (!disturbs) {
    const shape =
      step.name === "Fence"
        ? `<path class="fence" d="M${cx} ${y - 7}v14"/>`
        : step.name === "TickOf"
          ? `<path class="tick" d="M${cx} ${y - 5}v10"/>`
          : `<circle class="step" cx="${cx}" cy="${y}" r="2.5"/>`;
    return label + shape;
  }
  const from = laneTop("updater") + BAR.from + BAR.height;
  // The line stops above the word in its own lane, and goes on as the mark below it.
  return `<path class="hit" d="M${cx} ${from}V${top + 1}"/>${label}<path class="bolt" d="M${cx - 4} ${y - 6}h8l-4 11z"/>`;
}

function wordOf(step: GraceStep, variant: Variant): string {
  if (step.name === "Disturb") return variant === "signal" ? "signal" : "interrupt";
  // Where the readers pay, all that the updater asks for is a fence of its own.
  if (step.name === "Ask" && variant === "fence") return "fence";
  if (step.name === "Use") return `use ${step.section?.cell ?? ""}`.trim();
  return STEPS[step.name];
}

function hoverOf(step: GraceStep, column: number): string {
  const words: Readonly<Record<GraceStep["name"], string>> = {
    Lock: "the reader enters a section and announces it; its store is not seen yet",
    Use: "the reader follows the pointer",
    Unlock: "the reader leaves its section",
    Fence: "the reader's own fence: its announcement is seen",
    Drain: "the announcement leaves the store buffer by itself",
    Wake: "the sleeping thread is woken to handle its signal",
    Disturb: "stops what runs there, and is a full barrier",
    TickOf: "a tick or a switch, which comes anyway",
    Publish: "the updater replaces the cell",
    Ask: "the updater asks for the barrier",
    Raise: "everybody has passed a barrier: the updater raises the number",
    Scan: "the updater sees no reader that may hold the old cell",
    Free: "the updater frees the old cell",
  };
  return `${column + 1}: ${words[step.name]}`;
}

const NOTE =
  "Behaviours that TLC found, each the shortest in which the reader uses the old cell while it is replaced, and a new one when the old one is freed. " +
  "Steps go from left to right in the order of the behaviour; how long they take is not to scale.";

/** The grace period of each variant, one below the other, as one picture. */
export function gracePeriodSvg(panels: readonly GracePanel[], name = "grace-period"): string {
  const inOrder = VARIANTS.flatMap((variant) => panels.filter((panel) => panel.variant === variant));
  const width = LEFT + COLUMNS * COLUMN + MARGIN;
  const note = wrapped(NOTE, width - 2 * MARGIN);
  const top = 56 + note.length * 17 + 44;
  return svgDocument({
    name,
    width,
    height: top + inOrder.length * PANEL + 8,
    title: "A grace period, and who pays for it",
    desc: `When a reader reads, whom the updater disturbs and for whom it waits: ${inOrder.map(({ variant }) => VARIANT_TITLES[variant].title).join("; ")}.`,
    style: STYLE,
    defs: [
      `<pattern id="${name}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V5"/></pattern>`,
    ],
    body: [
      ...note.map((line, n) => text(MARGIN, 62 + n * 17, line, { kind: "soft" })),
      `<g transform="translate(0 ${top - 36})" style="--hatched:url(#${name}-hatch)">${legend(width)}</g>`,
      ...inOrder.map(
        ({ svg }, n) =>
          `<g transform="translate(0 ${top + n * PANEL})" style="--hatched:url(#${name}-hatch)">\n<path class="axis" d="M${MARGIN} 0H${width - MARGIN}"/>\n${svg}\n</g>`,
      ),
    ],
  });
}

function legend(width: number): string {
  const items: readonly (readonly [string, string])[] = [
    [`<rect class="section old" x="0" y="5" width="26" height="8"/>`, "a section"],
    [
      `<rect class="section old" x="0" y="5" width="26" height="8"/><rect class="unseen" x="0" y="4" width="26" height="10"/>`,
      "one that nobody else sees",
    ],
    [`<rect class="waits" x="0" y="5" width="26" height="8"/>`, "the updater waits"],
    [`<path class="bolt" d="M9 3h8l-4 11z"/>`, "disturbed"],
    [`<path class="fence" d="M13 2v14"/>`, "its own fence"],
    [`<path class="runs" d="M0 9h26"/>`, "runs"],
    [`<path class="idle" d="M0 9h26"/>`, "idle, or asleep"],
  ];
  let left = MARGIN;
  let line = 0;
  return items
    .map(([shape, words]) => {
      const needs = 36 + widthOf(words, 11) + 14;
      if (left + needs > width) [left, line] = [MARGIN, line + 1];
      const item = `<g transform="translate(${round(left)} ${line * 20})">${shape}${text(34, 13, words, { kind: "small" })}</g>`;
      left += needs;
      return item;
    })
    .join("");
}

const STYLE: Readonly<Record<string, string>> = {
  ".bad": `fill:${tone("bad")}`,
  ".runs": `stroke:${tone("soft")};stroke-width:1.5;fill:none`,
  ".idle": `stroke:${tone("soft")};stroke-width:1.5;stroke-dasharray:2 5;fill:none`,
  ".band0": `fill:${tone("faint")};stroke:${tone("line")};stroke-dasharray:3 3`,
  ".band1": `fill:none;stroke:${tone("line")};stroke-dasharray:3 3`,
  ".section": `stroke:${tone("blue")};stroke-width:1.5`,
  ".old": `fill:${tone("blue")}`,
  ".new,.none": `fill:${tone("blueFill")}`,
  ".unseen": `fill:var(--hatched);stroke:none`,
  ".hatch": `stroke:${tone("page")};stroke-width:5;fill:none`,
  ".waits": `fill:${tone("yellowFill")};stroke:${tone("amber")}`,
  ".hit": `stroke:${tone("bad")};stroke-width:1.5;stroke-dasharray:1 3;fill:none`,
  ".bolt": `fill:${tone("bad")}`,
  ".fence": `stroke:${tone("plum")};stroke-width:3.5;fill:none`,
  ".tick": `stroke:${tone("ink")};stroke-width:1.5;fill:none`,
  ".step": `fill:${tone("ink")}`,
};
