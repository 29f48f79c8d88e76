import { readdir, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Folders under names that Java can read, and the way back. */
export interface LinkedLibraries {
  readonly folders: readonly string[];
  /** Puts the files' own names into what SANY says. */
  readonly restore: (text: string) => string;
}

/**
 * Java takes file names in the locale's encoding, so with LANG unset or C it finds nothing in a folder named `λ`; and a
 * folder whose name has the path separator can't be on a path. Such folders get a link in the scratch folder. SANY
 * follows it and prints what Java makes of the file's name, so files are found again by the names of their modules.
 */
export async function linkLibraries(folders: readonly string[], scratch: string): Promise<LinkedLibraries> {
  const links = new Map<string, string>();
  const files = new Map<string, string>();
  for (const folder of folders) {
    if (/^[\x20-\x7e]*$/.test(folder) && !folder.includes(delimiter)) continue;
    const link = join(scratch, `library${links.size}`);
    await symlink(folder, link, "dir");
    links.set(folder, link);
    for (const name of await readdir(folder)) if (!files.has(name)) files.set(name, join(folder, name));
  }
  return {
    folders: folders.map((folder) => links.get(folder) ?? folder),
    restore: (text) =>
      text.replace(/^Parsing file .*[/\\](\w+\.tla)$/gm, (line, name: string) => {
        const file = files.get(name);
        return file === undefined ? line : `Parsing file ${file}`;
      }),
  };
}
