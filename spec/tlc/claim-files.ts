import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Folders that TLC and its Toolbox leave behind: `states`, one a run named after its second, `X.toolbox`. */
const GENERATED = /^(?:node_modules|states|\d\d(?:-\d\d){5}|.*\.toolbox|\..*)$/;

/** All files below a folder with a given end of the name, sorted; links are not followed. */
export async function walk(folder: string, extension: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!GENERATED.test(entry.name)) found.push(...(await walk(path, extension)));
    } else if (entry.name.endsWith(extension)) {
      found.push(path);
    }
  }
  return found.sort();
}
