import { describe, expect, it } from "vitest";
import { chartsOf, spacedOut } from "./charts.js";
import type { BenchFigures, Row } from "./figures.js";

const at = (median: number) => ({ min: median / 2, median, max: median * 2 });

const row = (more: Partial<Row>): Row => ({
  name: 'pair & "loop" <x>',
  group: "Read side",
  unit: "ns",
  ours: at(1),
  theirs: at(2),
  sides: { ours: "quiesce", theirs: "liburcu-memb" },
  others: [],
  ratio: 0.5,
  against: null,
  aim: { of: "ratio", atMost: 0.75, text: "<= 0.75" },
  met: true,
  family: null,
  ...more,
});

const readers = (n: number, ours: Row["ours"] = at(n)): Row =>
  row({ name: `${n} readers`, ours, aim: null, family: { name: "pairs by readers", of: "readers", at: n } });

const charts = (...rows: Row[]) => chartsOf({ rows } as unknown as BenchFigures);

/** Each tag of an SVG that is opened is closed, and no text is taken for a tag. */
function isWellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [, close, name = "", empty] of svg
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .matchAll(/<(\/)?([a-z]+)(?:\s[a-zA-Z-]+="[^"<]*"|\s[a-z]+:[a-z]+="[^"]*")*\s*(\/)?>/g)) {
    if (close) {
      if (open.pop() !== name) return false;
    } else if (!empty) open.push(name);
  }
  return open.length === 0;
}

describe("the charts", () => {
  it("are one of all ratios, one for each family, and one for each group of the rest", () => {
    const made = charts(row({}), readers(1), readers(2), readers(8));
    expect([...made.keys()]).toEqual(["ratios.svg", "pairs-by-readers.svg", "group-read-side.svg"]);
    for (const svg of made.values()) expect(isWellFormed(svg), svg).toBe(true);
    expect(made.get("ratios.svg")).toContain("pair &amp; &quot;loop&quot; &lt;x&gt;");
  });

  it("have no coordinate that is no number, whatever is missing", () => {
    const made = charts(row({ ratio: 0.0001 }), readers(1, null), readers(2, { min: 0, median: 0, max: 0 }));
    for (const svg of made.values()) expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    for (const svg of charts(readers(4)).values()) expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("have a bar a side, with its least and greatest figure, and say whether the aim is met", () => {
    const others = [{ side: "liburcu-mb", ...at(40) }];
    const svg = charts(
      row({ others }),
      row({ name: "one", theirs: null, ours: { min: 3, median: 3, max: 3 } }),
    ).get("group-read-side.svg");
    expect(svg?.match(/<rect class="(?:ours|theirs|other)"/g)).toHaveLength(4);
    expect(svg?.match(/class="whisker"/g)).toHaveLength(3);
    for (const words of ["1.00 ns (0.50-2.00)", ">3.00 ns<", "(aim: &lt;= 0.75, met)", "liburcu-mb"])
      expect(svg).toContain(words);
    expect(charts(row({ ours: null, theirs: null, ratio: null })).size).toBe(0);
  });

  it("have labels beside each other, not on each other", () => {
    const places = spacedOut([100, 98, 101, 300]);
    const sorted = places.toSorted((a, b) => a - b);
    for (const [index, y] of sorted.slice(1).entries())
      expect(y - (sorted[index] ?? 0)).toBeGreaterThanOrEqual(16);
    expect(places[3]).toBe(300);
  });
});
