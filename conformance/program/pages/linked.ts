import { existsSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { walk } from "../../../spec/tlc/base/walk.js";
import { PAGES } from "../markdown/place.js";
import type { GeneratedFile } from "./generate.js";

/** Folders with what is built: no documents of the repository. */
export const BUILT: readonly string[] = ["build/", "dist/", "report/"];

/** A link to a Markdown file, in Markdown or in the HTML or SVG within. */
const LINK = /(?:\]\(|\bhref=")([^)"\s#]+\.md)(?:#[^)"\s]*)?[)"]/g;

/**
 * The claims' pages that a document or a picture leads to, as paths from the root: who reads on a forge, without the
 * site, finds a page at the end of each link.
 *
 * @param made files that are about to be written: they count as they will be, not as they are
 */
export async function linkedPages(
  root: string,
  made: readonly GeneratedFile[],
): Promise<ReadonlySet<string>> {
  const texts = new Map(made.map(({ path, text }) => [path, text]));
  const there = [...(await walk(root, ".md")), ...(await walk(root, ".svg"))];
  const onDisk = there
    .map((file) => relative(root, file).split(sep).join("/"))
    .filter((path) => ![...BUILT, `${PAGES}/`].some((folder) => path.startsWith(folder)));
  const linked = new Set<string>();
  for (const path of new Set([...onDisk, ...texts.keys()])) {
    if (!/\.(?:md|svg)$/.test(path)) continue;
    const text = texts.get(path) ?? readIfThere(join(root, path));
    for (const [, way = ""] of text.matchAll(LINK)) {
      const target = posix.join(posix.dirname(path), decodeURIComponent(way));
      if (target.startsWith(`${PAGES}/`)) linked.add(target);
    }
  }
  return linked;
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
