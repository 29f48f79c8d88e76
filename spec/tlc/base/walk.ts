import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BadInputError, codeOf, messageOf } from "./errors.js";

/** Folders that TLC and its Toolbox leave behind: `states`, one per run named after the second, `X.toolbox`. */
const GENERATED = /^(?:node_modules|states|\d\d(?:-\d\d){5}|.*\.toolbox|\..*)$/;

/**
 * All files below a folder whose names have a given ending, sorted; links are not followed. Throws BadInputError when
 * the folder, or one in it, can't be read.
 */
export async function walk(folder: string, extension: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!GENERATED.test(entry.name)) found.push(...(await walk(path, extension)));
    } else if (entry.name.endsWith(extension)) {
      found.push(path);
    }
  }
  return found.sort();
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const code = codeOf(error);
    const reason = code === "EACCES" || code === "EPERM" ? "no permission" : messageOf(error);
    throw new BadInputError(`the folder can't be read: ${reason}`, {
      where: folder,
      hint: "Quiesce looks for claims and modules in all folders below the given one.",
      cause: error,
    });
  }
}
