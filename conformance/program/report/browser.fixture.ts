import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { expect } from "vitest";

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
  return chromium.launch({ executablePath, args: ["--no-sandbox"], timeout: 90_000 });
}

/** Opens a page of ours; whatever it says on its console, fails at, or asks the network for is an error. */
export async function visit(
  browser: Browser,
  url: string,
  test: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(?:file|blob):/.test(request.url())) complaints.push(request.url());
    });
    await page.goto(url);
    await test(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}
