import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { expect } from "vitest";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** Half a minute, which is Playwright's own, may be too short on a busy machine. */
const PATIENCE_MS = 300_000;
const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** The system's Chromium. Throws where there is none: what is not tested in a browser is not tested. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
  if (executablePath === undefined)
    throw new Error("no Chromium is installed:  sudo apt-get install chromium");
  // Its sandbox needs user namespaces, which root and containers may not have; it shows only pages of ours.
  return chromium.launch({ executablePath, args: ["--no-sandbox"], timeout: PATIENCE_MS });
}

/**
 * Opens a page of ours; whatever it says on its console, fails at, or asks of anybody else is an error.
 *
 * @param isOurs whether a page may ask for an address: by default for files and what it has made itself, no network
 */
export async function visit(
  browser: Browser,
  url: string,
  test: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
  isOurs = (asked: string): boolean => /^(?:file|blob):/.test(asked),
): Promise<void> {
  const context = await browser.newContext(options);
  try {
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("response", (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
    });
    page.on("request", (request) => {
      if (!isOurs(request.url())) complaints.push(request.url());
    });
    await page.goto(url);
    await test(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

/** What axe finds wrong with a page, each with its element. A page with a policy needs a context that bypasses it. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE });
  return await page.evaluate(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))",
  );
}
