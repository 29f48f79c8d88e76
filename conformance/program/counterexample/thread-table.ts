/** One row of a table of threads by steps: what a thread did. */
export interface ThreadRow {
  /** Which column it is in, from 0; `all` spans the table. */
  readonly column: number | "all";
  readonly text: string;
  /** Lines that hang below the text, in the same column, a little deeper. */
  readonly below?: readonly string[];
  /** What precedes the row, right-aligned; rows are counted from 1 if none has a number. */
  readonly number?: string | number;
}

/** How wide a table may get, and the least width of a column. */
export interface ThreadTableOptions {
  /** In columns of the terminal; the default is 100. A single word that is longer stays whole. */
  readonly width?: number;
}

const GAP = 2;
const NARROWEST = 12;

/**
 * Lays steps out as a table: threads are columns, time goes down, one row a step. Texts that do not fit are
 * wrapped between words. Plain text without colour; lines have no trailing spaces.
 */
export function threadTable(
  columns: readonly string[],
  rows: readonly ThreadRow[],
  options: ThreadTableOptions = {},
): string {
  const counted = rows.every((row) => row.number === undefined);
  const numbers = rows.map((row, i) => String(row.number ?? (counted ? i + 1 : "")));
  const margin = Math.max(...numbers.map(widthOf), 2) + GAP + 1;
  const whole = (options.width ?? 100) - margin;
  const widths = columnWidths(columns, rows, whole);
  const starts = widths.map((_, i) => margin + widths.slice(0, i).reduce((sum, w) => sum + w + GAP, 0));

  const lines: string[] = [];
  if (columns.length > 0) {
    lines.push(columns.map((name, i) => pad(name, (widths[i] as number) + GAP)).join(""));
    lines[0] = " ".repeat(margin) + lines[0];
  }
  for (const [i, row] of rows.entries()) {
    const start = row.column === "all" ? margin : (starts[row.column] ?? margin);
    const width = row.column === "all" ? whole : (widths[row.column] ?? whole);
    const texts = [
      ...wrap(row.text, width, ""),
      ...(row.below ?? []).flatMap((line) => wrap(line, width - 2, "  ").map((text) => `  ${text}`)),
    ];
    for (const [n, text] of texts.entries()) {
      const number = n === 0 ? (numbers[i] as string) : "";
      lines.push(pad(number.padStart(margin - GAP - 1), start) + text);
    }
  }
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** Every column as wide as it needs to be; if that is too wide, the widest ones give way. */
function columnWidths(columns: readonly string[], rows: readonly ThreadRow[], available: number): number[] {
  const needed = columns.map((name, i) => {
    const own = rows.filter((row) => row.column === i);
    const texts = own.flatMap((row) => [
      widthOf(row.text),
      ...(row.below ?? []).map((line) => widthOf(line) + 2),
    ]);
    return Math.max(NARROWEST, widthOf(name), ...texts);
  });
  const room = Math.max(available - GAP * (columns.length - 1), columns.length * NARROWEST);
  let limit = Math.max(NARROWEST, ...needed);
  const fits = () => needed.reduce((sum, w) => sum + Math.min(w, limit), 0) <= room;
  while (limit > NARROWEST && !fits()) limit--;
  return needed.map((w) => Math.min(w, limit));
}

/** Breaks a text between words into lines; what follows the first line is indented. */
export function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    if (line !== "" && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = indent + word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

const widthOf = (text: string): number => [...text].length;
const pad = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - widthOf(text)));
