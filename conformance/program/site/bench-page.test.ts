import { describe, expect, it } from "vitest";
import { KEPT } from "../bench/kept.fixture.js";
import { benchPage } from "./bench-page.js";

describe("the page of the benchmarks", () => {
  it("states machine and date of each result, and shows all of its charts", () => {
    const other = { ...KEPT, name: "other", date: "2026-02-01" };
    const { page, pictures } = benchPage([KEPT, other]);
    expect(page.text).toContain("Measured on 2026-01-31 on made-up-2-cores: A processor");
    expect(page.text).toContain("Measured on 2026-02-01 on other: A processor");
    // What a machine calls its processor is text.
    expect(page.text).not.toContain("<b>");
    expect([...pictures.keys()]).toEqual(
      ["made-up-2-cores", "other"].flatMap((name) =>
        ["timeline.svg", "group-grace-period.svg"].map((chart) => `native/bench/results/${name}/${chart}`),
      ),
    );
    for (const path of pictures.keys())
      expect(page.text).toContain(`](${path.replace("native/bench/results/", "")})`);
  });

  it("says how a result is kept where there is none", () => {
    const { page, pictures } = benchPage([]);
    expect(page.text).toContain("No result is kept yet");
    expect(page.text).toContain("npx quiesce bench --keep NAME");
    expect(pictures.size).toBe(0);
  });
});
