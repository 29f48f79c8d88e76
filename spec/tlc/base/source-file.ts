import { readFileSync } from "node:fs";
import { relative } from "node:path";

/** A file's path as a person would type it here. */
export function nameOf(file: string): string {
  const path = relative(process.cwd(), file);
  return path === "" || path.startsWith("..") ? file : path;
}

/** The text of a file that a problem is in, if there is one. */
export function sourceOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
