import type { Tools } from "../../../spec/tlc/tools/tools.js";
import { allKept } from "../bench/kept.js";
import { createProgram } from "../cli/program.js";
import { benchPage } from "./bench-page.js";
import { decidedPages } from "./claims-pages.js";
import { commandsPage } from "./commands-page.js";
import { documents } from "./documents.js";
import type { SitePage } from "./place.js";
import { typescriptPages } from "./typescript-pages.js";

/** All pages of our site, pictures made for it, and for how many claims and cells no counterexample is at hand. */
export async function allPages(
  root: string,
  tools: Tools,
  scratch: string,
  signal: AbortSignal,
): Promise<{
  readonly pages: readonly SitePage[];
  readonly pictures: ReadonlyMap<string, string>;
  readonly missing: number;
}> {
  const { pages, missing } = await decidedPages(root, tools, signal);
  const benchmarks = benchPage(allKept(root));
  const made = [
    ...pages,
    benchmarks.page,
    commandsPage(createProgram({ signal, exitCode: 0 })),
    ...(await typescriptPages(root, scratch)),
  ];
  return {
    pages: [...(await documents(root)), ...made],
    pictures: benchmarks.pictures,
    missing: missing.length,
  };
}
