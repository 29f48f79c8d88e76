import { mkdirSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createScratch, type Scratch } from "../../../spec/tlc/base/scratch.js";
import { requireClaims } from "../../../spec/tlc/claim/asked-claims.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { findTools } from "../../../spec/tlc/tools/tools.js";
import { root, specRoot } from "../../base/root.js";
import { KEPT } from "../bench/kept.fixture.js";
import { renderPage } from "../pages/page.js";
import { openBrowser, violationsOf } from "../report/browser.fixture.js";
import { allPages } from "./all-pages.js";
import { BENCHMARKS, benchPage } from "./bench-page.js";
import { buildSite, type Site } from "./build.js";
import { exportedFunctions, exportedNames, withoutEntry } from "./exported.fixture.js";
import type { SitePage } from "./place.js";
import { serve, visitSite } from "./served.fixture.js";
import { entryPoints } from "./typescript-pages.js";

const BASE = "/sub/quiesce/";
const EVIL = `<script>document.title="broken in"</script> {{ constructor.constructor("document.title='broken in'")() }} <img src=x onerror="document.title='broken in'">`;

/** One page of each kind. All others are looked at before they would be built: their links, anchors and diagrams. */
const KINDS: readonly string[] = [
  "index.md",
  "start.md",
  "chapter.md",
  "claims/index.md",
  "claims/rcu/read-side/number-no-fence-a.md",
  "matrix.md",
  "matrix/number-membarrier.md",
  "history.md",
  "letters.md",
  "reference/commands.md",
  "reference/c.md",
  BENCHMARKS,
  "reference/typescript/quiesce/check.md",
  "conformance/walkthrough/index.md",
  "ci/github.md",
  "guides/reordering.md",
];
/** What those who come for the first time look for, and a page that it is found on. */
const WORDS: readonly (readonly [string, string])[] = [
  ["membarrier", "guides/membarrier.md"],
  ["memory barrier", "chapter.md"],
  ["hang", "history.md"],
  ["install", "native/INSTALL.md"],
  ["license", "start.md"],
  ["exit code", "guides/ci.md"],
];
/** Exported for the inline functions of the headers, which say that programs don't call them. */
const NOT_FOR_PROGRAMS: readonly string[] = [
  "qs_answer_notice",
  "qs_checked_lock",
  "qs_checked_reader",
  "qs_checked_unlock",
  "qs_local_first",
  "qs_shared_wake",
];
const SOURCE = "source/spec/rcu/read-side/ReadSide.tla.html";
const asHtml = (path: string): string => path.replace(/\.md$/, ".html");

let scratch: Scratch;
let pages: readonly SitePage[];
let site: Site;
let url: string;
let server: Server | undefined;
let browser: Browser;
beforeAll(async () => {
  const { signal } = new AbortController();
  mkdirSync(join(root, "build"), { recursive: true });
  scratch = await createScratch("site", join(root, "build"));
  const [claim] = await requireClaims(["rcu/read-side/number-no-fence-a.tso"], specRoot);
  const evil: Claim = {
    ...(claim as Claim),
    sentence: EVIL,
    source: EVIL,
    config: `\\* ${EVIL}\nCONSTANT X = "${EVIL}"`,
  };
  const made = await allPages(root, await findTools(), scratch.path, signal);
  // Figures come and go; the page has some in any case.
  const { page: benchmarks, pictures } = benchPage([KEPT]);
  pages = [
    ...made.pages.filter(({ path }) => path !== BENCHMARKS),
    benchmarks,
    {
      path: "claims/evil.md",
      from: "spec/generated/claims/rcu/x/evil.md",
      text: renderPage([evil], new Map(), root, new Map()),
    },
  ];
  const built = [...KINDS, ...WORDS.map(([, path]) => path), "claims/evil.md"];
  const only = ({ path }: SitePage): boolean => built.includes(path);
  const out = join(scratch.path, "site");
  site = await buildSite({ root, pages, pictures, base: BASE, scratch: scratch.path, signal, only }, out);
  ({ url, server } = await serve(out, BASE));
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  await scratch?.remove();
});

describe("the site", () => {
  it("has every claim, command and exported module, and no link that leads nowhere", async () => {
    const paths = new Set(pages.map(({ path }) => path));
    const claims = await requireClaims([], specRoot);
    expect(pages.filter(({ path }) => path.startsWith("claims/")).length).toBeGreaterThan(900);
    for (const { id } of claims)
      expect(pages.some(({ path }) => id.startsWith(path.slice("claims/".length, -3)))).toBe(true);
    for (const { name } of entryPoints(root))
      expect(paths).toContain(`reference/typescript/quiesce/${name}.md`);
    const commands = pages.find(({ path }) => path === "reference/commands.md")?.text ?? "";
    for (const words of ["quiesce check", "quiesce trace record", "quiesce doctor"]) {
      expect(commands).toContain(`\n## ${words}\n`);
    }
    expect(site.inspected.links).toBeGreaterThan(5_000);
    expect(site.links).toBeGreaterThan(1_000);
  });

  it("has an entry for everything that the package and the library export", () => {
    const textOf = (path: string): string => pages.find((page) => page.path === path)?.text ?? "";
    for (const [name, names] of exportedNames(root)) {
      expect(names.length, name).toBeGreaterThan(0);
      const page = textOf(`reference/typescript/quiesce/${name}.md`);
      expect(withoutEntry(names, page), `quiesce/${name}`).toEqual([]);
      expect(withoutEntry(["noSuchThing"], page)).toEqual(["noSuchThing"]);
    }
    const functions = exportedFunctions(root);
    expect(functions.length).toBeGreaterThan(40);
    expect(withoutEntry(functions, textOf("reference/c.md"))).toEqual(NOT_FOR_PROGRAMS);
  });

  it("draws every diagram", async () => {
    const diagrams = [...site.inspected.diagrams, "sequenceDiagram\n    a->>"];
    await visitSite(browser, `${url}index.html`, async (page) => {
      const failed = await page.evaluate(draw(`${BASE}mermaid/mermaid.esm.min.mjs`, diagrams, 10));
      // The last one is the mutant: what can't be drawn is seen.
      expect(failed).toEqual([diagrams.length - 1]);
    });
    expect(diagrams.length).toBeGreaterThan(500);
  });

  it("shows a diagram on its page, in dark and in light", async () => {
    const address = `${url}claims/rcu/read-side/number-no-fence-a.html`;
    for (const colorScheme of ["dark", "light"] as const)
      await visitSite(
        browser,
        address,
        async (page) => {
          await page.locator(".diagram").first().scrollIntoViewIfNeeded();
          await page.waitForSelector('.diagram[data-state="drawn"] svg[role="img"]');
          expect(await page.locator("html.dark").count()).toBe(colorScheme === "dark" ? 1 : 0);
        },
        { colorScheme },
      );
  });

  it("has nothing that axe finds, and fits a phone, on any kind of page, in dark and in light", async () => {
    for (const path of [...KINDS.map(asHtml), SOURCE, "404.html"])
      for (const colorScheme of ["dark", "light"] as const)
        await visitSite(
          browser,
          url + path,
          async (page) => {
            const found = await violationsOf(page);
            // Tables, code and diagrams are moved sideways within themselves; the page is not.
            const width = await page.evaluate("document.documentElement.scrollWidth");
            expect({ path, colorScheme, found, width }).toEqual({ path, colorScheme, found: [], width: 320 });
          },
          { colorScheme, viewport: { width: 320, height: 600 } },
        );
  });

  it("finds a claim with the keyboard alone", async () => {
    await visitSite(browser, `${url}chapter.html`, async (page) => {
      await page.keyboard.press("/");
      await page.waitForSelector("#localsearch-input");
      await page.keyboard.type("number-no-fence-a");
      await page.waitForSelector('#localsearch-list a[href*="number-no-fence-a"]');
      await page.keyboard.press("Enter");
      await page.waitForURL(/claims\/rcu\/read-side\/number-no-fence-a\.html/);
    });
  });

  it("finds what a newcomer looks for", async () => {
    await visitSite(browser, `${url}chapter.html`, async (page) => {
      await page.keyboard.press("/");
      const input = page.locator("#localsearch-input");
      for (const [words, path] of WORDS) {
        await input.fill(words);
        await page.waitForSelector(`#localsearch-list a[href*="${asHtml(path)}"]`);
      }
      await input.fill("qqqqzzzz");
      await page.waitForSelector(".VPLocalSearchBox .no-results");
    });
  });

  it("leads back from an address that isn't there", async () => {
    await visitSite(browser, `${url}404.html`, async (page) => {
      expect(await page.title()).toBe("404 | Quiesce");
      await page.locator(`main a[href="${BASE}"], .NotFound a[href="${BASE}"]`).first().click();
      await page.waitForURL((address) => [BASE, `${BASE}index.html`].includes(address.pathname));
    });
  });

  it("prints what one reads, in dark letters and unfolded", async () => {
    const address = `${url}claims/rcu/read-side/number-no-fence-a.html`;
    await visitSite(
      browser,
      address,
      async (page) => {
        const colour = 'getComputedStyle(document.querySelector(".vp-doc p")).color';
        expect(await page.locator(".VPNav").isVisible()).toBe(true);
        expect(await page.evaluate(colour)).not.toBe("rgb(0, 0, 0)");
        await page.emulateMedia({ media: "print", colorScheme: "dark" });
        for (const part of [".VPNav", ".VPSidebar", ".aside"])
          expect(await page.locator(part).first().isVisible()).toBe(false);
        expect(await page.evaluate(colour)).toBe("rgb(0, 0, 0)");
        const folded = page.locator(".vp-doc details:not([open])");
        const before = await folded.count();
        expect(before).toBeGreaterThan(1);
        await page.evaluate("dispatchEvent(new Event('beforeprint'))");
        expect(await folded.count()).toBe(0);
        await page.evaluate("dispatchEvent(new Event('afterprint'))");
        expect(await folded.count()).toBe(before);
      },
      { colorScheme: "dark", viewport: { width: 1400, height: 800 } },
    );
  });

  it("leads from a litmus test to the playground, which decides it", async () => {
    await visitSite(browser, `${url}guides/reordering.html`, async (page) => {
      const links = page.getByRole("link", { name: "Decide it in the playground" });
      expect(await links.count()).toBeGreaterThan(10);
      await links.first().click();
      await page.waitForURL(/playground\.html#test=/);
      await page.waitForFunction(
        "document.body.textContent.includes('Sometimes') || /allowed/i.test(document.body.textContent)",
      );
      expect(await page.locator("textarea").first().inputValue()).toContain("C SB\n");
    });
  });

  it("filters the index of claims", async () => {
    await visitSite(browser, `${url}claims/index.html`, async (page) => {
      const rows = page.locator(".vp-doc h2 ~ table tbody tr:visible");
      const before = await rows.count();
      await page.getByLabel("Words").fill("read-side fence-a without");
      await page.getByLabel("Words").fill("number-no-fence-a");
      expect(await rows.count()).toBeGreaterThan(0);
      expect(await rows.count()).toBeLessThan(before / 10);
      await page.getByLabel("Verdict").selectOption("holds");
      for (const row of await rows.all())
        expect(await row.locator("td").nth(1).textContent()).toContain("holds");
      await page.getByLabel("Words").fill("no such claim");
      expect(await rows.count()).toBe(0);
    });
  });

  it("leads from a cell of the matrix to its counterexample", async () => {
    await visitSite(browser, `${url}matrix.html`, async (page) => {
      await page.locator('a[href$="matrix/number-membarrier.html#A.tso"]').first().click();
      await page.waitForURL(/matrix\/number-membarrier\.html#A\.tso/);
      await page.waitForSelector('[id="A.tso"]', { state: "attached" });
    });
  });

  it("shows what a specification says as text", async () => {
    await visitSite(browser, `${url}claims/evil.html`, async (page) => {
      expect(await page.title()).not.toContain("broken in");
      const text = await page.locator(".vp-doc").textContent();
      expect(text).toContain('<script>document.title="broken in"</script> {{ constructor.constructor');
      expect(await page.locator(".vp-doc img, .vp-doc script").count()).toBe(0);
    });
  });
});

/** Runs in the page, so as text: which diagrams can't be read, or, of every n-th, drawn. */
const draw = (address: string, diagrams: readonly string[], every: number): string => `(async () => {
  const { default: mermaid } = await import(${JSON.stringify(address)});
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict", suppressErrorRendering: true, maxTextSize: 1e6 });
  const failed = [];
  for (const [i, code] of ${JSON.stringify(diagrams)}.entries())
    try {
      await mermaid.parse(code);
      if (i % ${every} === 0 && !(await mermaid.render("d" + i, code)).svg.startsWith("<svg")) failed.push(i);
    } catch {
      failed.push(i);
    }
  return failed;
})()`;
