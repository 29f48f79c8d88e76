import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { link, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../spec/tlc/base/folders.js";
import { compile, findCompiler, STRICT } from "./compiler.js";
import { inOnePiece, isOld, touch } from "./kept.js";
import { OUTPUT } from "./root.js";

/** One source to compile. */
export interface Unit {
  /** What it is part of, for messages. */
  readonly what: string;
  /** Its path below native/. */
  readonly path: string;
  /** The folder that stands for native/. */
  readonly folder: string;
  readonly options: readonly string[];
  /** Its text, and the texts of all headers that it may include, by their paths. */
  readonly texts: ReadonlyMap<string, string>;
}

const FOLDER = join(OUTPUT, "objects");

/** What only the linker wants to know; clang warns of it where nothing is linked. */
const FOR_LINKER = /^-(?:shared|static|l.+|Wl,.+)$/;

/** What has done its part when the source is preprocessed. */
const FOR_PREPROCESSOR = /^-[DUI]./;

/**
 * Compiles a source unless exactly this has been compiled before, for whatever it is a part of: a mutant of one source
 * shares all others with the library as it is. As with build(), the object's name has a hash of all that it depends on,
 * and it appears in one piece. It has two names: by the texts it may depend on, which are at hand, and by what the
 * preprocessor leaves of them: most mutants of a header, and most macros of a program, mean nothing to most sources.
 *
 * @returns the path of the object
 * @throws CompilerMissingError, CompileError, Interrupted
 */
export async function compileObject(
  unit: Unit,
  { signal, temporary }: { readonly signal: AbortSignal | undefined; readonly temporary: string },
): Promise<string> {
  const { what, path, folder, texts } = unit;
  const options = unit.options.filter((option) => !FOR_LINKER.test(option));
  const { command, version } = await findCompiler();
  const key = JSON.stringify([command, version, process.arch, path, [...STRICT, ...options], [...texts]]);
  const file = join(FOLDER, `${nameOf(key)}.o`);
  if (existsSync(file)) {
    await touch(file);
    return file;
  }
  makeFolder(FOLDER);
  const include = [`-I${join(folder, "include")}`, `-I${join(folder, "src")}`];
  const how = [...STRICT, "-pthread", ...include, ...options];
  const source = join(folder, path);
  const seen = `${join(temporary, "preprocessed")}.i`;
  await compile(what, [...how, "-E", source, "-o", seen], { signal, temporary });
  const text = (await readFile(seen, "utf8")).replaceAll(folder, "");
  const rest = options.filter((option) => !FOR_PREPROCESSOR.test(option));
  const same = JSON.stringify([command, version, process.arch, path, [...STRICT, ...rest], text]);
  const twin = join(FOLDER, `${nameOf(same)}.o`);
  if (existsSync(twin)) await touch(twin);
  else
    await inOnePiece(twin, (draft) =>
      compile(what, [...how, "-c", source, "-o", draft], { signal, temporary }),
    );
  await inOnePiece(file, (draft) => link(twin, draft));
  return file;
}

const nameOf = (key: string): string => createHash("sha256").update(key).digest("hex").slice(0, 24);

/** Removes the objects that nobody has asked for within the last hour. */
export async function pruneObjects(): Promise<void> {
  for (const name of await readdir(FOLDER)) {
    const file = join(FOLDER, name);
    if (await isOld(file)) await rm(file, { force: true });
  }
}
