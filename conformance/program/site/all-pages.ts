import type { Tools } from "../../../spec/tlc/tools/tools.js";
import { createProgram } from "../cli/program.js";
import { decidedPages } from "./claims-pages.js";
import { commandsPage } from "./commands-page.js";
import { documents } from "./documents.js";
import type { SitePage } from "./place.js";
import { typescriptPages } from "./typescript-pages.js";

/** All pages of our site, and for how many claims and cells no counterexample is at hand. */
export async function allPages(
  root: string,
  tools: Tools,
  scratch: string,
  signal: AbortSignal,
): Promise<{ readonly pages: readonly SitePage[]; readonly missing: number }> {
  const { pages, missing } = await decidedPages(root, tools, signal);
  const made = [
    ...pages,
    commandsPage(createProgram({ signal, exitCode: 0 })),
    ...(await typescriptPages(root, scratch)),
  ];
  return { pages: [...(await documents(root)), ...made], missing: missing.length };
}
