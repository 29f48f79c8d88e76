import { code, table } from "../pages/markdown.js";
import { BREAKS, cellName, isLetter } from "./cells.js";
import { type Matrix, type Slot, wordOf } from "./matrix.js";
import type { Reason } from "./reasons.js";

/** The matrices as a page of Markdown: a table a flavour, what the words mean, and why some rows never break. */
export function matrixMarkdown(
  matrices: readonly Matrix[],
  reasons: readonly Reason[],
  madeBy: string,
): string {
  const parts = matrices.flatMap((matrix) =>
    matrix.flavours.map((flavour, n) => {
      const rows = matrix.rows
        .filter(({ cells }) => cells[n]?.some((slot) => slot.kind !== "absent"))
        .map(({ missing, cells }) => {
          const name = isLetter(missing) ? `**${missing}**` : missing;
          return [name, ...(cells[n] ?? []).map(cellMarkdown)];
        });
      return `### ${matrix.algorithm}, ${flavour}\n\n${table(["dropped", ...matrix.orders], rows)}\n`;
    }),
  );
  const why = reasons.map(({ algorithm, missing, why, claim }) => [
    `${missing} (${algorithm})`,
    why,
    code(claim),
  ]);
  return `<!-- ${madeBy} -->
# The barrier necessity matrix

What breaks when a letter (an ordering point) or a step of the protocol is left out, under each memory order: the first
of the questions of [\`Necessity\`](../Necessity.tla) that has a bad answer. Every cell has a counterexample:
\`npx quiesce matrix --cell number.membarrier.A.tso\` shows one. The same as a [picture](matrix.svg).

${table(["word", "what breaks"], [...Object.entries(BREAKS), ["·", "nothing"]])}

## Why some are there although nothing breaks

${table(["dropped", "reason", "claim"], why)}

## Cells

${parts.join("\n")}`;
}

function cellMarkdown(slot: Slot): string {
  if (slot.kind !== "cell") return wordOf(slot);
  const word = wordOf(slot);
  return slot.cell.broken === undefined ? word : `<span title="${cellName(slot.cell)}">${word}</span>`;
}
