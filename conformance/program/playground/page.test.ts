import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, violationsOf, visit } from "../report/browser.fixture.js";
import { playground } from "./page.js";

const PATIENT = { timeout: 300_000 };

const EVIL = `</script><img src=x onerror="document.title='broken in'">`;
const SB = (fence: string): string => `C ${fence === "" ? "SB" : "SB+mbs"}
{}
P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); ${fence} r0 = READ_ONCE(*y); }
P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); ${fence} r0 = READ_ONCE(*x); }
exists (0:r0=0 /\\ 1:r0=0)
`;

describe("the playground", () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), "quiesce-playground-"));
  const file = join(folder, "playground.html");
  beforeAll(async () => {
    writeFileSync(file, playground());
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function withPage(
    hash: string,
    test: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<void> {
    const answered = async (page: Page): Promise<void> => {
      await page.locator(".orders").waitFor(PATIENT);
      await test(page);
    };
    await visit(browser, `${pathToFileURL(file)}${hash}`, answered, options);
  }

  const type = (page: Page, text: string) => page.getByLabel("A litmus test").fill(text);
  const answered = (page: Page, words: string) =>
    page.locator("#verdict").getByText(words).first().waitFor(PATIENT);
  const observations = (page: Page) => page.locator(".observation").allInnerTexts();

  it("answers while somebody types, under each order, and says why", async () => {
    await withPage("", async (page) => {
      await type(page, SB(""));
      await answered(page, "SB: exists");
      expect(await observations(page)).toEqual(["Never", "Sometimes", "Sometimes", "Sometimes"]);
      const whose = await page.locator(".orders tbody th .whose").allInnerTexts();
      expect(whose).toEqual(["", "x86-64", "", "Arm, RISC-V"]);
      expect(await page.locator(".why").innerText()).toContain("Under weak, a run, from top to bottom:");
      // The picture: program order that goes against the time, and what is read before it is stored.
      expect(await page.locator(".why svg .lx-event").allTextContents()).toHaveLength(4);
      expect(await page.locator(".why svg .lx-arrow.lx-po").count()).toBeGreaterThan(0);
      await page.getByRole("button", { name: "sc", exact: true }).click();
      expect(await page.locator(".why svg .lx-name").allTextContents()).toEqual(
        expect.arrayContaining(["fr", "fr"]),
      );
      await page.getByText("the same in words").click();
      expect(await page.locator(".why").innerText()).toMatch(/Under sc, no run:[\s\S]*--fr-->/);
      await type(page, SB("smp_mb();"));
      await answered(page, "SB+mbs: exists");
      expect(await observations(page)).toEqual(["Never", "Never", "Never", "Never"]);
    });
  });

  it("says where a test is wrong", async () => {
    await withPage("", async (page) => {
      await type(page, SB("").replace("WRITE_ONCE(*x, 1);", "goto there;"));
      await answered(page, "3:");
      expect(await page.locator("#verdict .bad").innerText()).toMatch(/^3:\d+ {2}\S/);
      await type(page, "");
      await answered(page, "1:1");
    });
  });

  it("leaves a letter of the protocol out, and shows what breaks", async () => {
    await withPage("", async (page) => {
      await page.getByLabel("Example").selectOption("RCU+deferred-free");
      await answered(page, "RCU+deferred-free: exists");
      expect(await observations(page)).toEqual(["Never", "Never", "Never", "Never"]);
      const letters = page.getByLabel("Leave out a letter of the protocol");
      expect((await letters.innerText()).split("\n").slice(1)).toEqual(
        ["A", "B", "C", "E", "H"].map((one) => `without ${one}`),
      );
      await letters.selectOption("A");
      await page.locator(".observation.sometimes").first().waitFor(PATIENT);
      expect(await observations(page)).toEqual(["Sometimes", "Sometimes", "Sometimes", "Sometimes"]);
      await page.waitForURL(/&without=A$/, PATIENT);
      const link = new URL(page.url()).hash;
      await withPage(link, async (other) => {
        expect(await observations(other)).toEqual(["Sometimes", "Sometimes", "Sometimes", "Sometimes"]);
        await other.getByLabel("Leave out a letter of the protocol").selectOption("");
        await other.locator(".observation.never").first().waitFor(PATIENT);
      });
    });
  });

  it("carries a test in its link, whatever it holds; and opens any address", async () => {
    await withPage("", async (page) => {
      await type(page, `C évil ${EVIL}\n{}\nP0(int *x) { int r0 = 1; }\nexists (0:r0=1)`);
      await answered(page, "évil");
      await page.getByRole("button", { name: "copy a link" }).click();
      const url = page.url();
      await page.goto("about:blank");
      await page.goto(url);
      await answered(page, "évil");
      expect(await page.getByLabel("A litmus test").inputValue()).toContain(`évil ${EVIL}`);
      expect(await page.title()).toBe("May this be reordered?");
      expect(await page.locator("img").count()).toBe(0);
    });
    for (const [hash, says] of [
      ["#test=%%%", /carries no whole test/],
      ["#test=_w", /carries no whole test/],
      ["#test=", /^$/],
      ["#nothing", /^$/],
    ] as const) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`${pathToFileURL(file)}${hash}`);
      await page.locator("#verdict").locator("p, table").first().waitFor(PATIENT);
      expect(await page.locator(".buttons .small").innerText()).toMatch(says);
      await context.close();
    }
  });

  it("goes back to what somebody had typed before an example or a letter was picked", async () => {
    await withPage("", async (page) => {
      await type(page, SB("smp_mb();"));
      await answered(page, "SB+mbs: exists");
      await page.getByLabel("Example").selectOption("RCU+deferred-free");
      await answered(page, "RCU+deferred-free: exists");
      await page.getByLabel("Leave out a letter of the protocol").selectOption("A");
      await page.locator(".observation.sometimes").first().waitFor(PATIENT);
      await page.goBack();
      await page.locator(".observation.never").first().waitFor(PATIENT);
      expect(await page.getByLabel("Leave out a letter of the protocol").inputValue()).toBe("");
      await page.goBack();
      await answered(page, "SB+mbs: exists");
      expect(await page.getByLabel("A litmus test").inputValue()).toBe(SB("smp_mb();"));
      await page.goForward();
      await answered(page, "RCU+deferred-free: exists");
      // What was picked and then changed can be picked again.
      await page.getByLabel("A litmus test").press("End");
      await page.getByLabel("A litmus test").press("Space");
      expect(await page.getByLabel("Example").inputValue()).toBe("");
    });
  });

  it("writes the address now and then, however fast somebody types", async () => {
    await withPage("", async (page) => {
      await page.evaluate(`window.writes = 0; const to = history.replaceState;
        history.replaceState = function (...all) { window.writes++; return to.apply(this, all); }`);
      const started = Date.now();
      const editor = page.getByLabel("A litmus test");
      await editor.fill(SB(""));
      await editor.pressSequentially("          ".repeat(6));
      await page.waitForURL((url) => url.hash.length > 100, PATIENT);
      const seconds = (Date.now() - started) / 1000;
      expect(await page.evaluate("window.writes")).toBeLessThanOrEqual(seconds + 2);
    });
  });

  for (const colorScheme of ["light", "dark"] as const)
    it(`is fit for all in ${colorScheme}, also at a phone's width (axe)`, async () => {
      for (const viewport of [
        { width: 360, height: 740 },
        { width: 1300, height: 900 },
      ])
        await withPage(
          "",
          async (page) => {
            expect(await violationsOf(page)).toEqual([]);
            const wide = await page.evaluate("document.documentElement.scrollWidth");
            expect(wide).toBeLessThanOrEqual(viewport.width);
          },
          { colorScheme, viewport, bypassCSP: true },
        );
    });
});
