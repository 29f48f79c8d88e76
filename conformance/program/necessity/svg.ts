import { clipped, hoverTitle, linked, MARGIN, svgDocument, text, wrapped } from "../picture/kit.js";
import { tone } from "../picture/palette.js";
import { type Algorithm, BREAKS, type Cell, isLetter } from "./cells.js";
import { titleOf } from "./markdown.js";
import { type Matrix, type Row, type Slot, wordOf } from "./matrix.js";
import type { RowWords } from "./words.js";

const CELL = { width: 60, height: 24 };
/** Wide enough for other fonts than ours. */
const LABEL = { name: MARGIN, what: 144, width: 530 };
const WHOSE: Readonly<Record<Algorithm, string>> = { number: "number (ours)", phase: "phase (liburcu's)" };
const GAP = 16;
const TOP = 66;
const LINE = 18;
const LEGEND = 24;

type LinkOf = (cell: Cell) => string | undefined;
type WordsOf = (missing: string) => RowWords;

/** Blocks of columns side by side, each with the same rows and a column for each memory order. */
export interface Sheet {
  readonly title: string;
  readonly heads: readonly string[];
  readonly orders: readonly string[];
  readonly rows: readonly Row[];
}

/** What a picture of sheets is called, and says. */
export interface SheetWords {
  readonly name: string;
  readonly title: string;
  readonly notes: string;
}

const CELL_SAYS =
  "A cell says what breaks first under a memory order: sc reorders nothing, weak the most. Click a cell to see more.";
const LEFT_OUT =
  "Each row leaves one thing out of the protocol: a letter is an ordering point between two accesses, the others are steps. " +
  "The compiler reorders under all memory orders.";
const HELD =
  "a letter still holds the compiler, but not the processor, so that the memory orders differ. A step has no halves.";

const WORDS = {
  matrix: { name: "matrix", title: "The barrier necessity matrix", notes: `${LEFT_OUT} ${CELL_SAYS}` },
  compiler: {
    name: "matrix-compiler",
    title: "The barrier necessity matrix: what the processor alone would break",
    notes: `Here ${HELD} ${CELL_SAYS}`,
  },
  faces: {
    name: "matrix-faces",
    title: "The barrier necessity matrix",
    notes: `${LEFT_OUT} On the right, ${HELD} ${CELL_SAYS}`,
  },
} as const satisfies Readonly<Record<string, SheetWords>>;

/** A matrix as a sheet: a block a flavour. */
export function sheetOf(matrix: Matrix): Sheet {
  return { title: WHOSE[matrix.algorithm], heads: matrix.flavours, orders: matrix.orders, rows: matrix.rows };
}

/** The two faces of one matrix as a sheet: a letter left out, and beside it the same letter for the compiler alone. */
export function facesOf(whole: Matrix, compiler: Matrix): Sheet {
  const names = (what: string): string[] =>
    whole.flavours.map((flavour) => (whole.flavours.length > 1 ? `${flavour}, ${what}` : what));
  const nothing = compiler.flavours.map(() => compiler.orders.map((): Slot => ({ kind: "absent" })));
  return {
    title: `${WHOSE[whole.algorithm]}${whole.flavours.length === 1 ? `, ${whole.flavours[0]}` : ""}`,
    heads: [...names("left out"), ...names("holds the compiler alone")],
    orders: whole.orders,
    rows: whole.rows.map(({ missing, cells }) => ({
      missing,
      cells: [...cells, ...(compiler.rows.find((row) => row.missing === missing)?.cells ?? nothing)],
    })),
  };
}

/**
 * Sheets as a heat map, one above the other. Each cell has its word and a title, so neither colour nor a pointer is
 * needed to read it, and leads to its counterexample; the colours follow the reader's light or dark setting.
 */
export function matrixSvg(
  sheets: readonly Sheet[],
  wordsOf: WordsOf,
  linkOf: LinkOf,
  kind: keyof typeof WORDS = "matrix",
): string {
  const { name, title, notes } = WORDS[kind];
  const width = Math.max(...sheets.map((sheet) => LABEL.width + sheet.heads.length * blockOf(sheet))) + GAP;
  const lines = wrapped(notes, width - 2 * MARGIN);
  let y = 56 + lines.length * LINE;
  const parts = sheets.map((sheet) => {
    const group = `<g transform="translate(0 ${y})">${drawSheet(sheet, wordsOf, linkOf)}</g>`;
    y += TOP + sheet.rows.length * CELL.height + GAP * 2;
    return group;
  });
  const legend = drawLegend(sheets);
  return svgDocument({
    name,
    width,
    height: y + legend.length * LEGEND + GAP * 2,
    title,
    desc: "For each letter and step of the protocol, what breaks when it is left out, by flavour and memory order.",
    style: STYLE,
    body: [
      ...lines.map((line, n) => text(MARGIN, 62 + n * LINE, line, { kind: "soft" })),
      ...parts,
      `<g transform="translate(0 ${y})">${legend.join("\n")}</g>`,
    ],
  });
}

function blockOf({ orders }: Sheet): number {
  return orders.length * CELL.width + GAP;
}

function drawSheet(sheet: Sheet, wordsOf: WordsOf, linkOf: LinkOf): string {
  const block = blockOf(sheet);
  const out = [text(MARGIN, 24, sheet.title, { kind: "head" })];
  for (const [f, head] of sheet.heads.entries()) {
    const left = LABEL.width + f * block;
    out.push(text(left, 24, clipped(head, block - GAP, 14), { kind: "head" }));
    for (const [o, order] of sheet.orders.entries())
      out.push(
        text(left + o * CELL.width + CELL.width / 2, TOP - 12, order, { kind: "soft", anchor: "middle" }),
      );
  }
  for (const [r, { missing, cells }] of sheet.rows.entries()) {
    const top = TOP + r * CELL.height;
    const { side, what } = wordsOf(missing);
    const words = `${side}: ${what}`;
    const room = LABEL.width - LABEL.what - 8;
    const shown = clipped(words, room);
    out.push(
      text(LABEL.name, top + 16, missing, { kind: isLetter(missing) ? "bold" : "step" }),
      text(LABEL.what, top + 16, shown, { kind: "soft", ...(shown !== words && { hover: words }) }),
    );
    for (const [f, slots] of cells.entries())
      for (const [o, slot] of slots.entries())
        out.push(drawSlot(slot, LABEL.width + f * block + o * CELL.width, top, linkOf));
  }
  return out.join("\n");
}

function drawSlot(slot: Slot, x: number, y: number, linkOf: LinkOf): string {
  if (slot.kind === "absent") return "";
  const cell = slot.kind === "cell" ? slot.cell : undefined;
  const kind = cell === undefined ? "undecided" : (cell.broken?.breaks ?? "fine");
  const content = [
    hoverTitle(cell === undefined ? "not decided" : titleOf(cell)),
    `<rect class="${kind}" x="${x + 1}" y="${y + 1}" width="${CELL.width - 2}" height="${CELL.height - 2}" rx="3"/>`,
    text(x + CELL.width / 2, y + 16, wordOf(slot), { anchor: "middle" }),
  ];
  const link = cell === undefined ? undefined : linkOf(cell);
  return link === undefined ? `<g>${content.join("")}</g>` : linked(link, ...content);
}

/** A line for each word that occurs. */
function drawLegend(sheets: readonly Sheet[]): string[] {
  const used = new Set(sheets.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.flat().map(wordOf))));
  const words = [
    ...Object.entries(BREAKS).map(([word, meaning]) => ({ word, kind: word, meaning })),
    { word: "·", kind: "fine", meaning: "nothing breaks" },
    { word: "?", kind: "undecided", meaning: "not decided" },
  ].filter(({ word }) => used.has(word));
  return words.map(({ word, kind, meaning }, n) => {
    const y = n * LEGEND;
    return [
      `<rect class="${kind}" x="${LABEL.name}" y="${y}" width="${CELL.width - 2}" height="${CELL.height - 4}" rx="3"/>`,
      text(LABEL.name + CELL.width / 2 - 1, y + 14, word, { anchor: "middle" }),
      text(LABEL.name + CELL.width + 10, y + 14, meaning),
    ].join("");
  });
}

const STYLE: Readonly<Record<string, string>> = {
  ".fine": `fill:${tone("plainFill")}`,
  ".undecided": `fill:${tone("page")};stroke:${tone("bad")};stroke-dasharray:3 2`,
  ".freed": `fill:${tone("redFill")}`,
  ".unfilled": `fill:${tone("orangeFill")}`,
  ".early,.unseen": `fill:${tone("yellowFill")}`,
  ".hang,.asleep,.endless": `fill:${tone("blueFill")}`,
  ".back": `fill:${tone("plumFill")}`,
};
