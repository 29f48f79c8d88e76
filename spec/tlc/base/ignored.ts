import { dirname, join, relative, resolve, sep } from "node:path";
import ignore, { type Ignore } from "ignore";
import { exists } from "./exists.js";
import { nameOf } from "./source-file.js";
import { readTextInput } from "./text-file.js";

/** The file whose patterns, written as in a `.gitignore`, say what is not looked at beside it and below. */
export const IGNORE_FILE = ".quiesceignore";

const MOST_BYTES = 1024 * 1024;

/** Patterns as in a `.gitignore`, and the folder that they are relative to. */
export interface IgnoreList {
  readonly folder: string;
  readonly rules: Ignore;
}

/** Makes a list of patterns; `placeOf` names the one with an index, for whoever asks why something is ignored. */
export function ignoreList(
  folder: string,
  patterns: readonly string[],
  placeOf: (index: number) => string,
): IgnoreList {
  // As git on Linux does, and not as this library does by itself.
  const rules = ignore({ ignorecase: false });
  for (const [index, pattern] of patterns.entries()) rules.add({ pattern, mark: placeOf(index) });
  return { folder, rules };
}

/**
 * Reads the patterns in a folder.
 *
 * @throws BadInputError when the file can't be read
 */
export function readIgnoreFile(folder: string): IgnoreList {
  const file = join(folder, IGNORE_FILE);
  const lines = readTextInput(file, MOST_BYTES, "what is to be ignored", nameOf(file)).split(/\r?\n/);
  return ignoreList(folder, lines, (index) => `${nameOf(file)}:${index + 1}`);
}

/** The folders above a path as far as its repository goes (the folder that has `.git`), the nearest first. */
export async function foldersAbove(path: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (let at = resolve(path); !(await exists(join(at, ".git"))) && dirname(at) !== at; ) {
    at = dirname(at);
    folders.push(at);
  }
  return folders;
}

/**
 * The lists that count in a folder that a person has named, the outermost first: those given, and the files above it. One
 * that ignores the folder itself does not count, since it is named.
 */
export async function listsAbove(
  folder: string,
  given: readonly IgnoreList[] = [],
): Promise<readonly IgnoreList[]> {
  const above: IgnoreList[] = [];
  for (const one of await foldersAbove(folder))
    if (await exists(join(one, IGNORE_FILE))) above.unshift(readIgnoreFile(one));
  return [...given, ...above].filter((list) => ignoredBy([list], folder, true) === undefined);
}

/** The place of the pattern for which a path is ignored; undefined if it isn't. The innermost list decides, as in git. */
export function ignoredBy(lists: readonly IgnoreList[], path: string, isFolder: boolean): string | undefined {
  for (const { folder, rules } of lists.toReversed()) {
    const way = relative(folder, path).split(sep).join("/");
    if (way === "" || !ignore.isPathValid(way)) continue;
    const { ignored, unignored, rule } = rules.test(isFolder ? `${way}/` : way);
    if (ignored) return rule?.mark ?? IGNORE_FILE;
    if (unignored) return undefined;
  }
  return undefined;
}
