import MarkdownIt from "markdown-it";
import { decode, type Resolve } from "./links.js";
import { type PageEnv, type Seen, siteMarkdown, slug } from "./markdown.js";
import type { SitePage } from "./place.js";

/** What the documents need besides themselves, and what is wrong with their links. */
export interface Inspected {
  /** Sources and pictures that are linked to, from the root. */
  readonly sources: readonly string[];
  readonly files: readonly string[];
  readonly diagrams: readonly string[];
  readonly links: number;
  /** `docs/guides/x.md:12: ...` */
  readonly problems: readonly string[];
}

/** Reads all pages as the site will, before it is built: a link that leads nowhere is told with its file and line. */
export function inspectPages(pages: readonly SitePage[], resolve: Resolve): Inspected {
  const froms = new Map(pages.map(({ path, from }) => [path, from]));
  const md = new MarkdownIt({ html: true, linkify: true });
  md.linkify.set({ fuzzyLink: false });
  siteMarkdown(md, { resolve, fromOf: (page) => froms.get(page) ?? page, base: "/" });
  const read = pages.map((page) => readPage(md, page));
  const ids = new Map(read.map(({ page, ids: own }) => [page.path, own]));
  const sources = new Set<string>();
  const files = new Set<string>();
  const problems = pages
    .filter(({ path }, i) => pages.findIndex((other) => other.path === path) !== i)
    .map(({ from, path }) => `${from}:1: another document has its address on the site, ${path}`);
  let links = 0;
  for (const { page, seen } of read)
    for (const { href, line, target } of seen) {
      links += 1;
      const at = `${page.from}:${line}`;
      if (target.kind === "broken") problems.push(`${at}: the link ${href} is broken: ${target.reason}`);
      if (target.kind === "source") sources.add(target.path);
      if (target.kind === "file") files.add(target.path);
      if (target.kind === "page" && target.hash !== "") {
        const hash = decode(target.hash) ?? target.hash;
        const there = ids.get(target.page);
        if (!there?.has(hash) && !there?.has(target.hash))
          problems.push(
            `${at}: the link ${href} is broken: ${froms.get(target.page) ?? target.page} has no #${hash}`,
          );
      }
    }
  return {
    sources: [...sources].toSorted(),
    files: [...files].toSorted(),
    diagrams: read.flatMap(({ diagrams }) => diagrams),
    links,
    problems,
  };
}

interface Read {
  readonly page: SitePage;
  readonly seen: readonly Seen[];
  readonly ids: ReadonlySet<string>;
  readonly diagrams: readonly string[];
}

function readPage(md: MarkdownIt, page: SitePage): Read {
  const seen: Seen[] = [];
  const env: PageEnv = { relativePath: page.path, seen };
  const { body, lines } = withoutFrontmatter(page.text);
  const tokens = md.parse(body, env);
  const html = md.renderer.render(tokens, md.options, env);
  const ids = new Set([...html.matchAll(/ (?:id|name)="([^"]*)"/g)].map(([, id]) => id ?? ""));
  const diagrams: string[] = [];
  for (const [i, { type, info, content }] of tokens.entries()) {
    if (type === "fence" && info.trim() === "mermaid") diagrams.push(content);
    if (type !== "heading_open") continue;
    const title = (tokens[i + 1]?.children ?? [])
      .filter((child) => child.type === "text" || child.type === "code_inline")
      .map((child) => child.content)
      .join("");
    let id = slug(title);
    for (let n = 1; ids.has(id); n += 1) id = `${slug(title)}-${n}`;
    ids.add(id);
  }
  return { page, seen: seen.map((one) => ({ ...one, line: one.line + lines })), ids, diagrams };
}

/** VitePress reads what stands between two lines of dashes at the start itself. */
function withoutFrontmatter(text: string): { readonly body: string; readonly lines: number } {
  const head = /^---\r?\n[\s\S]*?\r?\n---(?:\r?\n|$)/.exec(text)?.[0] ?? "";
  return { body: text.slice(head.length), lines: head.split("\n").length - 1 };
}
