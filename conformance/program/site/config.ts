import { readFileSync } from "node:fs";
import { join } from "node:path";
import type MarkdownIt from "markdown-it";
import type { LanguageInput } from "shiki";
import type { MarkdownEnv, MarkdownRenderer, UserConfig } from "vitepress";
import { createResolve } from "./links.js";
import { CODE_THEMES, ICON } from "./look.js";
import { siteMarkdown, slug } from "./markdown.js";
import { sidebar, topBar } from "./navigation.js";
import type { SitePage } from "./place.js";
import { TLA_GRAMMAR } from "./tla-grammar.js";

/** What the build writes for VitePress, which runs in a process of its own. */
export interface SiteFile {
  readonly root: string;
  readonly base: string;
  readonly out: string;
  readonly pages: readonly SitePage[];
  /** Pictures that are made for it alone. */
  readonly made: readonly string[];
}

/** The file with this, beside VitePress's configuration. */
export const SITE_FILE = "site.json";

/** VitePress's configuration for the site in a folder that the build has filled. */
export function siteConfig(folder: string): UserConfig {
  const { root, base, out, pages, made } = JSON.parse(
    readFileSync(join(folder, SITE_FILE), "utf8"),
  ) as SiteFile;
  const froms = new Map(pages.map(({ path, from }) => [path, from]));
  const resolve = createResolve(root, pages, made);
  return {
    lang: "en",
    title: "Quiesce",
    description: "User-space RCU and membarrier: specified, checked, implemented",
    base,
    head: [["link", { rel: "icon", type: "image/svg+xml", href: `${base}${ICON.address}` }]],
    outDir: out,
    srcDir: "pages",
    // Our own check looks at every link and anchor.
    ignoreDeadLinks: true,
    metaChunk: true,
    vite: {
      // A build says only what is wrong; the server that is used while writing says where it is.
      logLevel: process.env["NODE_ENV"] === "development" ? "info" : "warn",
      build: { chunkSizeWarningLimit: 100_000, reportCompressedSize: false },
    },
    // Pictures are files of the site, which links name with its base; Vue would look for them among the sources.
    vue: { template: { transformAssetUrls: false } },
    markdown: {
      attrs: { disable: true },
      theme: CODE_THEMES,
      anchor: { slugify: slug },
      languages: [TLA_GRAMMAR as LanguageInput],
      config(md) {
        // VitePress brings its own declarations of the same class.
        const own = md as unknown as MarkdownIt;
        siteMarkdown(own, { resolve, fromOf: (page) => froms.get(page) ?? page, base });
      },
    },
    themeConfig: {
      nav: topBar(),
      sidebar: sidebar(pages),
      outline: { level: [2, 3] },
      // Its name for a screen reader has to begin with what one sees.
      notFound: { linkText: "Take me home", linkLabel: "Take me home" },
      docFooter: { prev: false, next: false },
      externalLinkIcon: false,
      search: {
        provider: "local",
        options: {
          detailedView: false,
          _render: async (text: string, env: MarkdownEnv, md: MarkdownRenderer) =>
            md.render(searchable(env.relativePath, text), env),
        },
      },
    },
  };
}

/**
 * What of a page can be searched. Of a claim, what it says and where it comes from: its configuration and its
 * counterexample hold the same words as a thousand others. A page of the matrix only repeats what its claims say.
 */
function searchable(path: string, text: string): string {
  const cut =
    path === "claims/index.md" || path === "history.md"
      ? -1
      : path.startsWith("claims/")
        ? text.search(/^(?:The configuration, for TLC|\| `)/m)
        : path.startsWith("matrix")
          ? text.search(/^\|/m)
          : -1;
  // The table of letters names a claim in each row, and would be found before the claim.
  const letters = /<!-- letters -->[\s\S]*?<!-- \/letters -->/;
  const shown =
    path === "claims/index.md" ? text.replace(/^\|.*$/gm, "") : cut < 0 ? text : text.slice(0, cut);
  return shown.replace(letters, "").replace(/^```mermaid\n[\s\S]*?^```$/gm, "");
}
