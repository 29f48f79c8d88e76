import { createHash } from "node:crypto";
import { escapeXml } from "../../base/xml.js";
import { PAGE_SCRIPT } from "./page-script.js";
import { PALETTE } from "./svg.js";
import { laneName, type Timeline, timeText } from "./timeline.js";

/**
 * A recording as a page that stands for itself: time by thread, to zoom and to point at. Whatever stands in names and
 * strings of a traced program is data there: it comes as JSON that can't end its element, it is shown as text only, and the
 * page runs no script but its own, by its hash.
 */
export function timelinePage(timeline: Timeline, title: string): string {
  const { begin, length, lanes, names, events, spans, left, lost } = timeline;
  const data = {
    begin: String(begin),
    length,
    lanes: lanes.map((lane) => ({ name: laneName(lane), lost: String(lane.lost) })),
    names,
    at: events.map(({ at }) => at),
    lane: events.map(({ lane }) => lane),
    name: events.map(({ name }) => name),
    text: events.map(({ text }) => text),
    spans: spans.map(({ lane, name, from, to, depth }) => [lane, name, from, to, depth]),
    palette: PALETTE,
  };
  const hash = createHash("sha256").update(PAGE_SCRIPT).digest("base64");
  const said = [
    `${events.length.toLocaleString("en-US")} events of ${lanes.length} thread${lanes.length === 1 ? "" : "s"} in ${timeText(length)}`,
    ...(left > 0 ? [`${left.toLocaleString("en-US")} later ones are not in this page`] : []),
    ...(lost > 0n ? [`${lost.toLocaleString("en-US")} were lost: there was no room for them`] : []),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeXml(title)}</h1>
<p>${escapeXml(said.join("; "))}. Turn the wheel, or press + and -, to zoom; drag, or press the arrows, to move; 0 shows all; point at an event to read it.</p>
<div id="legend"></div>
<canvas id="view" tabindex="0" role="img" aria-label="${escapeXml(said.join("; "))}"></canvas>
<div id="tip" role="status"></div>
<script type="application/json" id="data">${jsonIn(data)}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

/** JSON inside of an element: no "<" can begin or end anything there. */
export function jsonIn(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

const STYLE = `
:root{--page:#fff;--text:#1f2328;--quiet:#59636e;--line:#d8dee4}
@media(prefers-color-scheme:dark){:root{--page:#0d1117;--text:#e6edf3;--quiet:#9198a1;--line:#2d333b}}
body{margin:16px;background:var(--page);color:var(--text);font:14px system-ui,sans-serif}
h1{font-size:18px;margin:0 0 4px;overflow-wrap:anywhere}p{margin:0 0 8px;color:var(--quiet)}
#legend{display:flex;flex-wrap:wrap;gap:4px 14px;margin-bottom:8px}
#legend button{font:inherit;color:inherit;background:none;border:0;padding:2px;cursor:pointer;display:flex;gap:6px;align-items:center}
#legend button[aria-pressed=false]{opacity:.35}#legend i{width:12px;height:12px;display:inline-block}
canvas{display:block;width:100%;border:1px solid var(--line);touch-action:none}
#tip{position:fixed;max-width:60ch;padding:6px 9px;background:var(--page);border:1px solid var(--line);border-radius:4px;
white-space:pre-wrap;overflow-wrap:anywhere;pointer-events:none;display:none}`;
