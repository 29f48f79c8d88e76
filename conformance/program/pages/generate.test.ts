import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Plan } from "../../contract/plan.js";
import { renderStepsHeader, renderStepsModule, renderWordsHeader } from "../../plan/headers.js";
import { stepIds } from "../../plan/steps.js";
import { renderTests } from "../../plan/tests.js";
import { staleFiles, writeFiles } from "./generate.js";
import { insertLetters } from "./letters.js";

const folder = mkdtempSync(join(tmpdir(), "quiesce-generate-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("step names", () => {
  it("are numbered alphabetically after Idle, whatever the order of the specification", () => {
    expect(stepIds(["Wake", "Announce"])).toEqual(["Idle", "Announce", "Wake"]);
    expect(stepIds(["Announce", "Wake"])).toEqual(["Idle", "Announce", "Wake"]);
  });

  it("are the same in C and TypeScript", () => {
    const ids = ["Idle", "Announce", "Wake"];
    expect(renderStepsHeader(ids, "made")).toContain(
      "  QS_STEP_Announce = 1,\n  QS_STEP_Wake = 2,\n  QS_STEP_COUNT = 3\n",
    );
    expect(renderStepsModule(ids, "made")).toContain('  "Idle",\n  "Announce",\n  "Wake",\n] as const;');
  });
});

describe("the words' header", () => {
  it("numbers the groups in the order of the contract", () => {
    const words = [
      { name: "gp", value: "1" },
      { name: "cell", value: "cell" },
    ];
    expect(renderWordsHeader({ words }, "made")).toContain(
      "  QS_WORD_gp = 0,\n  QS_WORD_cell = 1,\n  QS_WORD_COUNT = 2\n",
    );
    expect(renderWordsHeader({ words }, "made")).toContain(
      '#define QS_WORD_NAMES \\\n  "gp", \\\n  "cell"\n',
    );
  });
});

describe("the generated tests", () => {
  const path = [0, 1];
  const plan: Plan = {
    format: 3,
    claim: "rcu/Urcu",
    module: "Urcu",
    refusable: [],
    source: "",
    constants: {},
    lanes: [],
    words: [],
    groups: [],
    positions: -1,
    steps: ["Idle", "Announce"].map((name) => ({ name, with: {} })),
    states: [[]],
    initial: [0],
    edges: [
      [0, 0, 1, 0],
      [0, 1, 1, 0],
    ],
    paths: Array.from({ length: 10 }, () => path),
  };

  it("name every path once, with its number of steps", () => {
    const short = { ...plan, paths: [path] };
    const plans = [
      { claim: "rcu/a", plan },
      { claim: "rcu/b", plan: short },
    ];
    const text = renderTests(plans, { name: "impl", title: "it" }, "// made");
    const rangesOf = (claim: string) =>
      [...text.matchAll(/claim: "(.*)", from: (\d+), to: (\d+), steps: (\d+)/g)]
        .filter((match) => match[1] === claim)
        .map((match) => match.slice(2).map(Number));
    const ranges = rangesOf("rcu/a");
    expect(rangesOf("rcu/b")).toEqual([[1, 1, 2]]);
    expect(ranges).toEqual([
      [1, 2, 4],
      [3, 4, 4],
      [5, 6, 4],
      [7, 8, 4],
      [9, 10, 4],
    ]);
    expect(text).toContain('follow("impl", range)');
    expect(text.startsWith("// made\n")).toBe(true);
  });
});

describe("insertLetters", () => {
  const rows = [
    {
      letter: "A",
      name: "FenceA",
      side: "reader",
      orders: "x -> y",
      strength: "barrier",
      pairs: "E",
      dropped: "a hang",
      claim: "rcu/a",
      rooms: ["spec"],
    },
  ];

  it("replaces the text between the marks, and nothing else", () => {
    const once = insertLetters("before\n<!-- letters -->\nold\n<!-- /letters -->\nafter\n", rows);
    expect(once).toMatch(
      /^before\n<!-- letters -->\n\| letter .*\n\|---.*\n\| A \| reader \| x -> y .*\[`rcu\/a`\]\(spec\/generated\/claims\/rcu\/a\.md\) \|\n<!-- \/letters -->\nafter\n$/,
    );
    expect(insertLetters(once, rows)).toBe(once);
  });

  it("refuses a page without the marks", () => {
    expect(() => insertLetters("no marks", rows)).toThrow(/lacks the marks/);
  });
});

describe("staleFiles", () => {
  it("names what is missing or differs, and nothing after writing", () => {
    const files = [
      { path: "a/b.txt", text: "one\n" },
      { path: "c.txt", text: "two\n" },
    ];
    expect(staleFiles(folder, files)).toEqual(["a/b.txt", "c.txt"]);
    writeFiles(folder, files);
    expect(staleFiles(folder, files)).toEqual([]);
    expect(readFileSync(join(folder, "a/b.txt"), "utf8")).toBe("one\n");
    expect(staleFiles(folder, [{ path: "c.txt", text: "three\n" }])).toEqual(["c.txt"]);
  });
});
