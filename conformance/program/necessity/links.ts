import { relativeLink } from "../markdown/place.js";
import { type Cell, cellName } from "./cells.js";
import { expectedCells } from "./expected.js";
import { COMPILER_PAGE, cellLinkFrom } from "./place.js";

/**
 * Links to the cells' pages for a file, whose path is given from the root of the repository. The pages show the
 * expected matrix, so a cell that came out differently has no link. A cell of the other face leads to its claim.
 */
export function linksFrom(spec: string, from: string): (cell: Cell) => string | undefined {
  const expected = [...expectedCells(spec), ...expectedCells(spec, "compiler")];
  const words = new Map(expected.map((cell) => [cellName(cell), cell.broken?.breaks]));
  return (cell) => {
    const name = cellName(cell);
    if (!words.has(name) || words.get(name) !== cell.broken?.breaks) return undefined;
    return cell.face === undefined
      ? cellLinkFrom(cell, from)
      : `${relativeLink(COMPILER_PAGE, from)}#${cell.flavour}`;
  };
}
