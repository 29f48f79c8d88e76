/** A place to show in its source; columns count UTF-16 units from 1, the end is inclusive. */
interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/**
 * Shows a line of a source and marks a part of it:
 *
 *       4 │ Init == x = Zero
 *         │             ^^^^
 */
export function excerpt(sourceLine: string, span: Span): string {
  const number = String(span.line);
  const text = sourceLine.trimEnd();
  const last = span.endLine === undefined || span.endLine === span.line ? span.endColumn : text.length;
  const width = Math.max(1, Math.min(last ?? span.column, text.length) - span.column + 1);
  // Tabs stay tabs, so that the mark stands below what it marks.
  const indent = text
    .slice(0, span.column - 1)
    .replace(/[^\t]/g, " ")
    .padEnd(span.column - 1);
  return `  ${number} │ ${text}\n  ${" ".repeat(number.length)} │ ${indent}${"^".repeat(width)}`;
}

/** `file:line:column  message`, further lines of the message indented below. */
export function headline(where: string, message: string): string {
  const [first, ...more] = message.split("\n");
  return [where === "" ? first : `${where}  ${first}`, ...more.map((line) => `  ${line}`)].join("\n");
}
