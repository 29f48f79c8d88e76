import { posix } from "node:path";
import { COMPILER_PAGE, MATRIX_PAGE } from "../necessity/place.js";
import { HISTORY_PAGE } from "../pages/history-page.js";

/** A page of the site before VitePress has it: where it stands there, where its links start from, and its Markdown. */
export interface SitePage {
  /** Below the site's root, with ".md": `claims/rcu/read-side/number.md`. */
  readonly path: string;
  /** The file of the repository whose text it is, from the root; its relative links are relative to this. */
  readonly from: string;
  readonly text: string;
}

/** The playground, a page of its own beside VitePress's; what stands behind "#" is a litmus test. */
export const PLAYGROUND = "playground.html";

/** What moves to a shorter address; everything else keeps its path. The first that fits decides. */
const MOVED: readonly (readonly [string, string])[] = [
  ["README.md", "start.md"],
  ["spec/README.md", "chapter.md"],
  [HISTORY_PAGE, "history.md"],
  [MATRIX_PAGE, "matrix.md"],
  [COMPILER_PAGE, "matrix-compiler.md"],
  ["spec/rcu/generated/matrix/", "matrix/"],
  ["spec/generated/claims/", "claims/"],
  ["native/generated/REFERENCE.md", "reference/c.md"],
  ["docs/README.md", "guides/README.md"],
  ["docs/", ""],
];

/** Where a document of the repository stands on the site. */
export function sitePath(from: string): string {
  const moved = MOVED.find(([old]) => (old.endsWith("/") ? from.startsWith(old) : from === old));
  const path = moved === undefined ? from : from.replace(moved[0], moved[1]);
  return posix.basename(path) === "README.md" ? posix.join(posix.dirname(path), "index.md") : path;
}

/** A page's address below the site's base, as a static server finds it. */
export function addressOf(path: string): string {
  return encodeURI(path.replace(/\.md$/, ".html"));
}

/** The address of the page that shows a source. */
export function sourceAddress(path: string): string {
  return `source/${encodeURI(path)}.html`;
}

/** The address of a picture or another file that is taken as it is. */
export function fileAddress(path: string): string {
  return `files/${encodeURI(path)}`;
}
