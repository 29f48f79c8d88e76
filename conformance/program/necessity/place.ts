import { relativeLink } from "../markdown/place.js";
import { type Cell, rowId } from "./cells.js";

/** The matrix as a page, and the pages of its cells, one for each algorithm and flavour; from the root. */
export const MATRIX_PAGE = "spec/rcu/generated/matrix.md";
export const MATRIX_PICTURE = "spec/rcu/generated/matrix.svg";
/** The matrix of one flavour, number with membarrier: the README shows it. */
export const MEMBARRIER_PICTURE = "spec/rcu/generated/membarrier.svg";
/** The other face, for each flavour. */
export const COMPILER_PICTURE = "spec/rcu/generated/compiler.svg";
/** The same as a page. */
export const COMPILER_PAGE = "spec/rcu/generated/compiler.md";
export const CELL_PAGES = "spec/rcu/generated/matrix";

type Named = Pick<Cell, "algorithm" | "flavour" | "face">;

/** The page with the cells of a face of a flavour of an algorithm, from the root. */
export function cellPage({ algorithm, flavour, face }: Named): string {
  return `${CELL_PAGES}/${[algorithm, flavour, ...(face === undefined ? [] : [face])].join("-")}.md`;
}

/** The cell's anchor on its page: `end-announcement.tso`. Nothing in it needs escaping in a link. */
export function cellAnchor({ missing, order }: Pick<Cell, "missing" | "order">): string {
  return `${rowId(missing)}.${order}`;
}

/** A file in the root itself: links from it are paths from the root. */
export const ROOT = "README.md";

/** Where a cell is described, as a link from a file of the repository: page and anchor. */
export function cellLinkFrom(cell: Cell, from: string): string {
  return `${relativeLink(cellPage(cell), from)}#${cellAnchor(cell)}`;
}
