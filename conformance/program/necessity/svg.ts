import { escapeXml } from "../../base/xml.js";
import { wrap } from "../counterexample/thread-table.js";
import { type Algorithm, BREAKS, type Cell, isLetter } from "./cells.js";
import { titleOf } from "./markdown.js";
import { type Matrix, type Slot, wordOf } from "./matrix.js";
import type { RowWords } from "./words.js";

const CELL = { width: 64, height: 24 };
/** Wide enough for other fonts than ours. */
const LABEL = { name: 16, what: 150, width: 520 };
const WHOSE: Readonly<Record<Algorithm, string>> = { number: "number (ours)", phase: "phase (liburcu's)" };
const GAP = 16;
const TOP = 66;
const LINE = 18;
/** Width of a character of the notes, on average, in fonts that are wide. */
const CHARACTER = 6.3;
const NOTES =
  "Each row leaves one thing out of the protocol: a letter is an ordering point between two accesses, the others are steps. " +
  "A cell says what breaks first under a memory order: sc reorders nothing, weak the most; the compiler reorders under " +
  "all of them. Click a cell to see how it breaks.";
const LEGEND = 24;

type LinkOf = (cell: Cell) => string | undefined;
type WordsOf = (missing: string) => RowWords;

/**
 * The matrices as a heat map, one above the other. Each cell has its word and a title, so neither colour nor a pointer is
 * needed to read it, and leads to its counterexample; the colours follow the reader's light or dark setting.
 */
export function matrixSvg(matrices: readonly Matrix[], wordsOf: WordsOf, linkOf: LinkOf): string {
  const width = Math.max(...matrices.map((m) => LABEL.width + m.flavours.length * blockOf(m))) + GAP;
  const notes = wrap(NOTES, Math.floor((width - 2 * LABEL.name) / CHARACTER), "");
  let y = 56 + notes.length * LINE;
  const parts = matrices.map((matrix) => {
    const group = `<g transform="translate(0 ${y})">${drawMatrix(matrix, wordsOf, linkOf)}</g>`;
    y += TOP + matrix.rows.length * CELL.height + GAP * 2;
    return group;
  });
  const legend = drawLegend(matrices);
  const height = y + legend.length * LEGEND + GAP * 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">
<title id="title">The barrier necessity matrix</title>
<desc id="desc">For each letter and step of the protocol, what breaks when it is left out, by flavour and memory order.</desc>
<style>${STYLE}</style>
<rect class="page" width="${width}" height="${height}"/>
<text class="title" x="${LABEL.name}" y="38">The barrier necessity matrix</text>
${notes.map((line, n) => `<text class="note" x="${LABEL.name}" y="${62 + n * LINE}">${escapeXml(line)}</text>`).join("\n")}
${parts.join("\n")}
<g transform="translate(0 ${y})">${legend.join("\n")}</g>
</svg>
`;
}

function blockOf(matrix: Matrix): number {
  return matrix.orders.length * CELL.width + GAP;
}

function drawMatrix(matrix: Matrix, wordsOf: WordsOf, linkOf: LinkOf): string {
  const block = blockOf(matrix);
  const out = [`<text class="head" x="${LABEL.name}" y="24">${WHOSE[matrix.algorithm]}</text>`];
  out.push(`<text class="order left" x="${LABEL.name}" y="${TOP - 12}">left out</text>`);
  for (const [f, flavour] of matrix.flavours.entries()) {
    const left = LABEL.width + f * block;
    out.push(`<text class="head" x="${left}" y="24">${flavour}</text>`);
    for (const [o, order] of matrix.orders.entries())
      out.push(
        `<text class="order" x="${left + o * CELL.width + CELL.width / 2}" y="${TOP - 12}">${order}</text>`,
      );
  }
  for (const [r, { missing, cells }] of matrix.rows.entries()) {
    const top = TOP + r * CELL.height;
    const { side, what } = wordsOf(missing);
    out.push(
      `<text class="${isLetter(missing) ? "letter" : "step"}" x="${LABEL.name}" y="${top + 16}">${missing}</text>` +
        `<text class="note" x="${LABEL.what}" y="${top + 16}">${side}: ${escapeXml(what)}</text>`,
    );
    for (const [f, slots] of cells.entries())
      for (const [o, slot] of slots.entries())
        out.push(drawSlot(slot, LABEL.width + f * block + o * CELL.width, top, linkOf));
  }
  return out.join("\n");
}

function drawSlot(slot: Slot, x: number, y: number, linkOf: LinkOf): string {
  if (slot.kind === "absent") return "";
  const word = wordOf(slot);
  const isCell = slot.kind === "cell";
  const kind = isCell ? (slot.cell.broken?.breaks ?? "fine") : "undecided";
  const title = isCell ? titleOf(slot.cell) : "not decided";
  const link = isCell ? linkOf(slot.cell) : undefined;
  const [open, close] = link === undefined ? ["<g>", "</g>"] : [`<a href="${escapeXml(link)}">`, "</a>"];
  return `${open}<title>${escapeXml(title)}</title><rect class="${kind}" x="${x + 1}" y="${y + 1}" width="${CELL.width - 2}" height="${CELL.height - 2}" rx="3"/><text class="word" x="${x + CELL.width / 2}" y="${y + 16}">${word}</text>${close}`;
}

/** A line for each word that occurs. */
function drawLegend(matrices: readonly Matrix[]): string[] {
  const used = new Set(matrices.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.flat().map(wordOf))));
  const words = [
    ...Object.entries(BREAKS).map(([word, meaning]) => ({ word, kind: word, meaning })),
    { word: "·", kind: "fine", meaning: "nothing breaks" },
    { word: "?", kind: "undecided", meaning: "not decided" },
  ].filter(({ word }) => used.has(word));
  return words.map(({ word, kind, meaning }, n) => {
    const y = n * LEGEND;
    return `<rect class="${kind}" x="${LABEL.name}" y="${y}" width="${CELL.width - 2}" height="${CELL.height - 4}" rx="3"/><text class="word" x="${LABEL.name + CELL.width / 2 - 1}" y="${y + 14}">${word}</text><text x="${LABEL.name + CELL.width + 10}" y="${y + 14}">${escapeXml(meaning)}</text>`;
  });
}

const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #1a1a1a; }
.title { font-weight: 600; font-size: 18px; }
.head { font-weight: 600; font-size: 14px; }
.letter { font-weight: 700; }
.order, .word { text-anchor: middle; } .left { text-anchor: start; }
.order, .note { fill: #555; }
.page { fill: #fff; }
a:hover rect, a:focus rect { stroke: #1a1a1a; stroke-width: 1.5; }
.fine { fill: #eef2f0; } .undecided { fill: #fff; stroke: #c00; stroke-dasharray: 3 2; }
.freed { fill: #f2a59d; } .unfilled { fill: #f4bfa0; } .early, .unseen { fill: #f3d79a; }
.hang, .asleep, .endless { fill: #b9c8ee; }
@media (prefers-color-scheme: dark) {
text { fill: #e8e8e8; } .order, .note { fill: #aaa; } .page { fill: #16181c; } .fine { fill: #23272c; }
a:hover rect, a:focus rect { stroke: #e8e8e8; }
.undecided { fill: #16181c; }
.freed { fill: #8f2f2a; } .unfilled { fill: #87492a; } .early, .unseen { fill: #6f5a1d; }
.hang, .asleep, .endless { fill: #33477f; }
}`;
