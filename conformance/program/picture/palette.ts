/** The colours of every picture by what they are for, on light and on dark ground. */
export interface Tone {
  readonly light: string;
  readonly dark: string;
}

/**
 * The palette. Names that end in "Fill" lie under text in `ink`; `bad`, `good`, `blue` and `plum` are for lines, marks and
 * text. A test holds each to the contrast that it needs, and a colour always stands beside a word, a shape or a pattern.
 */
export const PALETTE = {
  page: { light: "#ffffff", dark: "#0d1117" },
  ink: { light: "#1f2328", dark: "#e6edf3" },
  soft: { light: "#57606a", dark: "#9aa4af" },
  line: { light: "#c9d1d9", dark: "#3d444d" },
  faint: { light: "#f3f5f7", dark: "#161b22" },
  bad: { light: "#b42318", dark: "#ff8b80" },
  good: { light: "#0b6e4f", dark: "#4cc38a" },
  blue: { light: "#0a5cad", dark: "#6cb6ff" },
  plum: { light: "#7b3fa0", dark: "#c8a2f0" },
  amber: { light: "#8a5a00", dark: "#e3b341" },
  redFill: { light: "#f2a59d", dark: "#8f2f2a" },
  orangeFill: { light: "#f4bfa0", dark: "#87492a" },
  yellowFill: { light: "#f3d79a", dark: "#6f5a1d" },
  blueFill: { light: "#b9c8ee", dark: "#33477f" },
  greenFill: { light: "#bfe3d0", dark: "#1f5a42" },
  plumFill: { light: "#d9c3e8", dark: "#5d3f78" },
  plainFill: { light: "#eef1f4", dark: "#23292f" },
} as const satisfies Readonly<Record<string, Tone>>;

export type ToneName = keyof typeof PALETTE;

/** A colour in a style: follows the reader's light or dark setting. */
export function tone(name: ToneName): string {
  return `var(--${name})`;
}

/** The palette as custom properties of an element. A site with a switch of its own sets them on its own selectors. */
export function paletteCss(selector: string, mode: "light" | "dark"): string {
  const properties = Object.entries(PALETTE).map(([name, colours]) => `--${name}:${colours[mode]}`);
  return `${selector}{${properties.join(";")}}`;
}
