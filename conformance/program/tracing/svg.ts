import { escapeXml } from "../../base/xml.js";
import { laneName, type Timeline, ticks, timeText } from "./timeline.js";

const LEFT = 230;
const WIDTH = 1000;
const LANE = 30;
const TOP = 64;
/** More would make a picture that nobody looks through; what is not shown is said. */
const MOST_LANES = 64;
const COLOURS = 8;

/**
 * A recording as a picture: time by thread. A line is an event, or many that lie on the same place; a bar lasts from an
 * event to the one that ends what it began. The colours follow the reader's light or dark setting.
 */
export function timelineSvg(timeline: Timeline, title: string): string {
  const { lanes, names, length, left, lost } = timeline;
  const shown = lanes.slice(0, MOST_LANES);
  const scale = WIDTH / Math.max(length, 1);
  const bottom = TOP + shown.length * LANE;
  const legend = legendOf(timeline, bottom + 52);
  const notes = [
    ...(lanes.length > shown.length ? [`${lanes.length - shown.length} more threads are not shown.`] : []),
    ...(left > 0 ? [`${left.toLocaleString("en-US")} later events are not shown.`] : []),
    ...(lost > 0n ? [`${lost.toLocaleString("en-US")} events were lost: there was no room for them.`] : []),
  ];
  const height = legend.bottom + notes.length * 20 + 20;
  const axis = ticks(length, 8).map(
    (at) => `<path class="grid" d="M${x(at)} ${TOP}V${bottom}"/>
<text class="small" x="${x(at)}" y="${bottom + 18}" text-anchor="middle">${timeText(at)}</text>`,
  );
  const rows = shown.map((lane, i) => {
    const y = TOP + i * LANE;
    return `<text x="${LEFT - 10}" y="${y + 19}" text-anchor="end">${escapeXml(short(laneName(lane)))}<title>${escapeXml(laneName(lane))}</title></text>
<path class="base" d="M${LEFT} ${y + LANE - 5}h${WIDTH}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 30} ${height}" role="img" aria-labelledby="title desc">
<title id="title">${escapeXml(title)}</title>
<desc id="desc">Events by thread over time: ${escapeXml(names.map(({ name, count }) => `${count} ${name}`).join(", "))}.</desc>
<style>${STYLE}</style>
<rect class="page" width="${LEFT + WIDTH + 30}" height="${height}"/>
<text class="title" x="16" y="36">${escapeXml(title)}</text>
${axis.join("\n")}
${rows.join("\n")}
${bars(timeline, scale, shown.length).join("\n")}
${marks(timeline, scale, shown.length).join("\n")}
${legend.parts.join("\n")}
${notes.map((note, i) => `<text class="small" x="16" y="${legend.bottom + 14 + i * 20}">${escapeXml(note)}</text>`).join("\n")}
</svg>
`;

  function x(at: number): number {
    return Math.round((LEFT + at * scale) * 10) / 10;
  }
}

const colourOf = (name: number): string => `c${name % COLOURS}`;

/** What tells threads apart stands at the end. */
function short(text: string): string {
  return text.length > 32 ? `${text.slice(0, 6)}..${text.slice(-24)}` : text;
}

/** One path for each name: its places, each once. */
function marks({ events, names }: Timeline, scale: number, lanes: number): string[] {
  const paths = names.map(() => new Set<string>());
  for (const { at, lane, name } of events) {
    if (lane < lanes) paths[name]?.add(`M${Math.round(LEFT + at * scale)} ${TOP + lane * LANE + 13}v12`);
  }
  return paths.map(
    (places, name) =>
      `<path class="mark ${colourOf(name)}" d="${[...places].join("")}"><title>${escapeXml(names[name]?.name ?? "")}</title></path>`,
  );
}

function bars({ spans, names }: Timeline, scale: number, lanes: number): string[] {
  const paths = new Map<number, Set<string>>();
  for (const { lane, name, from, to, depth } of spans) {
    if (lane >= lanes || depth > 2) continue;
    const width = Math.max(Math.round((to - from) * scale * 10) / 10, 0.5);
    const place = `M${Math.round((LEFT + from * scale) * 10) / 10} ${TOP + lane * LANE + 13 - 4 * depth}h${width}v-4h-${width}z`;
    const places = paths.get(name) ?? new Set();
    paths.set(name, places.add(place));
  }
  return [...paths].map(
    ([name, places]) =>
      `<path class="bar ${colourOf(name)}" d="${[...places].join("")}"><title>${escapeXml(names[name]?.name ?? "")}</title></path>`,
  );
}

function legendOf(
  { names }: Timeline,
  top: number,
): { readonly parts: readonly string[]; readonly bottom: number } {
  const parts = names.map(({ name, count }, i) => {
    const [left, y] = [16 + (i % 3) * 410, top + Math.floor(i / 3) * 22];
    return `<path class="bar ${colourOf(i)}" d="M${left} ${y - 10}h12v12h-12z"/>
<text x="${left + 20}" y="${y}">${escapeXml(short(name))} <tspan class="small">${count.toLocaleString("en-US")}</tspan><title>${escapeXml(name)}</title></text>`;
  });
  return { parts, bottom: top + Math.ceil(names.length / 3) * 22 };
}

/** Colours that differ for colour-blind readers, too: Okabe and Ito's, darker or lighter for each ground. */
const LIGHT = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#7b3fa0", "#555555"];
const DARK = ["#56b4e9", "#ff8c42", "#2dd4a0", "#e8a0c8", "#f0c040", "#8ecae6", "#b794f4", "#aaaaaa"];

/** The colours of names, for light and dark pages. */
export const PALETTE = { light: LIGHT, dark: DARK } as const;

const rules = (colours: readonly string[]): string =>
  colours.map((colour, i) => `.mark.c${i}{stroke:${colour}}.bar.c${i}{fill:${colour}}`).join("");

const STYLE = `text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-size:18px;font-weight:600}.small{font-size:11px;fill:#59636e}
.page{fill:#fff}.grid{stroke:#d8dee4;fill:none}.base{stroke:#afb8c1;fill:none}.mark{fill:none;stroke-width:1}.bar{opacity:.75}${rules(LIGHT)}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}.page{fill:#0d1117}.grid{stroke:#2d333b}.base{stroke:#444c56}${rules(DARK)}}`;
