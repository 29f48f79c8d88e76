import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { walk } from "../../../spec/tlc/base/walk.js";
import { PAGES } from "../markdown/place.js";
import { CELL_PAGES } from "../necessity/place.js";
import { BUILT } from "../pages/linked.js";
import { type SitePage, sitePath } from "./place.js";

/** Built, or made anew for the site from what TLC has said. */
const NOT_THESE = [`${PAGES}/`, `${CELL_PAGES}/`, ...BUILT];

/** The documents that stand beside the code, each a page. */
export async function documents(root: string): Promise<SitePage[]> {
  const files = await walk(root, ".md");
  return files
    .map((file) => ({ file, from: relative(root, file).split(sep).join("/") }))
    .filter(({ from }) => !NOT_THESE.some((folder) => from.startsWith(folder)))
    .map(({ file, from }) => ({ from, path: sitePath(from), text: readFileSync(file, "utf8") }));
}
