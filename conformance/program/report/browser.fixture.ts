import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

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
