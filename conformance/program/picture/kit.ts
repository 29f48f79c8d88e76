import { escapeXml } from "../../base/xml.js";
import { paletteCss, tone } from "./palette.js";

/** A whole picture. */
export interface Picture {
  /** Told apart from other pictures on one page by it: letters, digits and hyphens. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** What it is, for those who don't see it; and shown at its top, unless `heading` is false. */
  readonly title: string;
  /** What it shows, in a sentence or two, for those who don't see it. */
  readonly desc: string;
  readonly heading?: boolean;
  /** Rules of its own, by selector; colours are tones of the palette. */
  readonly style?: Readonly<Record<string, string>>;
  /** Patterns and markers. */
  readonly defs?: readonly string[];
  /** Elements, already escaped. */
  readonly body: readonly string[];
}

/** Rules that every picture has. */
const RULES: Readonly<Record<string, string>> = {
  text: `font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:${tone("ink")}`,
  ".title": "font-size:18px;font-weight:600",
  ".head": "font-size:14px;font-weight:600",
  ".bold": "font-weight:700",
  ".small": "font-size:11px",
  ".soft": `fill:${tone("soft")}`,
  ".page": `fill:${tone("page")}`,
  ".axis": `stroke:${tone("line")};fill:none`,
  "a:focus rect,a:hover rect": `stroke:${tone("ink")};stroke-width:1.5`,
  "a:focus text,a:hover text": "text-decoration:underline",
};

/**
 * The picture as the text of an SVG file, which may also stand inside a page of HTML: its rules and ids are its own. The
 * colours follow the reader's light or dark setting.
 */
export function svgDocument(picture: Picture): string {
  const { name, width, height, title, desc, heading = true, style = {}, defs = [], body } = picture;
  const own = `.q-${name}`;
  const rules = Object.entries({ ...RULES, ...style }).map(
    ([selector, declarations]) =>
      `${selector
        .split(",")
        .map((one) => `${own} ${one}`)
        .join(",")}{${declarations}}`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="q-${name}" viewBox="0 0 ${round(width)} ${round(height)}" role="img" aria-labelledby="${name}-title ${name}-desc">`,
    `<title id="${name}-title">${escapeXml(title)}</title>`,
    `<desc id="${name}-desc">${escapeXml(desc)}</desc>`,
    `<style>${paletteCss(own, "light")}\n@media(prefers-color-scheme:dark){${paletteCss(own, "dark")}}\n${rules.join("\n")}</style>`,
    ...(defs.length > 0 ? [`<defs>${defs.join("")}</defs>`] : []),
    `<rect class="page" width="${round(width)}" height="${round(height)}"/>`,
    ...(heading ? [text(MARGIN, 36, title, { kind: "title" })] : []),
    ...body,
    "</svg>",
    "",
  ].join("\n");
}

/** Space at the edges of a picture. */
export const MARGIN = 16;

export interface TextOptions {
  /** Classes. */
  readonly kind?: string;
  readonly anchor?: "start" | "middle" | "end";
  /** What a pointer sees. */
  readonly hover?: string;
}

/** A line of text. */
export function text(x: number, y: number, content: string, options: TextOptions = {}): string {
  const { kind, anchor, hover } = options;
  const attributes = [
    ...(kind === undefined ? [] : [` class="${kind}"`]),
    ...(anchor === undefined || anchor === "start" ? [] : [` text-anchor="${anchor}"`]),
  ].join("");
  return `<text x="${round(x)}" y="${round(y)}"${attributes}>${escapeXml(content)}${hoverTitle(hover)}</text>`;
}

/** What a pointer sees over an element: a child of it. */
export function hoverTitle(content: string | undefined): string {
  return content === undefined ? "" : `<title>${escapeXml(content)}</title>`;
}

/** Elements that lead somewhere, if there is somewhere. */
export function linked(href: string | undefined, ...elements: readonly string[]): string {
  const safe = href !== undefined && !/^\s*(?:javascript|data|vbscript):/i.test(href);
  return safe ? `<a href="${escapeXml(href)}">${elements.join("")}</a>` : elements.join("");
}

/** Enough digits for a picture, and the same ones on every machine. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** How wide a text is at most, in fonts that are wide. */
export function widthOf(content: string, size = 12): number {
  let units = 0;
  for (const character of content) {
    if (/[iljtfI.,:;'|! ]/.test(character)) units += 0.36;
    else if (/[mwMW@%<>=+~#]/.test(character)) units += 0.95;
    else if (/[A-Z0-9]/.test(character)) units += 0.7;
    else units += (character.codePointAt(0) ?? 0) > 0x2e7f ? 1.05 : 0.6;
  }
  return units * size;
}

/** The text, or as much of it as fits. */
export function clipped(content: string, width: number, size = 12): string {
  if (widthOf(content, size) <= width) return content;
  const characters = [...content];
  while (characters.length > 1 && widthOf(`${characters.join("")}…`, size) > width) characters.pop();
  return `${characters.join("")}…`;
}

/** A text in lines that fit. */
export function wrapped(content: string, width: number, size = 12): string[] {
  const lines: string[] = [];
  for (const word of content.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${word}`, size) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => clipped(line, width, size));
}
