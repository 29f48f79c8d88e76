import { escapeXml } from "../base/xml.js";
import type { Drawing } from "../litmus/result.js";
import { draw, type Shape } from "./draw.js";

/** Colours that a reader's light or dark setting chooses between; dark ones second. */
const COLOURS: Readonly<Record<string, readonly [string, string]>> = {
  paper: ["#ffffff", "#0d1117"],
  ink: ["#1b1f24", "#e6edf3"],
  soft: ["#57606a", "#a3acb5"],
  line: ["#d0d7de", "#3d444d"],
  shade: ["#f3f4f6", "#161b22"],
  rf: ["#116329", "#56d364"],
  fr: ["#a40e26", "#ff9a92"],
  co: ["#0550ae", "#79b8ff"],
  rcu: ["#6b21a8", "#d2a8ff"],
};

const RULES = `
.lx-box{fill:var(--shade);stroke:var(--line)}
.lx-event{font:13px ui-monospace,monospace;fill:var(--ink);text-anchor:middle}
.lx-head{font:600 14px system-ui,sans-serif;fill:var(--ink);text-anchor:middle}
.lx-title{font:13px system-ui,sans-serif;fill:var(--soft)}
.lx-lane{stroke:var(--line);stroke-dasharray:2 4;fill:none}
.lx-arrow{fill:none;stroke-width:1.8}
.lx-name{font:600 12px system-ui,sans-serif;text-anchor:middle;paint-order:stroke;stroke:var(--paper);stroke-width:5px;stroke-linejoin:round}
.lx-beside{text-anchor:start}
.lx-po{stroke-dasharray:3 3}
${["rf", "fr", "co", "rcu", "kept", "po"]
  .map((kind) => {
    const colour = `var(--${kind === "kept" ? "ink" : kind === "po" ? "soft" : kind})`;
    return `.lx-arrow.lx-${kind}{stroke:${colour}}.lx-tip.lx-${kind},.lx-name.lx-${kind}{fill:${colour}}`;
  })
  .join("\n")}
`;

/** A drawing as the text of an SVG file, which needs nothing else and follows the reader's light or dark setting. */
export function svgOf(drawing: Drawing, title: string): string {
  const { width, height, shapes } = draw(drawing);
  const wide = Math.max(width, 24 + title.length * 7);
  const colours = (n: 0 | 1): string =>
    Object.entries(COLOURS)
      .map(([name, pair]) => `--${name}:${pair[n]}`)
      .join(";");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${height + TITLE}" width="${wide}" height="${height + TITLE}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>svg{${colours(0)}}@media(prefers-color-scheme:dark){svg{${colours(1)}}}${RULES}</style>`,
    `<rect width="100%" height="100%" fill="var(--paper)"/>`,
    `<text class="lx-title" x="12" y="20">${escapeXml(title)}</text>`,
    `<g transform="translate(0 ${TITLE})">`,
    ...shapes.map(textOf),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

const TITLE = 24;

function textOf({ element, attributes, text }: Shape): string {
  const all = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`);
  return `<${element}${all.join("")}${text === undefined ? "/>" : `>${escapeXml(text)}</${element}>`}`;
}
