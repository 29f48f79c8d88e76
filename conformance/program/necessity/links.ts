import { type Cell, cellName, FACES } from "./cells.js";
import { expectedCells } from "./expected.js";
import { cellLinkFrom } from "./place.js";

/**
 * Links to the cells' pages for a file, whose path is given from the root of the repository. The pages show the
 * expected matrix, so a cell that came out differently has no link.
 */
export function linksFrom(spec: string, from: string): (cell: Cell) => string | undefined {
  const expected = FACES.flatMap((face) => expectedCells(spec, face));
  const words = new Map(expected.map((cell) => [cellName(cell), cell.broken?.breaks]));
  return (cell) => {
    const name = cellName(cell);
    if (!words.has(name) || words.get(name) !== cell.broken?.breaks) return undefined;
    return cellLinkFrom(cell, from);
  };
}
