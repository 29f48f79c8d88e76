import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chartsOf } from "../bench/charts.js";
import type { BenchFigures, Row } from "../bench/figures.js";
import { KEPT } from "../bench/kept.fixture.js";
import { timeline } from "../bench/timeline.js";
import { refinementSvg } from "../picture/refinement.js";
import { type PictureGraph, stateGraphSvg } from "../picture/state-graph.js";
import { openBrowser, visit } from "../report/browser.fixture.js";
import { createFolder } from "./shared/program.fixture.js";

const root = dirname(createRequire(import.meta.url).resolve("quiesce/package.json"));
const EVIL = `<script>alert(1)</script>"&'</svg>`;
const LONG = `A${"Very".repeat(40)}LongName`;

/** Hostile and long names in every place that takes one. */
const GRAPH: PictureGraph = {
  title: `${EVIL}${LONG}`,
  all: 4000,
  states: Array.from({ length: 40 }, (_, n) => ({
    number: n + 1,
    variables: [[EVIL, LONG]] as const,
    shown: [`${EVIL} = ${LONG}`, LONG, "buffer: <<>> -> <<1>>"],
    initial: n === 0,
    cut: n % 5 === 0,
  })),
  edges: Array.from({ length: 90 }, (_, n) => ({
    from: (n * 7) % 40,
    to: (n * n + 3) % 40,
    action: [EVIL, LONG, "Go", "Wait", "Look"][n % 5] ?? "",
  })),
  broken: { what: `${EVIL}${LONG}`, path: [0, 3, 12], actions: [EVIL, LONG], atLast: true },
};
const NODE = {
  idea: `${EVIL} ${LONG}`,
  holds: 10_000,
  violated: 10_000,
  href: "javascript:alert(1)",
  children: [],
};
const TREE = [
  {
    ...NODE,
    module: LONG,
    children: [
      { ...NODE, module: EVIL, relation: "refines" as const, mapping: EVIL },
      {
        ...NODE,
        module: LONG,
        relation: "runs on" as const,
        children: [{ ...NODE, module: "Deep", relation: "refines" as const }],
      },
    ],
  },
];

const committed =
  (path: string): (() => string) =>
  () =>
    readFileSync(join(root, path), "utf8");
const PICTURES: readonly (readonly [string, () => string])[] = [
  ["grace-period", committed("spec/membarrier/generated/grace-period.svg")],
  ["refinements", committed("spec/generated/refinements.svg")],
  ["matrix", committed("spec/rcu/generated/matrix.svg")],
  ["compiler", committed("spec/rcu/generated/compiler.svg")],
  ["membarrier", committed("spec/rcu/generated/membarrier.svg")],
  ["state-graph", () => stateGraphSvg(GRAPH)],
  ["tree", () => refinementSvg(TREE)],
  ["timeline", () => timeline(KEPT.figures.rows) ?? ""],
  ...["ratios", "pairs-by-readers", "group-read-side"].map(
    (name) => [`chart of ${name}`, () => CHARTS.get(`${name}.svg`) ?? ""] as const,
  ),
];

const spread = (median: number) => ({ min: median / 2, median, max: median * 2 });
const row = (name: string, ours: number, more: Partial<Row> = {}): Row => ({
  name,
  group: "Read side",
  unit: "ns",
  ours: spread(ours),
  theirs: spread(1.21),
  sides: { ours: "quiesce", theirs: EVIL },
  others: [{ side: LONG, ...spread(48) }],
  ratio: ours / 1.21,
  against: null,
  aim: { of: "ratio", atMost: 0.75, text: "<= 0.75 of theirs" },
  met: ours < 1,
  family: null,
  ...more,
});
const CHARTS = chartsOf({
  rows: [
    row("read pair, reader in a register", 0.88),
    row(EVIL, 1.3),
    row(LONG, 9),
    ...[1, 2, 4, 8].map((at) =>
      row(`${at}`, at, { aim: null, family: { name: "pairs by readers", of: "readers", at } }),
    ),
  ],
} as unknown as BenchFigures);

interface Looked {
  readonly texts: number;
  readonly problems: readonly string[];
  readonly ground: string;
}

/** What a reader would see, in the page: texts that lie on each other, leave the picture or the box they stand in. */
const LOOK = `(() => {
  const svg = document.documentElement;
  const frame = svg.viewBox.baseVal;
  svg.setAttribute("width", frame.width);
  svg.setAttribute("height", frame.height);
  const problems = [];
  if (document.querySelector("script, foreignObject, image, [onload]")) problems.push("an element that nobody drew");
  if (document.querySelector('a[href^="javascript"]')) problems.push("a link that runs something");
  const boxes = [...document.querySelectorAll("text")].map((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return { element, left, right, top, bottom, words: (element.firstChild?.nodeValue ?? "").slice(0, 40) };
  });
  const size = svg.getBoundingClientRect();
  for (const { element, left, right, top, bottom, words } of boxes) {
    if (left < size.left || right > size.right || top < size.top || bottom > size.bottom)
      problems.push("leaves the picture: " + words);
    const box = element.parentElement.querySelector(":scope > rect.state")?.getBoundingClientRect();
    if (box && (left < box.left || right > box.right || bottom > box.bottom)) problems.push("leaves its box: " + words);
  }
  for (const [n, a] of boxes.entries())
    for (const b of boxes.slice(n + 1)) {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      // The boxes of two lines of text below each other touch.
      if (wide > 1 && high > 3.5) problems.push(a.words + " lies on " + b.words);
    }
  const ground = getComputedStyle(document.querySelector("rect.page")).fill;
  return { texts: boxes.length, problems, ground };
})()`;

describe("pictures in Chromium", () => {
  let browser: Browser;
  const folder = createFolder("pictures");
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    folder.remove();
  });

  const seen = async (name: string, svg: string, colorScheme: "light" | "dark"): Promise<Looked> => {
    folder.write({ [`${name}.svg`]: svg });
    let looked: Looked | undefined;
    await visit(
      browser,
      pathToFileURL(join(folder.path, `${name}.svg`)).href,
      async (page) => {
        looked = (await page.evaluate(LOOK)) as Looked;
      },
      { colorScheme },
    );
    return looked as unknown as Looked;
  };

  it.each(PICTURES)("%s can be read, in light and dark", async (name, draw) => {
    const light = await seen(name, draw(), "light");
    expect(light.problems).toEqual([]);
    expect(light.texts).toBeGreaterThan(5);
    const dark = await seen(name, draw(), "dark");
    expect(dark.problems).toEqual([]);
    expect([light.ground, dark.ground]).toEqual(["rgb(255, 255, 255)", "rgb(13, 17, 23)"]);
  });

  it("would see texts that lie on each other, leave the picture, or stand outside their box", async () => {
    const svg = (body: string): string =>
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><rect class="page" width="200" height="100"/>${body}</svg>`;
    const problems = async (body: string): Promise<string> =>
      (await seen("broken", svg(body), "light")).problems.join("; ");
    expect(await problems('<text x="9" y="50">one</text><text x="15" y="52">two</text>')).toBe(
      "one lies on two",
    );
    expect(await problems('<text x="190" y="50">outside</text>')).toBe("leaves the picture: outside");
    expect(
      await problems(
        '<g><rect class="state" x="9" y="9" width="20" height="40"/><text x="12" y="30">too wide</text></g>',
      ),
    ).toBe("leaves its box: too wide");
    expect(await problems('<a href="javascript:1"><text x="9" y="50">go</text></a>')).toBe(
      "a link that runs something",
    );
  });
});
