import { createHash } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { BadInputError, codeOf, messageOf } from "../base/errors.js";
import { makeFolder } from "../base/folders.js";
import type { IgnoreList } from "../base/ignored.js";
import { createScratch, type Scratch } from "../base/scratch.js";
import { stubText } from "./stubs.js";

/** Where modules are looked for that are not below a claim's own root. */
export interface Libraries {
  /** Absolute paths, the first one first. */
  readonly folders: readonly string[];
  /** Jars with modules and, on Java's class path, with operators in Java. */
  readonly jars: readonly LibraryJar[];
  /** What is not looked at below the root, besides what the files `.quiesceignore` say. */
  readonly ignored?: readonly IgnoreList[];
}

/** A jar, its hash, and its bytes as text, where the names of its files stand in clear. */
export interface LibraryJar {
  readonly path: string;
  readonly sha256: string;
  readonly listing: string;
}

/** The variable of the environment that names libraries, with the separator of paths between. */
export const LIBRARY_VARIABLE = "QUIESCE_LIBRARY";

/**
 * Reads what --library, the settings and QUIESCE_LIBRARY name. Throws BadInputError for what is neither a folder nor a
 * jar.
 */
export async function readLibraries(
  given: readonly { readonly path: string; readonly from: string }[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Libraries> {
  const fromEnv = (env[LIBRARY_VARIABLE] ?? "").split(delimiter).filter((path) => path !== "");
  const all = [...given, ...fromEnv.map((path) => ({ path, from: LIBRARY_VARIABLE }))];
  const folders: string[] = [];
  const jars: LibraryJar[] = [];
  for (const { path, from } of all) {
    const place = resolve(path);
    const bad = (what: string, cause?: unknown): BadInputError =>
      new BadInputError(`the library ${place} ${what}`, {
        where: from,
        hint: "A library is a folder of TLA+ modules, or a jar such as CommunityModules-deps.jar.",
        cause,
      });
    if (path === "")
      throw new BadInputError("a library's path is empty", {
        where: from,
        hint: "Is a shell variable unset?",
      });
    try {
      if ((await stat(place)).isDirectory()) {
        folders.push(place);
        continue;
      }
      const content = await readFile(place);
      if (content.length < 4 || content.readUInt32LE(0) !== 0x04034b50)
        throw bad("is neither a folder nor a jar");
      const sha256 = createHash("sha256").update(content).digest("hex");
      jars.push({ path: place, sha256, listing: content.toString("latin1") });
    } catch (error) {
      if (error instanceof BadInputError) throw error;
      throw bad(codeOf(error) === "ENOENT" ? "does not exist" : `can't be read: ${messageOf(error)}`, error);
    }
  }
  return { folders: [...new Set(folders)], jars };
}

/** Does a jar have a module? A zip archive has its files' names in clear text. */
export function hasModule({ listing }: LibraryJar, name: string): boolean {
  return new RegExp(`[^\\w]${name}\\.tla`).test(listing);
}

/** Does a jar have operators in Java for a module: a class of its name, in no package? */
export function hasJava({ listing }: LibraryJar, name: string): boolean {
  return new RegExp(`[^\\w/]${name}\\.class`).test(listing);
}

let stubs: Promise<Scratch> | undefined;

/** The file of a stub, in a folder of its own, which is removed when our process ends. */
export async function stubFile(name: string): Promise<string> {
  stubs ??= createScratch("stubs");
  const folder = join((await stubs).path, name);
  makeFolder(folder);
  const file = join(folder, `${name}.tla`);
  await writeFile(file, stubText(name));
  return file;
}
