import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../base/root.js";
import { KEPT } from "./kept.fixture.js";
import { aboutKept, allKept, keep, keptName, RESULTS, readKept } from "./kept.js";
import { timeline } from "./timeline.js";

const home = mkdtempSync(join(tmpdir(), "quiesce-kept-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("a result that is kept", () => {
  beforeAll(() => mkdirSync(join(home, RESULTS), { recursive: true }));

  it("is read as it was written, by the name of its machine", () => {
    const path = keep(home, KEPT);
    expect(path).toBe("native/bench/results/made-up-2-cores.json");
    expect(readKept(join(home, path))).toEqual(KEPT);
    expect(allKept(home)).toEqual([KEPT]);
    expect(keptName("xeon-2-cores", false)).toBe("xeon-2-cores");
    expect(keptName("xeon-2-cores", true)).toBe("xeon-2-cores-tracing");
    for (const name of ["", "../x", "a b", "-a", "A"])
      expect(() => keptName(name, false)).toThrow(/--keep takes a name/);
  });

  it("says when it was measured and on what, and whether the machine was quiet", () => {
    const [machine = "", how = "", ...more] = aboutKept(KEPT);
    for (const words of [
      "2026-01-31",
      "made-up-2-cores",
      "A processor",
      "2 cores",
      "24 GiB",
      "liburcu 0.13.2",
    ])
      expect(machine).toContain(words);
    expect(how).toBe("Commit 0123456789ab; median, least and greatest of 5 rounds.");
    expect(more).toEqual([]);
    const busy = { ...KEPT.figures, quick: true, machine: { ...KEPT.figures.machine, busy: 0.4 } };
    const loaded = aboutKept({ ...KEPT, commit: "0123456789ab+", figures: busy }).join(" ");
    expect(loaded).toContain("Commit 0123456789ab, with changes that are not in it;");
    expect(loaded).toContain("--quick");
    expect(loaded).toContain("Loaded: others used 40 % of the processors, so these figures are rough.");
  });

  it.each<[what: string, change: object | string, problem: RegExp]>([
    ["of another form", { form: "quiesce-bench-0" }, /its form is "quiesce-bench-0", not "quiesce-bench-1"/],
    ["of no form", { form: undefined }, /its form is not stated/],
    ["without a date", { date: "yesterday" }, /it has no date/],
    ["without a machine", { name: undefined }, /it does not name its machine/],
    ["without a commit", { commit: "" }, /it names no commit/],
    [
      "with other figures",
      { figures: { ...KEPT.figures, rows: [{ name: "x" }] } },
      /figures\/rows\/0 must have/,
    ],
    ["that is no object", "[1]", /its form is not stated/],
    ["that is nothing", "null", /it is not an object/],
    ["that is cut off", '{"form":', /it is not JSON/],
  ])("is refused with a sentence: one %s", (_what, change, problem) => {
    const file = join(home, "refused.json");
    writeFileSync(file, typeof change === "string" ? change : JSON.stringify({ ...KEPT, ...change }));
    expect(() => readKept(file)).toThrow(problem);
  });

  it("is found in this repository only in that form, beside a page that says what they are", () => {
    expect(() => allKept(root)).not.toThrow();
    expect(readFileSync(join(root, RESULTS, "README.md"), "utf8")).toContain("bench --keep");
    expect(dirname(RESULTS)).toBe("native/bench");
  });
});

describe("the timeline of a measured grace period", () => {
  const count = (svg: string, kind: string): number =>
    svg.match(new RegExp(`class="${kind}"`, "g"))?.length ?? 0;

  it("has a bar for each variant that was measured, and a mark for each interrupt", () => {
    const svg = timeline(KEPT.figures.rows) ?? "";
    expect(count(svg, "bar")).toBe(5);
    expect(count(svg, "bolt")).toBe(0 + 1 + 2 + 3 + 4);
    expect(svg).toContain("An interrupt to every CPU");
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    const some = KEPT.figures.rows.filter(({ name }) => name.includes("expedited = 1"));
    expect(count(timeline(some) ?? "", "bar")).toBe(1);
    expect(timeline([])).toBeUndefined();
  });
});
