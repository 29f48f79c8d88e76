import { colour } from "../../base/terminal.js";
import { BREAKS, isLetter } from "./cells.js";
import { type Matrix, type Slot, wordOf } from "./matrix.js";
import type { RowWords } from "./words.js";

const WIDEST = Math.max(...Object.keys(BREAKS).map((word) => word.length)) + 1;

/** The matrix of one algorithm for a terminal: a block of columns a flavour, a row for each letter and step. */
export function showMatrix({ algorithm, flavours, orders, rows }: Matrix): string {
  const label = Math.max(...rows.map(({ missing }) => missing.length), "dropped".length) + 2;
  const block = (words: readonly string[]): string => words.map((w) => w.padEnd(WIDEST)).join("");
  const width = WIDEST * orders.length;
  const lines: string[] = [];
  // Two flavours fit beside each other on a terminal of ordinary width.
  for (let at = 0; at < flavours.length; at += 2) {
    const some = flavours.slice(at, at + 2);
    const head = some.map((flavour) => flavour.padEnd(width)).join("  ");
    lines.push(`  ${colour.bold(algorithm.padEnd(label))}${colour.bold(head.trimEnd())}`);
    lines.push(
      `  ${"dropped".padEnd(label)}${some
        .map(() => block(orders))
        .join("  ")
        .trimEnd()}`,
    );
    for (const { missing, cells } of rows) {
      const parts = cells.slice(at, at + 2);
      if (parts.flat().every((slot) => slot.kind === "absent")) continue;
      const name = isLetter(missing) ? colour.bold(missing.padEnd(label)) : missing.padEnd(label);
      lines.push(
        `  ${name}${parts
          .map((slots) => slots.map(showSlot).join(""))
          .join("  ")
          .trimEnd()}`,
      );
    }
    lines.push("");
  }
  return lines.join("\n");
}

function showSlot(slot: Slot): string {
  const word = wordOf(slot).padEnd(WIDEST);
  if (slot.kind === "undecided") return colour.red(word);
  if (slot.kind === "absent" || slot.cell.broken === undefined) return colour.dim(word);
  // Not red: something is expected to break without a barrier.
  return WAITS_FOR_EVER.has(slot.cell.broken.breaks) ? colour.cyan(word) : colour.yellow(word);
}

const WAITS_FOR_EVER: ReadonlySet<string> = new Set(["hang", "asleep", "endless"]);

/** What each row leaves out: the accesses that a letter orders, or what a step does. */
export function showRows(matrices: readonly Matrix[], wordsOf: (missing: string) => RowWords): string {
  const names = [...new Set(matrices.flatMap(({ rows }) => rows.map(({ missing }) => missing)))];
  const sorted = [...names.filter(isLetter).sort(), ...names.filter((name) => !isLetter(name))];
  const label = Math.max(...names.map((name) => name.length)) + 2;
  return sorted
    .map((name) => {
      const { side, what } = wordsOf(name);
      const padded = name.padEnd(label);
      return `  ${isLetter(name) ? colour.bold(padded) : padded}${side.padEnd(9)}${what}`;
    })
    .join("\n");
}

/** What the words that occur in the matrix mean. */
export function showLegend(matrices: readonly Matrix[]): string {
  const used = new Set(matrices.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.flat().map(wordOf))));
  const words = Object.entries(BREAKS).filter(([word]) => used.has(word));
  const lines = words.map(([word, meaning]) => `  ${word.padEnd(WIDEST)}${meaning}`);
  if (used.has("·")) lines.push(`  ${"·".padEnd(WIDEST)}nothing breaks`);
  if (used.has("?")) lines.push(`  ${"?".padEnd(WIDEST)}not decided`);
  return lines.join("\n");
}
