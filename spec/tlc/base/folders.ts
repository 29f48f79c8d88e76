import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf } from "./errors.js";

/**
 * Makes a folder and those above it that are missing, one after another. Node's own `recursive` never returns below
 * `/proc`, where a parent exists and yet says that it does not (ENOENT).
 *
 * @throws the system's error when one of them can't be made
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = folder; !isFolder(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  for (const one of missing) {
    try {
      mkdirSync(one);
    } catch (error) {
      // Another process may have been quicker.
      if (codeOf(error) !== "EEXIST" || !isFolder(one)) throw error;
    }
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
