import { createHash } from "node:crypto";
import { accessSync, constants, existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EnvironmentError } from "../../spec/tlc/base/errors.js";
import { makeFolder } from "../../spec/tlc/base/folders.js";
import { systemReason } from "../../spec/tlc/base/system-error.js";
import { compile, findCompiler, STRICT } from "./compiler.js";
import { inOnePiece, isOld, touch } from "./kept.js";
import { compileObject, pruneObjects } from "./objects.js";
import { BUILT, OUTPUT, SOURCES } from "./root.js";

/** Something to compile from the C sources of this room. */
export interface Recipe {
  /** What it is, for messages and for the file's name. */
  readonly name: string;
  /** The ending of the file's name, with its dot; "" for a program. */
  readonly ending: string;
  /** Sources, below native/. */
  readonly sources: readonly string[];
  /** Options beside the strict ones and the include folders. */
  readonly options: readonly string[];
  /** Libraries to link with, after the sources. */
  readonly libraries?: readonly string[];
  /** Folders of nobody else whose headers the sources include, beside their own. */
  readonly uses?: readonly string[];
  /** Texts that stand in for those of files below native/. */
  readonly changed?: ReadonlyMap<string, string>;
}

export interface BuildOptions {
  readonly signal?: AbortSignal;
  /** Called before something is compiled, never when it is up to date. */
  readonly onBuild?: (name: string) => void;
}

/** Folders that nothing depends on but what is compiled from them. */
const OWN_FOLDERS = new Set([
  "addon",
  "bench",
  "drive",
  "examples",
  "kernel",
  "record",
  "test",
  "tracepoint",
]);
const FOLDERS = [
  "include/quiesce",
  "src",
  "src/generated",
  "replay",
  "addon",
  "bench",
  "drive",
  "examples",
  "kernel",
  "kernel/generated",
  "kernel/liar",
  "record",
  "test",
  "tracepoint",
  "tracepoint/traced",
  "tracepoint/traced/test",
  "tracepoint/controller",
  "tracepoint/test",
];

/** The texts of all C sources and headers of this room by their path below native/, in a fixed order. */
export async function sourceTexts(): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const folder of FOLDERS) {
    const names = (await readdir(join(SOURCES, folder))).filter((name) => /\.[ch]$/.test(name)).toSorted();
    for (const name of names)
      texts.set(`${folder}/${name}`, await readFile(join(SOURCES, folder, name), "utf8"));
  }
  return texts;
}

/**
 * Compiles the recipe unless exactly this has been compiled before: the file's name has a hash of all that it depends
 * on (sources, headers, options, the compiler with its own options and its version). It appears in one piece, so two processes that build it at
 * the same time both succeed.
 *
 * @returns the path of the compiled file
 * @throws CompilerMissingError, CompileError, Interrupted
 */
export async function build(recipe: Recipe, { signal, onBuild }: BuildOptions = {}): Promise<string> {
  const texts = await sourceTexts();
  for (const [path, text] of recipe.changed ?? []) texts.set(path, text);
  for (const path of texts.keys()) {
    const folder = path.split("/")[0] ?? "";
    const uses =
      recipe.uses?.includes(folder) || recipe.sources.some((source) => source.startsWith(`${folder}/`));
    if (OWN_FOLDERS.has(folder) && !uses) texts.delete(path);
  }
  const { command, version } = await findCompiler();
  const hash = createHash("sha256")
    .update(
      JSON.stringify([
        command,
        version,
        process.arch,
        process.versions.modules,
        recipe.sources,
        [...STRICT, ...recipe.options, ...(recipe.libraries ?? [])],
        [...texts],
      ]),
    )
    .digest("hex")
    .slice(0, 16);
  const fileName = `${recipe.name}-${hash}${recipe.ending}`;
  const made = [OUTPUT, BUILT].map((folder) => join(folder, fileName)).find((path) => existsSync(path));
  if (made !== undefined) {
    await touch(made);
    return made;
  }
  const file = join(OUTPUT, fileName);
  prepareOutput();
  onBuild?.(recipe.name);
  await compileInto(file, recipe, texts, signal);
  await prune(recipe, file);
  await pruneObjects();
  return file;
}

/** A compiler that can't write its draft would name the draft, which is no help. */
function prepareOutput(): void {
  try {
    makeFolder(OUTPUT);
    accessSync(OUTPUT, constants.W_OK);
  } catch (error) {
    const other = OUTPUT === BUILT ? "" : `, and neither can ${BUILT}`;
    throw new EnvironmentError(`what is compiled can't be kept here${other}: ${systemReason(error)}`, {
      where: OUTPUT,
      hint: "Make one of the two writable, or set QUIESCE_CACHE to a folder that is.",
      cause: error,
    });
  }
}

/** Removes what was compiled for this recipe from other sources, and that nobody has asked for within the last hour. */
async function prune(recipe: Recipe, newest: string): Promise<void> {
  const { name, ending } = recipe;
  for (const found of await readdir(OUTPUT)) {
    const hash = found.slice(name.length + 1, found.length - ending.length);
    if (found !== `${name}-${hash}${ending}` || !/^[0-9a-f]{16}$/.test(hash)) continue;
    const file = join(OUTPUT, found);
    if (file === newest) continue;
    if (await isOld(file)) await rm(file, { force: true });
  }
}

async function compileInto(
  file: string,
  recipe: Recipe,
  texts: ReadonlyMap<string, string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { name, options, sources, changed } = recipe;
  const make = async (draft: string): Promise<void> => {
    const temporary = `${draft}.tmp`;
    makeFolder(temporary);
    const folder = changed ? await writeChanged(`${draft}.sources`, changed) : SOURCES;
    const headers = [...texts].filter(([path]) => path.endsWith(".h"));
    const reaches = headers.some(([path]) => changed?.has(path));
    const objects: string[] = [];
    for (const path of sources) {
      const isOwn = reaches || changed?.has(path) === true;
      const unit = { what: name, path, folder: isOwn ? folder : SOURCES, options };
      const known = new Map([...headers, [path, texts.get(path) ?? ""]]);
      objects.push(await compileObject({ ...unit, texts: known }, { signal, temporary }));
    }
    const libraries = [...(recipe.libraries ?? []), "-ldl"];
    await compile(name, ["-pthread", ...options, ...objects, "-o", draft, ...libraries], {
      signal,
      temporary,
    });
  };
  await inOnePiece(file, make, [".tmp", ".sources"]);
}

/** A copy of all sources with the changed ones in their place; a change to a header reaches all that include it. */
async function writeChanged(folder: string, changed: ReadonlyMap<string, string>): Promise<string> {
  const texts = await sourceTexts();
  for (const name of FOLDERS) makeFolder(join(folder, name));
  for (const [path, text] of [...texts, ...changed]) await writeFile(join(folder, path), text);
  return folder;
}
