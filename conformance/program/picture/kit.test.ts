import { describe, expect, it } from "vitest";
import { clipped, linked, svgDocument, text, widthOf, wrapped } from "./kit.js";
import { PALETTE, paletteCss, type ToneName } from "./palette.js";

/** The contrast of two colours, from 1 to 21, as WCAG 2 computes it. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [a, b].map(luminance).toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe("the palette", () => {
  const modes = ["light", "dark"] as const;
  const names = Object.keys(PALETTE) as ToneName[];

  it("knows black on white", () => {
    expect(contrast("#ffffff", "#000000")).toBeCloseTo(21);
    expect(contrast("#777777", "#ffffff")).toBeLessThan(4.5);
  });

  it.each(modes)("has text that can be read on %s ground, and on each fill", (mode) => {
    for (const name of ["ink", "soft", "bad", "good", "blue", "plum", "amber"] as const)
      for (const ground of ["page", "faint"] as const)
        expect(
          contrast(PALETTE[name][mode], PALETTE[ground][mode]),
          `${name} on ${ground}`,
        ).toBeGreaterThanOrEqual(4.5);
    for (const name of names.filter((one) => one.endsWith("Fill")))
      expect(contrast(PALETTE.ink[mode], PALETTE[name][mode]), `ink on ${name}`).toBeGreaterThanOrEqual(4.5);
  });

  it("is set on a selector whole", () => {
    expect(paletteCss("html.dark svg", "dark")).toMatch(/^html\.dark svg\{--page:#0d1117;.*\}$/);
    expect(paletteCss("svg", "light").match(/--/g)).toHaveLength(names.length);
  });
});

describe("a picture", () => {
  const EVIL = `</text><script>alert("1")</script>&\u0000\u001b'`;
  const picture = svgDocument({
    name: "evil",
    width: 100,
    height: 50,
    title: EVIL,
    desc: EVIL,
    style: { ".a,.b": "fill:red" },
    body: [text(1, 2, EVIL, { hover: EVIL })],
  });

  it("says what it is, and takes no element from a name", () => {
    expect(picture).toContain('aria-labelledby="evil-title evil-desc"');
    expect(picture).toContain('<desc id="evil-desc">');
    for (const bad of ["<script", "\u0000", "\u001b"]) expect(picture).not.toContain(bad);
    expect(picture.match(/<text/g)).toHaveLength(2);
  });

  it("has rules that are its own, also inside a page", () => {
    const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(picture) ?? [];
    const selectors = [...style.replace(/@media[^{]*\{/, "").matchAll(/([^{}]+)\{/g)].flatMap(
      ([, one = ""]) => one.split(","),
    );
    expect(selectors.length).toBeGreaterThan(10);
    for (const selector of selectors) expect(selector.trim()).toMatch(/^\.q-evil(?: |$)/);
  });

  it("leads nowhere where a link would run something", () => {
    for (const href of ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", undefined])
      expect(linked(href, "<g/>")).toBe("<g/>");
    expect(linked('a.md#"x', "<g/>")).toBe('<a href="a.md#&quot;x"><g/></a>');
  });
});

describe("texts", () => {
  it("fit, or say that they go on", () => {
    expect(clipped("short", 100)).toBe("short");
    const long = clipped("a".repeat(500), 100);
    expect(long.endsWith("…")).toBe(true);
    expect(widthOf(long)).toBeLessThanOrEqual(100);
    const lines = wrapped(`${"some words ".repeat(20)}${"x".repeat(300)}`, 120);
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(120);
  });
});
