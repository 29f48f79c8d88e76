import { BadInputError } from "../../../spec/tlc/base/errors.js";
import type { Letter } from "../../base/letters.js";
import { code, table } from "../markdown/markdown.js";
import { PAGES } from "../markdown/place.js";

const START = "<!-- letters -->";
const END = "<!-- /letters -->";

/** ARCHITECTURE.md with the table of letters between its two marks, made from spec/letters.json. */
export function insertLetters(page: string, rows: readonly Letter[]): string {
  const from = page.indexOf(START);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new BadInputError(`ARCHITECTURE.md lacks the marks ${START} and ${END}`);
  const letters = table(
    ["letter", "side", "orders", "kept by", "pairs with", "dropped", "claim"],
    rows.map((row) => [
      row.letter,
      row.side,
      row.orders,
      row.strength,
      row.pairs,
      row.dropped,
      `[${code(row.claim)}](${PAGES}/${row.claim}.md)`,
    ]),
  );
  return `${page.slice(0, from + START.length)}\n${letters}\n${page.slice(to)}`;
}
