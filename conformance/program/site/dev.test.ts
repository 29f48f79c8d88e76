import { existsSync, mkdirSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { Interrupted } from "../../../spec/tlc/base/errors.js";
import { createScratch, type Scratch } from "../../../spec/tlc/base/scratch.js";
import { root } from "../../base/root.js";
import { prepareSite, type SiteRequest, vitepress } from "./build.js";

/** Long enough for any machine: what is waited for is asked again and again. */
const LONG = { timeout: 240_000, interval: 200 };

let scratch: Scratch;
beforeAll(async () => {
  mkdirSync(join(root, "build"), { recursive: true });
  scratch = await createScratch("dev", join(root, "build"));
});
afterAll(() => scratch?.remove());

/** Processes that work in a folder. */
function processesIn(folder: string): string[] {
  return readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readlinkSync(`/proc/${name}/cwd`).startsWith(folder);
    } catch {
      // It has ended, or is somebody else's.
      return false;
    }
  });
}

it("serves while one writes, below its base, and leaves nothing when it is interrupted", async () => {
  const interrupt = new AbortController();
  const request: SiteRequest = {
    root,
    pages: [
      { path: "index.md", from: "docs/hello.md", text: "# Hello\n\nA page, [and itself](hello.md).\n" },
    ],
    base: "/sub/",
    scratch: scratch.path,
    signal: interrupt.signal,
  };
  await prepareSite(request, join(scratch.path, "out"));
  let output = "";
  const served = vitepress("dev", request, (text) => {
    output += text;
  }).catch((error: unknown) => error);
  const url = await vi.waitFor(() => {
    const [found] = /http:\/\/localhost:\d+\/sub\//.exec(output) ?? [];
    if (found === undefined) throw new Error(`it does not say where it serves: ${output}`);
    return found;
  }, LONG);
  const page = await fetch(url);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<div id="app">');
  const source = await (await fetch(`${url}index.md`)).text();
  expect(source).toContain("Hello");
  expect(processesIn(scratch.path)).not.toEqual([]);

  interrupt.abort();
  expect(await served).toBeInstanceOf(Interrupted);
  await vi.waitFor(() => expect(processesIn(scratch.path)).toEqual([]), LONG);
  await expect(fetch(url)).rejects.toThrow();
  await scratch.remove();
  expect(existsSync(scratch.path)).toBe(false);
}, 600_000);
