import { excerpt, headline } from "../base/excerpt.js";

/** Why a claim cannot be read, and where; lines and columns count from 1. */
export interface ClaimProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** The line of the file, where there is one to show. */
  readonly sourceLine?: string;
  /** It is about what was asked for, a path or a name, and not about what a file contains. */
  readonly path?: true;
}

/**
 * Formats a problem for a person: place and message, the line with a mark, the hint. `nameOf` gives the name of a file
 * to show (relative to a folder, say).
 */
export function showClaimProblem(
  problem: ClaimProblem,
  nameOf: (file: string) => string = (file) => file,
): string {
  const { file, line, column, message, hint, sourceLine } = problem;
  const shown = [headline(`${nameOf(file)}:${line}:${column}`, message)];
  if (sourceLine !== undefined) {
    const word = /^\S+/.exec(sourceLine.slice(column - 1))?.[0].length ?? 1;
    shown.push(excerpt(sourceLine, { line, column, endColumn: column + word - 1 }));
  }
  if (hint !== undefined) shown.push(`  ${hint}`);
  return shown.join("\n");
}
