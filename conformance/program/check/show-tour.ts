import { readLetters } from "../../base/letters.js";
import { colour } from "../../base/terminal.js";
import type { CheckRow } from "./run.js";

/** The most columns that a claim's sentence may take. */
const SENTENCE = 100;

/** A claim that has just been decided: its verdict on one line, and its sentence, shortened, below. */
export function showStop({ claim, verdict, asDeclared }: CheckRow): string {
  const { violates } = claim.declared;
  const what = verdict === "violated" && violates !== undefined ? `violated: ${violates}` : verdict;
  const mark = asDeclared ? colour.green("✓") : colour.red("✗");
  const { sentence } = claim;
  const short = sentence.length > SENTENCE ? `${sentence.slice(0, SENTENCE - 3).trimEnd()}...` : sentence;
  return `${mark} ${colour.bold(claim.id)}   ${what}\n    ${short}`;
}

/** What each ordering point is for, and what goes wrong without it. `spec` is the folder of the specification. */
export function showLetters(spec: string): string {
  const rows = readLetters(spec);
  const cells = [
    ["", "side", "orders", "kept by", "without it"],
    ...rows.map((row) => [row.letter, row.side, row.orders, row.strength, row.dropped]),
  ];
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const lines = cells.map((row) =>
    `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}`.trimEnd(),
  );
  return [colour.bold("What each letter orders"), ...lines].join("\n");
}
