/** A place in a source file; lines and columns count from 1, the end is inclusive. */
export interface SourceLocation {
  /** Path of the file, where it is known. */
  readonly file?: string;
  /** Name of the TLA+ module, where it is known. */
  readonly module?: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** How TLC and SANY write a location; the module comes last, after "of module" or "in". */
const LOCATION =
  /[Ll]ine (\d+), col(?:umn)? (\d+)(?: to line (\d+), col(?:umn)? (\d+))?(?: (?:of module|in) (\w+))?/;

/** Finds the first location in a text of TLC's, or undefined. */
export function findLocation(text: string): SourceLocation | undefined {
  const match = LOCATION.exec(text);
  if (match === null) return undefined;
  const [, line, column, endLine, endColumn, module] = match;
  return {
    ...(module !== undefined && { module }),
    line: Number(line),
    column: Number(column),
    ...(endLine !== undefined && { endLine: Number(endLine), endColumn: Number(endColumn) }),
  };
}
