import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, violationsOf, visit } from "./browser.fixture.js";
import { html } from "./html.js";
import type { Finding, Results, Run } from "./results.js";

const EVIL = `</script><img src=x onerror="document.title='broken in'"><!-- ' " \u2028`;

/** A run of two threads; every third step changes y. */
function runOf(steps: number): Run {
  return {
    sequence: {
      participants: ["reader", EVIL, "shared"],
      start: "at the start: x = 0",
      steps: Array.from({ length: steps }, (_, i) =>
        i % 2 === 0
          ? [{ from: 0, to: 2, arrow: "to" as const, lines: [`${i + 1}. Step`, `x: ${i} -> ${i + 1}`] }]
          : [{ over: 1, lines: [`${i + 1}. Other ${EVIL}`] }],
      ),
      after: [],
      broken: `Small is violated ${EVIL}`,
    },
    states: Array.from({ length: steps + 1 }, (_, i) => ({
      x: String(i),
      ...(i % 3 === 0 && { y: `y${i}` }),
      ...(i === 0 && { constant: EVIL }),
    })),
  };
}

function finding(id: string, more: Partial<Finding> = {}): Finding {
  return { id, group: "specs", outcome: "pass", verdict: "holds", seconds: 0.1, states: 10, ...more };
}

const results: Results = {
  command: "check",
  title: `Claims ${EVIL}`,
  findings: [
    finding("specs/A", {
      outcome: "fail",
      verdict: "violated",
      violated: "Small",
      run: runOf(7),
      reason: EVIL,
    }),
    finding("specs/B", { verdict: "violated", violated: "Big", run: runOf(1_500), sentence: "a long one" }),
    finding("specs/C", { group: EVIL, outcome: "open", verdict: EVIL, detail: EVIL }),
    ...Array.from({ length: 10_000 }, (_, i) => finding(`many/claim ${i}`, { group: "many" })),
  ],
  problems: [{ message: EVIL, place: { file: "/repo/x.cfg", line: 1 } }],
  seconds: 3,
  notes: [EVIL],
};

describe("the page of a run", () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), "quiesce-page-"));
  const file = join(folder, "report.html");
  beforeAll(async () => {
    writeFileSync(file, html.report(results, "/repo"));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens the page at a place. */
  async function withPage(
    hash: string,
    test: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<void> {
    await visit(browser, `${pathToFileURL(file)}${hash}`, test, options);
  }

  const rows = (page: Page) => page.locator(".findings tbody tr").count();

  it("lists ten thousand findings, what differs first, with a search and filters", async () => {
    await withPage("", async (page) => {
      expect(await page.locator(".findings tbody tr").first().innerText()).toContain("specs/A");
      expect(await page.getByText("10,003 of 10,003").count()).toBe(1);
      await page.getByRole("searchbox").fill("claim 1234");
      expect(await rows(page)).toBe(1);
      await page.getByRole("searchbox").fill("");
      await page.getByLabel("Filter by outcome").selectOption("open");
      expect(await rows(page)).toBe(1);
    });
  });

  it("is stepped through with the keyboard alone, and its address opens the same step", async () => {
    await withPage("", async (page) => {
      await page.keyboard.press("/");
      await page.keyboard.type("specs/A");
      await page.keyboard.press("Escape");
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press("Tab");
        if ((await page.evaluate("document.activeElement.textContent")) === "specs/A") break;
      }
      await page.keyboard.press("Enter");
      for (const key of ["j", "j", "ArrowRight", "k"]) await page.keyboard.press(key);
      expect(await page.locator(".said").innerText()).toBe("Step 2 of 7");
      expect(page.url()).toContain("#id=specs%2FA&step=2");
      expect(await page.locator(".lanes tr[aria-current]").innerText()).toContain("2. Other");
      await page.getByRole("button", { name: "y", exact: true }).focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("n");
      expect(await page.locator(".said").innerText()).toBe("Step 3 of 7; y is chosen");
      await page.keyboard.press("n");
      await page.keyboard.press("n");
      expect(await page.locator(".said").innerText()).toBe("y does not change after step 6.");
      await page.keyboard.press("Escape");
      expect(await page.locator(".run").count()).toBe(0);
    });
    await withPage("#id=specs%2FA&step=2", async (page) => {
      expect(await page.locator(".said").innerText()).toBe("Step 2 of 7");
      expect(await page.locator(".values tr.changed").allInnerTexts()).toEqual([
        expect.stringContaining("2"),
      ]);
    });
  });

  it("hides variables, and compares two counterexamples", async () => {
    await withPage("#id=specs%2FA&step=3", async (page) => {
      await page.getByRole("button", { name: "Hide x" }).or(page.getByTitle("Hide x")).first().click();
      expect(await page.locator(".values th").allInnerTexts()).toEqual(["y", "constant"]);
      await page.getByLabel("Compare with another counterexample").selectOption("specs/B");
      expect(await page.locator(".run").count()).toBe(2);
      await page.locator(".run").nth(1).getByTitle("Next step (j or →)").click();
      await page.keyboard.press("j");
      const said = await page.locator(".said").allInnerTexts();
      expect(said).toEqual(["Step 3 of 7", "Step 2 of 1500"]);
      expect(page.url()).toContain("beside-step=2");
    });
  });

  it("shows a counterexample of 1,500 steps, and its last", async () => {
    await withPage("#id=specs%2FB", async (page) => {
      await page.keyboard.press("End");
      expect(await page.locator(".said").innerText()).toBe("Step 1500 of 1500");
      expect(await page.locator(".lanes tbody tr").count()).toBe(1_501);
      expect(await page.locator(".lanes tr[aria-current]").isVisible()).toBe(true);
    });
  });

  it("lets nothing of a specification's become HTML", async () => {
    for (const id of ["specs/A", "specs/C"])
      await withPage(`#${new URLSearchParams({ id })}`, async (page) => {
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
      it(`is fit for all in ${colorScheme}, ${viewport.width} wide (axe)`, async () => {
        for (const hash of ["", "#id=specs%2FA&step=3"])
          await withPage(
            hash,
            async (page) => {
              expect(await violationsOf(page)).toEqual([]);
              const wide = await page.evaluate("document.documentElement.scrollWidth");
              expect(wide).toBeLessThanOrEqual(viewport.width);
              const [high, end] = (await page.evaluate(
                "[document.documentElement.scrollHeight, document.getElementById('page').getBoundingClientRect().bottom + scrollY]",
              )) as [number, number];
              expect(high).toBeLessThanOrEqual(Math.max(end, viewport.height) + 1);
            },
            { colorScheme, viewport, bypassCSP: true },
          );
      });

  it("shows a run without states as text, and says so of an id that it doesn't have", async () => {
    await withPage("#id=nowhere", async (page) => {
      expect(await page.getByText("There is no nowhere in this report.").count()).toBe(1);
    });
  });
});
