import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BadInputError, codeOf, messageOf } from "./errors.js";

/** Folders that TLC and its Toolbox leave behind: `states`, one a run named after its second, `X.toolbox`. */
const GENERATED = /^(?:node_modules|states|\d\d(?:-\d\d){5}|.*\.toolbox|\..*)$/;

/**
 * All files below a folder with a given end of the name, sorted; links are not followed.
 * Throws BadInputError when the folder, or one in it, can't be read.
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
      hint: "Claims and modules are looked for in all folders below the one that was given.",
      cause: error,
    });
  }
}
