import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { visit } from "../report/browser.fixture.js";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/** Serves a folder below a path, as a static server without any settings does. */
export async function serve(
  folder: string,
  base: string,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const way = decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname);
    const inside = way.startsWith(base) ? normalize(way.slice(base.length)) : "..";
    const asked = join(folder, inside);
    const file = existsSync(asked) && statSync(asked).isDirectory() ? join(asked, "index.html") : asked;
    if (inside.startsWith("..") || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`, server };
}

/** Opens a page of a site, which may ask for what is on that site alone: `visit` says what is an error. */
export async function visitSite(
  browser: Browser,
  url: string,
  test: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const settled = async (page: Page): Promise<void> => {
    await page.waitForLoadState("networkidle");
    await test(page);
  };
  // A page's own worker is a blob of its own origin.
  await visit(browser, url, settled, options, (asked) => new URL(asked).origin === new URL(url).origin);
}
