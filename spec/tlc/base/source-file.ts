import { readFileSync } from "node:fs";
import { relative } from "node:path";

/** A file's path as a person would type it here. */
export function nameOf(file: string): string {
  const path = relative(process.cwd(), file);
  return path === "" || path.startsWith("..") ? file : path;
}

/** Line and column of an offset in a text, which is in UTF-16 units from 0; both count from 1. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

/** The text of a file that a problem is in, if there is one. */
export function sourceOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
