import type { DefaultTheme } from "vitepress";
import { BENCHMARKS } from "./bench-page.js";
import { addressOf, PLAYGROUND, type SitePage } from "./place.js";

type Item = DefaultTheme.SidebarItem;

/** The pages by topic, for the bar at the side; what stands in none of these is reached through links and search. */
export function sidebar(pages: readonly SitePage[]): Item[] {
  const below = (folder: string): Item[] => itemsOf(pages.filter(({ path }) => path.startsWith(folder)));
  const only = (...paths: readonly string[]): Item[] =>
    paths.flatMap((path) => itemsOf(pages.filter((page) => page.path === path)));
  const sections: Item[] = [
    { text: "Guides", items: below("guides/") },
    {
      text: "The specification",
      items: only(
        "chapter.md",
        "letters.md",
        "matrix.md",
        "matrix-compiler.md",
        "history.md",
        "claims/index.md",
        "spec/CLAIMS.md",
        "spec/STRANGERS.md",
      ),
    },
    { text: "Defects found", items: below("defects/") },
    { text: "In your CI", items: below("ci/") },
    {
      text: "Conformance",
      items: [
        ...only("conformance/walkthrough/index.md", "conformance/record/FORMAT.md"),
        ...below("conformance/drive/"),
        ...below("conformance/mutants/"),
      ],
    },
    {
      text: "The native library",
      items: only(BENCHMARKS, "native/INSTALL.md", "native/LIBURCU.md", "native/silicon/index.md"),
    },
    { text: "Tracing", items: below("native/tracepoint/") },
    {
      text: "References",
      items: [...only("reference/commands.md", "reference/c.md"), ...only("reference/typescript/index.md")],
    },
    { text: "The project", items: only("start.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md") },
  ];
  return sections.filter(({ items = [] }) => items.length > 0);
}

/** What stands above: the pages that most come for. */
export function topBar(): DefaultTheme.NavItem[] {
  return [
    { text: "Chapter", link: "/chapter.html" },
    { text: "Claims", link: "/claims/" },
    { text: "Matrix", link: "/matrix.html" },
    { text: "Guides", link: "/guides/" },
    { text: "Defects", link: "/defects/" },
    { text: "Playground", link: `/${PLAYGROUND}`, target: "_self" },
    { text: "Commands", link: "/reference/commands.html" },
  ];
}

function itemsOf(pages: readonly SitePage[]): Item[] {
  return pages.map((page) => ({ text: titleOf(page), link: `/${addressOf(page.path)}` }));
}

/** A page's first heading, as words. */
export function titleOf({ path, text }: SitePage): string {
  const heading = /^# +(.+)$/m.exec(text)?.[1] ?? path;
  return heading
    .replace(/[`*]/g, "")
    .replace(/\\(.)/g, "$1")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
}
