import { excerpt, headline } from "../base/excerpt.js";
import type { SourceLocation } from "./location.js";
import type { SpecProblem } from "./problems.js";

/** Gives a source's text by its path; undefined where there is none. */
export type ReadSource = (file: string) => string | undefined;

/** How many of the nested expressions are listed below a problem. */
const CONTEXT_LINES = 6;

/**
 * Formats a problem for a person: place and message, the source line with a mark, and below it what was being
 * evaluated, the innermost first. `nameOf` gives the name of a file to show (relative to a folder, say).
 */
export function showProblem(
  problem: SpecProblem,
  readSource: ReadSource,
  nameOf: (file: string) => string = (file) => file,
): string {
  const place = (l: SourceLocation) => {
    const file = l.file !== undefined ? nameOf(l.file) : l.module;
    return file === undefined ? `line ${l.line}, column ${l.column}` : `${file}:${l.line}:${l.column}`;
  };
  const lineOf = (l: SourceLocation) =>
    l.file === undefined ? undefined : readSource(l.file)?.split(/\r?\n/)[l.line - 1];
  const { location } = problem;
  if (location === undefined) return problem.message;
  const line = lineOf(location);
  const shown = [headline(place(location), problem.message)];
  if (line !== undefined) shown.push(excerpt(line, location));
  // The innermost is usually the problem's own place; an outer one on the same line says nothing new.
  const outer = (problem.context ?? [])
    .toReversed()
    .filter(
      (l, i, all) => place(l) !== place(location) && l.line !== (i === 0 ? location : all[i - 1])?.line,
    );
  for (const l of outer.slice(0, CONTEXT_LINES)) {
    shown.push(`  while evaluating ${place(l)}  ${lineOf(l)?.trim() ?? ""}`.trimEnd());
  }
  if (outer.length > CONTEXT_LINES) shown.push(`  and ${outer.length - CONTEXT_LINES} more around it`);
  return shown.join("\n");
}
