import { code, plain, table } from "../markdown/markdown.js";
import { BREAKS, type Cell, cellName, type Face, isLetter } from "./cells.js";
import { type Matrix, type Slot, wordOf } from "./matrix.js";
import { processorTable } from "./processors.js";
import type { Reason } from "./reasons.js";
import type { RowWords } from "./words.js";

/** What a page of the matrix needs besides the matrix. */
export interface MarkdownParts {
  readonly reasons: readonly Reason[];
  readonly wordsOf: (missing: string) => RowWords;
  /** Where a cell is described. */
  readonly linkOf: (cell: Cell) => string | undefined;
  /** Links to the face's module, to its picture, and to the page of the other face. */
  readonly module: string;
  readonly picture: string;
  readonly other: string;
  /** The matrices of the compiler's face, and a link to the table of letters. */
  readonly compiler: readonly Matrix[];
  readonly letters: string;
  readonly madeBy: string;
}

/**
 * The matrices of a face as a page of Markdown: a table a flavour, what the words mean, and, where things are left out
 * altogether, why some rows never break.
 */
export function matrixMarkdown(matrices: readonly Matrix[], face: Face, parts: MarkdownParts): string {
  const { reasons, wordsOf, linkOf, madeBy } = parts;
  const tables = matrices.flatMap((matrix) =>
    matrix.flavours.map((flavour, n) => {
      const rows = matrix.rows
        .filter(({ cells }) => cells[n]?.some((slot) => slot.kind !== "absent"))
        .map(({ missing, cells }) => {
          const { side, what } = wordsOf(missing);
          const name = isLetter(missing) ? `**${missing}**` : missing;
          return [
            name,
            `${side}: ${plain(what)}`,
            ...(cells[n] ?? []).map((slot) => cellMarkdown(slot, linkOf)),
          ];
        });
      return `## ${matrix.algorithm}, ${flavour}\n\n${table(["dropped", "what it is", ...matrix.orders], rows)}\n`;
    }),
  );
  const why = reasons.map(({ algorithm, missing, why, claim }) => [
    `${missing} (${algorithm})`,
    why,
    code(claim),
  ]);
  const words = table(["word", "what breaks"], [...Object.entries(BREAKS), ["·", "nothing"]]);
  return `<!-- ${madeBy} -->
${face === "whole" ? `${wholeIntro(parts, words)}\n\n${onProcessors(matrices, parts)}` : compilerIntro(parts, words)}

${tables.join("\n")}${
  face === "compiler"
    ? ""
    : `
## Why some are there although nothing breaks

${table(["dropped", "reason", "claim"], why)}
`
}`;
}

function wholeIntro({ module, picture, other }: MarkdownParts, words: string): string {
  return `# The barrier necessity matrix

What is each barrier and each step of the protocol for? Leave it out and see what breaks. Each row leaves one thing out: a
letter is an ordering point between two accesses, which then binds neither the processor nor the compiler; a step is then
not taken. Each column is a memory order, the stricter ones first. Each cell shows the first question of
[\`Necessity\`](${module}) with a bad answer, and links to a run in which it happens, or, where nothing breaks, to what TLC
examined. The matrix is also available as a [picture](${picture}) and in a terminal: \`npx quiesce matrix\`. Its other face
says what [the processor alone would break](${other}).

${words}

*number* is our algorithm, *phase* is liburcu's. A letter is dropped for the compiler, too, so most are needed even under sc,
where the processor reorders nothing. A to I belong to the read side. The letters from J on stand around it, where threads
come and go, updaters share a grace period, and callbacks change hands: each is asked about in the modules where it stands.`;
}

function onProcessors(matrices: readonly Matrix[], { compiler, letters }: MarkdownParts): string {
  return `## What may be left out on x86?

Of the letters, one at a time; what two of them do together was not asked. *May go*: nothing breaks without it. *Only for
the compiler*: it has to stay in the source, as a compiler barrier, and needs no instruction. Every other letter needs what
[the table of letters](${letters}) says that it is kept by.

${processorTable(matrices, compiler)}`;
}

function compilerIntro({ module, picture, other }: MarkdownParts, words: string): string {
  return `# The barrier necessity matrix: what the processor alone would break

The [other face](${other}) of the matrix leaves a letter out altogether. Here it keeps one half: it still holds the compiler,
and no longer the processor, so the memory orders differ. A step has no halves. Each cell shows the first question of
[\`NecessityCompiler\`](${module}) with a bad answer, and links to a run in which it happens, or, where nothing breaks, to
what TLC examined: there, a barrier to the compiler is enough on such a processor. This face is also available as a
[picture](${picture}) and in a terminal: \`npx quiesce matrix --face compiler\`.

${words}

*number* is our algorithm, *phase* is liburcu's, which has none of the letters from J on.`;
}

function cellMarkdown(slot: Slot, linkOf: MarkdownParts["linkOf"]): string {
  const word = wordOf(slot);
  if (slot.kind !== "cell") return word;
  const link = linkOf(slot.cell);
  return link === undefined ? word : `[${word}](${link} "${titleOf(slot.cell)}")`;
}

/** A cell's name and what breaks in it, shown when the pointer is on the cell. */
export function titleOf(cell: Cell): string {
  const breaks = cell.broken?.breaks;
  const half = cell.face === undefined ? "" : ` (${cell.missing} holds the compiler alone)`;
  return `${cellName(cell)}${half}: ${breaks === undefined ? "nothing breaks" : (BREAKS[breaks] ?? breaks)}`;
}
