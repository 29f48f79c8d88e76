import { symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Folders under names that Java can read, and the way back. */
export interface LinkedLibraries {
  readonly folders: readonly string[];
  /** Puts the folders' own names into what TLC said. */
  readonly restore: (text: string) => string;
}

/**
 * Java takes file names in the locale's encoding, so with LANG unset or C it finds nothing in a folder named `λ`; and a
 * folder whose name has the path separator can't be on a path. Such folders get a link in the scratch folder.
 */
export async function linkLibraries(folders: readonly string[], scratch: string): Promise<LinkedLibraries> {
  const links = new Map<string, string>();
  for (const folder of folders) {
    if (/^[\x20-\x7e]*$/.test(folder) && !folder.includes(delimiter)) continue;
    const link = join(scratch, `library${links.size}`);
    await symlink(folder, link, "dir");
    links.set(folder, link);
  }
  return {
    folders: folders.map((folder) => links.get(folder) ?? folder),
    restore: (text) =>
      [...links].reduce((restored, [folder, link]) => restored.replaceAll(`${link}/`, `${folder}/`), text),
  };
}
