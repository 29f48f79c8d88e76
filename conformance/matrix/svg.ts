import { BREAKS, cellName, isLetter } from "./cells.js";
import { type Matrix, type Slot, wordOf } from "./matrix.js";

const CELL = { width: 62, height: 22 };
const LABEL = 130;
const GAP = 14;
const TOP = 64;

/**
 * The matrices as a heat map, one above the other. Each cell has its word and a title, so neither colour nor a pointer is
 * needed to read it; the colours follow the reader's light or dark setting.
 */
export function matrixSvg(matrices: readonly Matrix[]): string {
  const block = (m: Matrix): number => m.orders.length * CELL.width + GAP;
  const width = Math.max(...matrices.map((m) => LABEL + m.flavours.length * block(m))) + GAP;
  let y = 0;
  const parts = matrices.map((matrix) => {
    const group = `<g transform="translate(0 ${y})">${drawMatrix(matrix, block(matrix))}</g>`;
    y += TOP + matrix.rows.length * CELL.height + GAP * 2;
    return group;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" role="img" aria-labelledby="title desc">
<title id="title">The barrier necessity matrix</title>
<desc id="desc">For each letter and step of the protocol, what breaks when it is left out, by flavour and memory order.</desc>
<style>${STYLE}</style>
<rect class="page" width="${width}" height="${y}"/>
${parts.join("\n")}
</svg>
`;
}

function drawMatrix(matrix: Matrix, block: number): string {
  const out = [`<text class="head" x="8" y="22">${matrix.algorithm}</text>`];
  for (const [f, flavour] of matrix.flavours.entries()) {
    const left = LABEL + f * block;
    out.push(`<text class="head" x="${left}" y="22">${flavour}</text>`);
    for (const [o, order] of matrix.orders.entries())
      out.push(
        `<text class="order" x="${left + o * CELL.width + CELL.width / 2}" y="${TOP - 12}">${order}</text>`,
      );
  }
  for (const [r, { missing, cells }] of matrix.rows.entries()) {
    const top = TOP + r * CELL.height;
    out.push(
      `<text class="${isLetter(missing) ? "letter" : "step"}" x="8" y="${top + 15}">${missing}</text>`,
    );
    for (const [f, slots] of cells.entries())
      for (const [o, slot] of slots.entries())
        out.push(drawSlot(slot, LABEL + f * block + o * CELL.width, top));
  }
  return out.join("\n");
}

function drawSlot(slot: Slot, x: number, y: number): string {
  if (slot.kind === "absent") return "";
  const word = wordOf(slot);
  const broken = slot.kind === "cell" ? slot.cell.broken?.breaks : undefined;
  const kind = slot.kind === "undecided" ? "undecided" : (broken ?? "fine");
  const meaning =
    broken === undefined ? (kind === "fine" ? "nothing breaks" : "not decided") : BREAKS[broken];
  const name = slot.kind === "cell" ? `${cellName(slot.cell)}: ` : "";
  return `<g><title>${name}${meaning}</title><rect class="${kind}" x="${x + 1}" y="${y + 1}" width="${CELL.width - 2}" height="${CELL.height - 2}" rx="3"/><text class="word" x="${x + CELL.width / 2}" y="${y + 15}">${word}</text></g>`;
}

const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #1a1a1a; }
.head { font-weight: 600; font-size: 14px; }
.letter { font-weight: 700; }
.order, .word { text-anchor: middle; }
.order { fill: #555; }
.page { fill: #fff; }
.fine { fill: #eef2f0; } .undecided { fill: #fff; stroke: #c00; stroke-dasharray: 3 2; }
.freed { fill: #f2a59d; } .unfilled { fill: #f4bfa0; } .early, .unseen { fill: #f3d79a; }
.hang, .asleep, .endless { fill: #b9c8ee; }
@media (prefers-color-scheme: dark) {
text { fill: #e8e8e8; } .order { fill: #aaa; } .page { fill: #16181c; } .fine { fill: #23272c; }
.undecided { fill: #16181c; }
.freed { fill: #8f2f2a; } .unfilled { fill: #87492a; } .early, .unseen { fill: #6f5a1d; }
.hang, .asleep, .endless { fill: #33477f; }
}`;
