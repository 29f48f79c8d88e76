import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import MarkdownIt from "markdown-it";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkBuilt } from "./check-built.js";
import { inspectPages } from "./inspect.js";
import { createResolve } from "./links.js";
import { siteMarkdown, slug } from "./markdown.js";
import { type SitePage, sitePath } from "./place.js";

const root = mkdtempSync(join(tmpdir(), "quiesce-site-"));
beforeAll(() => {
  for (const folder of ["spec/rcu", "docs/guides"]) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "spec/rcu/Urcu.tla"), "---- MODULE Urcu ----\n====\n");
  writeFileSync(join(root, "spec/rcu/way.svg"), '<svg xmlns="http://www.w3.org/2000/svg"></svg>');
});
afterAll(() => rmSync(root, { recursive: true }));

const pageOf = (from: string, text: string): SitePage => ({ from, path: sitePath(from), text });
const OTHER = pageOf("spec/README.md", '# Chapter `x`\n\n## A (b)\n\n<a id="own"></a>\n\n## A (b)\n');

/** The problems of one guide. */
function problemsOf(text: string): readonly string[] {
  const pages = [pageOf("docs/guides/x.md", text), OTHER];
  return inspectPages(pages, createResolve(root, pages)).problems;
}

describe("links of documents", () => {
  it.each([
    ["a page", "[a](../../spec/README.md)"],
    ["a folder's page", "[a](../../spec)"],
    ["a heading, as GitHub names it", "[a](../../spec/README.md#a-b) [b](../../spec/README.md#a-b-1)"],
    ["an anchor", "[a](../../spec/README.md#own)"],
    ["a source and its line", "[a](../../spec/rcu/Urcu.tla#L1)"],
    ["a picture", "![a](../../spec/rcu/way.svg)"],
    ["a folder without a page", "[a](../../spec/rcu/)"],
    ["itself", "# Here\n\n[a](#here)"],
    ["another host", "[a](https://example.org/#x)"],
  ])("lead to %s", (_, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it.each([
    ["[a](gone.md)", "docs/guides/gone.md isn't there"],
    ["![a](gone.svg)", "docs/guides/gone.svg isn't there"],
    ["[a](../../spec/README.md#gone)", "spec/README.md has no #gone"],
    ["[a](#gone)", "docs/guides/x.md has no #gone"],
    ["[a](../../spec/rcu/Urcu.tla#Init)", "spec/rcu/Urcu.tla is a source"],
    ["[a](../../../etc/passwd)", "leads out of the repository"],
    ["[a](/etc/passwd)", "leads out of the repository"],
    ["[a](ftp://example.org)", "may not lead to ftp:"],
    ["[a](%E0%A4%A)", "is not a valid address"],
    ['<a href="gone.md">a</a>', "docs/guides/gone.md isn't there"],
    ['<img src="gone.png" alt="">', "docs/guides/gone.png isn't there"],
    ["| a |\n|---|\n| [a](gone.md) |", "docs/guides/gone.md isn't there"],
  ])("that are broken are told: %s", (link, reason) => {
    const [problem = "", ...more] = problemsOf(link);
    expect(more).toEqual([]);
    expect(problem).toContain(reason);
    expect(problem).toMatch(/^docs\/guides\/x\.md:\d+: the link /);
  });

  it("lead to one page: two documents can't have the same address", () => {
    const pages = [pageOf("docs/README.md", "# Guides"), pageOf("docs/guides/README.md", "# Guides")];
    expect(inspectPages(pages, createResolve(root, pages)).problems).toEqual([
      "docs/guides/README.md:1: another document has its address on the site, guides/index.md",
    ]);
  });

  it("are told with their lines", () => {
    const text =
      "---\ntitle: x\n---\n# X\n\nOne line,\nand [a](gone.md)\nand [b](gone-too.md).\n\n- [c](gone.md)\n";
    expect(problemsOf(text).map((problem) => /^\S+?:(\d+):/.exec(problem)?.[1])).toEqual(["7", "8", "10"]);
  });

  it("have GitHub's names for headings", () => {
    expect(["A & B", "Über_x-y", "`--json`, 2.", "quiesce/defer.h"].map(slug)).toEqual([
      "a--b",
      "über_x-y",
      "--json-2",
      "quiescedeferh",
    ]);
  });
});

describe("what a document says stays text", () => {
  const pages = [pageOf("docs/guides/x.md", ""), OTHER];
  const md = new MarkdownIt({ html: true, linkify: true });
  siteMarkdown(md, { resolve: createResolve(root, pages), fromOf: () => "docs/guides/x.md", base: "/q/" });
  const html = (text: string): string => md.render(text, { relativePath: "guides/x.md" });

  it.each([
    "<script>alert(1)</script>",
    "a <script setup>import x from 'y'</script>",
    "<style>*{display:none}</style>",
    "<template><b></b></template>",
    '<img src="../../spec/rcu/way.svg" alt="" onerror="alert(1)">',
    '<a id="x" @click="alert(1)">a</a>',
    '<a id="x" :href="alert(1)">a</a>',
    '<div v-html="evil">a</div>',
    "<Evil/>",
    '<a href="javascript:alert(1)">a</a>',
    '<iframe src="https://example.org"></iframe>',
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<!-- --><script>alert(1)</script><!-- -->",
    "<ClaimFilter></ClaimFilter>",
    "<Diagram code='x'></Diagram>",
  ])("no tag: %s", (evil) => {
    const kept = [...html(`${evil}\n\nand ${evil}`).matchAll(/<\/?([\w-]+)([^>]*)>/g)];
    for (const [, tag = "", attributes = ""] of kept) {
      expect(["p", "a", "b", "div", "img", "span"]).toContain(tag);
      expect(attributes).not.toMatch(/\s(?:on\w+|v-\w+|[@:]\w+)=|javascript:/);
    }
  });

  it.each([
    "{{ 1 + 1 }}",
    "`{{ 1 }}`",
    "# {{ 1 }}",
    "| a |\n|---|\n| {{ 1 }} |",
    "```text\n{{ 1 }}\n```",
    "[{{ 1 }}](#)",
    "{{{ 1 }}}",
  ])("no expression: %s", (evil) => {
    expect(html(evil)).not.toContain("{{");
    expect(html(evil)).toContain("&#123;&#123;");
  });

  it("no diagram ends its attribute", () => {
    expect(html('```mermaid\na"><script>{{ 1 }}\n```')).toMatch(
      /^<Diagram code="[\w%.!~*'()-]+"><\/Diagram>\n$/,
    );
  });

  it("what documents use stays HTML", () => {
    const text = '<details><summary>More</summary>\n\nText\n\n</details>\n\n<a id="x"></a><br>';
    expect(html(text)).toBe(
      '<details><summary>More</summary>\n<p>Text</p>\n</details>\n<p><a id="x"></a><br></p>\n',
    );
  });

  it("links are the site's", () => {
    expect(html("[a](../../spec/README.md#own)")).toBe('<p><a href="/q/chapter.html#own">a</a></p>\n');
    expect(html('<a href="../../spec/README.md">a</a>')).toBe('<p><a href="/q/chapter.html">a</a></p>\n');
    expect(html("[a](../../spec/rcu/Urcu.tla#L3)")).toBe(
      '<p><a href="/q/source/spec/rcu/Urcu.tla.html#L3" target="_self">a</a></p>\n',
    );
    expect(html("[a](../../spec/rcu/) ![p](../../spec/rcu/way.svg)")).toBe(
      '<p>a <img src="/q/files/spec/rcu/way.svg" alt="p" loading="lazy"></p>\n',
    );
  });
});

describe("the look at a built site", () => {
  const folder = join(root, "built");
  const found = (html: string): readonly string[] => {
    mkdirSync(join(folder, "a"), { recursive: true });
    writeFileSync(join(folder, "a", "index.html"), '<h1 id="x&quot;">A</h1>');
    writeFileSync(join(folder, "page.html"), html);
    return checkBuilt(folder, "/q/").problems;
  };

  it("follows what is there", () => {
    expect(
      found('<a href="/q/a/#x%22"></a><a href="./a/index.html"></a><a href="https://example.org"></a>'),
    ).toEqual([]);
  });

  it.each([
    ['<a href="/q/b.html">', "leads nowhere"],
    ['<a href="/a/">', "leads nowhere"],
    ['<a class="x" href="/q/a/#y">', "a/index.html has no #y"],
    ['<script src="https://example.org/x.js">', "loads something from elsewhere"],
    ['<link rel="stylesheet" href="//example.org/x.css">', "loads something from elsewhere"],
    ['<img src="gone.svg">', "leads nowhere"],
  ])("tells %s", (html, reason) => {
    expect(found(html)).toEqual([expect.stringContaining(reason)]);
  });
});
