import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asked } from "../../../spec/tlc/base/patient.fixture.js";
import { openBrowser, violationsOf, visit } from "./browser.fixture.js";
import { coverageTable } from "./coverage.js";
import { html } from "./html.js";
import type { Finding, Results, Run } from "./results.js";
import type { Graph, Recorded } from "./viewer/views.js";

const EVIL = `</script><img src=x onerror="document.title='broken in'">`;

/** A square of states: right and down, or staying in the last column; its last state is the end. */
function square(side: number, path: readonly number[] = []): Graph {
  const at = (x: number, y: number): number => y * side + x;
  const edges: number[] = [];
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      if (x + 1 < side) edges.push(at(x, y), 0, at(x + 1, y));
      if (y + 1 < side) edges.push(at(x, y), 1, at(x, y + 1));
      if (x + 1 === side && y + 1 < side) edges.push(at(x, y), 2, at(x, y));
    }
  return {
    names: ["pc", "x", "y"],
    values: [`(1 :> "idle")`, JSON.stringify(EVIL), ...Array.from({ length: side }, (_, i) => String(i))],
    states: Array.from({ length: side * side }, (_, i) => [
      i % 7 === 6 ? 1 : 0,
      2 + (i % side),
      2 + Math.floor(i / side),
    ]),
    initial: [0],
    actions: ["Right", "Down", `Stay ${EVIL}`],
    edges,
    path: [...path],
  };
}

const run = (steps: readonly string[]): Run => ({
  sequence: {
    participants: ["a", "b"],
    steps: steps.map((step, i) => [{ over: 0, lines: [`${i + 1}. ${step}`] }]),
    after: [],
    broken: "Small is violated",
  },
  states: [],
});

const recorded: Recorded = {
  lanes: [
    {
      name: "updater",
      boxes: [
        { step: "Begin", start: 0, end: 400, observed: [], state: "explained" },
        {
          step: "Scan",
          start: 500,
          end: 2_000,
          observed: ["seen = 1"],
          state: "next",
          why: `it allows ${EVIL}`,
        },
      ],
    },
    { name: EVIL, boxes: [{ step: "Lock", start: 300, observed: [], state: "later" }] },
  ],
  before: 12_345,
  after: 0,
};

const finding = (id: string, more: Partial<Finding> = {}): Finding => ({
  id,
  group: "specs",
  outcome: "pass",
  verdict: "holds",
  seconds: 0.1,
  ...more,
});

const findings = [
  finding("small", {
    verdict: "violated",
    run: run(["Right", "Down", "Right"]),
    graph: square(3, [0, 1, 4, 5]),
    actions: [
      { name: "Right", place: "M.tla:3", taken: 6 },
      { name: "Never", place: "M.tla:9", taken: 0 },
      { name: "Idle", place: "M.tla:11", taken: 0, idle: true },
    ],
  }),
  finding("other", { verdict: "violated", run: run(["Right", "Right"]) }),
  finding("large", { graph: square(100) }),
  finding("too large", { graphNote: "No state graph to explore: it has 123,456 states." }),
  finding("recorded", { outcome: "fail", verdict: "rejected", recorded }),
];

const coverage = coverageTable(findings);
const results: Results = {
  command: "check",
  title: "Claims",
  findings,
  problems: [],
  seconds: 1,
  notes: [],
  tables: [
    ...(coverage === undefined ? [] : [coverage]),
    {
      title: "Necessity, number",
      sentence: EVIL,
      corner: "left out",
      columns: Array.from({ length: 16 }, (_, i) => `order ${i}`),
      rows: [{ name: "A", sentence: EVIL, cells: [{ text: "freed", tone: "bad", id: "small" }, undefined] }],
    },
  ],
};

describe("the page's views", () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), "quiesce-views-"));
  const file = join(folder, "report.html");
  beforeAll(async () => {
    writeFileSync(file, html.report(results, "/repo"));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  const withPage = (
    values: Readonly<Record<string, string>>,
    test: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<void> => visit(browser, `${pathToFileURL(file)}#${new URLSearchParams(values)}`, test, options);
  const said = (page: Page): Promise<string> => page.locator(".explore > .said").innerText();
  const steps = (page: Page): Promise<string[]> =>
    page.locator(".steps").first().locator("li > a").allInnerTexts();

  it("explore a state graph with the keyboard: what is enabled, where it leads, and back", async () => {
    await withPage({ id: "small" }, async (page) => {
      expect(await said(page)).toBe("State 0, initial, on the counterexample's way, 2 steps enabled");
      expect(await steps(page)).toEqual(["Right", "Down"]);
      expect(page.url()).not.toContain("state=");
      await page.keyboard.press("2");
      expect(await said(page)).toBe("State 3, 1 step from the start, 2 steps enabled");
      expect(page.url()).toContain("state=3");
      expect(await page.locator(".explore .values tr.changed").allInnerTexts()).toEqual([
        expect.stringMatching(/^y\t1/),
      ]);
      // The first step has the focus by now; the second is Down.
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      expect(await said(page)).toBe("State 6, 2 steps from the start, 1 step enabled");
      await page.keyboard.press("b");
      expect(await said(page)).toMatch(/^State 3,/);
      await page.keyboard.press("v");
      expect(await said(page)).toBe(
        "State 5, 3 steps from the start, the counterexample ends here, 2 steps enabled",
      );
      await page.keyboard.press("b");
      expect(await said(page)).toBe(
        "State 4, 2 steps from the start, on the counterexample's way, 2 steps enabled",
      );
      expect(await page.locator(".steps .to-end").innerText()).toContain("the counterexample's step");
      await page.keyboard.press("0");
      expect(await said(page)).toMatch(/^State 0,/);
    });
  });

  it("say that nothing is enabled, who leads there, and which steps stay", async () => {
    await withPage({ id: "small", state: "8" }, async (page) => {
      expect(await said(page)).toBe("State 8, 4 steps from the start, no step is enabled");
      expect(await page.getByText("Nothing: this state is the end.").count()).toBe(1);
      expect(await page.locator("summary", { hasText: "Leads here" }).innerText()).toBe(
        "Leads here: 2 steps",
      );
      await page.keyboard.press("s");
      expect(await page.locator(".trail").innerText()).toBe("Your way: 0 → 1 → 2 → 5 → 8");
    });
    await withPage({ id: "small", state: "2" }, async (page) => {
      expect(await page.locator(".steps").first().innerText()).toContain("stays here");
    });
  });

  it("lead from a step of the counterexample to its state", async () => {
    await withPage({ id: "small", step: "2" }, async (page) => {
      await page.keyboard.press("e");
      expect(await said(page)).toMatch(/^State 4,/);
    });
  });

  it("answer at once in ten thousand states, and find states by what they have", async () => {
    await withPage({ id: "large", state: "9999" }, async (page) => {
      expect(await said(page)).toBe("State 9999, 198 steps from the start, no step is enabled");
      const answer = () =>
        page.evaluate(`(() => {
        const input = document.querySelector(".explore input");
        const began = performance.now();
        input.value = "x 42, y 17";
        input.dispatchEvent(new Event("input"));
        for (let i = 0; i < 50; i++) document.body.dispatchEvent(new KeyboardEvent("keydown", { key: i % 2 ? "b" : "0", bubbles: true }));
        return performance.now() - began;
      })()`) as Promise<number>;
      // A quiet machine takes 30 ms.
      expect(await asked(answer, (took) => took < 3_000)).toBeLessThan(3_000);
      expect((await page.locator(".found").innerText()).trim()).toBe("1 state: 1742");
      await page.locator(".explore input").fill("y 17");
      expect(await page.locator(".found").innerText()).toMatch(/^100 states: 1700 1701 .* \.\.\.$/);
    });
    await withPage({ id: "too large" }, async (page) => {
      expect(await page.getByText("it has 123,456 states").count()).toBe(1);
      expect(await page.locator(".explore").count()).toBe(0);
    });
  });

  it("show a rejected recording as boxes of time", async () => {
    await withPage({ id: "recorded" }, async (page) => {
      expect(await page.locator(".recorded .said").innerText()).toBe(
        "Box 3 of 3: updater, Scan, not explained",
      );
      expect(await page.locator(".recorded dl").innerText()).toContain("it allows </script>");
      await page.keyboard.press("Home");
      await page.keyboard.press("j");
      expect(await page.locator(".recorded .said").innerText()).toContain("Box 2 of 3");
      expect(page.url()).toContain("box=1");
      await page.keyboard.press("x");
      expect(await page.locator(".box[aria-current]").innerText()).toBe("Scan");
      expect(await page.getByText("12,345 earlier events are not shown.").count()).toBe(1);
      // Lock is not over: it reaches below Scan, which began after it.
      const [lock, scan] = await Promise.all(
        ["Lock", "Scan"].map((name) => page.locator(".box", { hasText: name }).boundingBox()),
      );
      expect(lock?.y ?? 0).toBeLessThan(scan?.y ?? 0);
      expect((lock?.y ?? 0) + (lock?.height ?? 0)).toBeGreaterThanOrEqual(
        (scan?.y ?? 0) + (scan?.height ?? 0),
      );
    });
  });

  it("have tables whose cells lead to what they are about", async () => {
    await withPage({ view: "Coverage" }, async (page) => {
      expect(await page.locator(".view tbody tr").allInnerTexts()).toEqual([
        "Idle M.tla:11\tnever, as declared\t0\t1",
        "Never M.tla:9\tnever\t0\t1",
        "Right M.tla:3\t6\t1\t0",
      ]);
      await page.getByRole("link", { name: "Necessity, number" }).click();
      await page.getByRole("link", { name: "freed" }).click();
      expect(await page.locator("h2").innerText()).toBe("small");
      expect(await page.locator("summary", { hasText: "Coverage" }).innerText()).toBe(
        "Coverage: 1 actions taken, 2 never",
      );
      await page.goBack();
      expect(await page.locator(".view h2").innerText()).toBe("Necessity, number");
      await page.keyboard.press("Escape");
      expect(await page.locator(".findings").isVisible()).toBe(true);
    });
  });

  it("compare two counterexamples: where they part, and keys that move both", async () => {
    await withPage({ id: "small", beside: "other" }, async (page) => {
      expect(await page.getByText("The first step is the same.").count()).toBe(1);
      await page.keyboard.press("d");
      expect(await page.locator(".run .said").allInnerTexts()).toEqual(["Step 2 of 3", "Step 2 of 2"]);
      await page.getByLabel("keys move both").check();
      await page.keyboard.press("k");
      expect(await page.locator(".run .said").allInnerTexts()).toEqual(["Step 1 of 3", "Step 1 of 2"]);
    });
  });

  it("let nothing of a specification's become HTML", async () => {
    for (const place of [{ id: "small", state: "6" }, { id: "recorded" }, { view: "Necessity, number" }])
      await withPage(place as unknown as Record<string, string>, async (page) => {
        expect(await page.title()).toBe("Quiesce report");
        expect(await page.locator("img").count()).toBe(0);
        expect(await page.locator("body").innerText()).toContain("</script><img src=x");
      });
  });

  for (const colorScheme of ["light", "dark"] as const)
    for (const viewport of [
      { width: 360, height: 740 },
      { width: 1300, height: 900 },
    ])
      it(`are fit for all in ${colorScheme}, ${viewport.width} wide (axe)`, async () => {
        for (const place of [
          { id: "small", state: "5" },
          { id: "recorded" },
          { id: "small", beside: "other" },
          { view: "Coverage" },
          { view: "Necessity, number" },
        ])
          await withPage(
            place as unknown as Record<string, string>,
            async (page) => {
              expect(await violationsOf(page)).toEqual([]);
              expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
                viewport.width,
              );
            },
            { colorScheme, viewport, bypassCSP: true },
          );
      });
});
