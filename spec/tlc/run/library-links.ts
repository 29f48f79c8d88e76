import { mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../base/errors.js";

/** Folders in which Java finds the modules, and the way back. */
export interface LinkedLibraries {
  readonly folders: readonly string[];
  /** Puts the files' own names into what SANY says. */
  readonly restore: (text: string) => string;
}

/**
 * Makes a folder in the scratch folder with a link to each module of the given folders; where several have one of a name,
 * the first counts. TLC gets no other: in the folders themselves, it would load any Java class that has a module's name, and
 * run it. Besides, a folder whose name has the path separator can't be on a path, and one that is not ASCII is found only
 * under some locales. SANY follows the links and prints what Java makes of the names behind them, so files are found
 * again by the names of their modules.
 */
export async function linkLibraries(folders: readonly string[], scratch: string): Promise<LinkedLibraries> {
  const linked = join(scratch, "modules");
  const files = new Map<string, string>();
  await mkdir(linked);
  for (const folder of folders) {
    for (const name of await namesIn(folder)) {
      if (!name.endsWith(".tla") || files.has(name)) continue;
      files.set(name, join(folder, name));
    }
  }
  await Promise.all([...files].map(([name, file]) => symlink(file, join(linked, name))));
  return {
    folders: [linked],
    restore: (text) =>
      text.replace(/^Parsing file .*[/\\](\w+\.tla)$/gm, (line, name: string) => {
        const file = files.get(name);
        return file === undefined ? line : `Parsing file ${file}`;
      }),
  };
}

/** A folder that is not there has no modules, as for TLC. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return [];
    throw error;
  }
}
