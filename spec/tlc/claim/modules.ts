import { readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { BadInputError, codeOf } from "../base/errors.js";
import { exists } from "../base/exists.js";
import type { IgnoreList } from "../base/ignored.js";
import { walk } from "../base/walk.js";
import { hasJava, hasModule, type Libraries, type LibraryJar, stubFile } from "./libraries.js";
import { hasStub } from "./stubs.js";

/** A module with all of the user's modules that it depends on. */
export interface ModuleClosure {
  /** Absolute paths with their contents, the module itself first, then by name. */
  readonly files: readonly ModuleFile[];
  /** The folders in which TLC finds them, the module's own first. */
  readonly folders: readonly string[];
  /** Stubs in place of modules that only proofs need (see stubs.ts). */
  readonly stubs: readonly string[];
  /** Jars that have some of its modules, or operators in Java for them. */
  readonly jars: readonly LibraryJar[];
  /** Files of Java beside its modules, which TLC alone would run in place of their text, and which are not run here. */
  readonly java: readonly string[];
  /** Its meaning depends on more than these files: on chance, the clock, or files read while it runs. */
  readonly impure: boolean;
}

/** A file of TLA+. */
export interface ModuleFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** Operators and modules whose values are not given by the specification alone. */
const IMPURE =
  /\b(?:RandomElement|RandomSubset|RandomSetOfSubsets|JavaTime|IOUtils|IOEnv|IOExec|Json|CSV|VectorClocks)\b/;
/**
 * What TLCGet may be asked for that another run would answer differently. A register, and the level of a state, are the
 * same each time, since a claim's run has one worker.
 */
const IMPURE_TLCGET = /"(?:duration|queue|revision|config|spec|all|stats|generated|distinct|diameter)"/;

/** What TLC has in its jar, since its first release. */
const STANDARD: ReadonlySet<string> = new Set(
  "Naturals Integers Reals Sequences FiniteSets Bags TLC Randomization RealTime Toolbox".split(" "),
);

/**
 * Finds the modules that a module EXTENDS or INSTANCEs, directly or not: in the module's own folder, else in the
 * libraries, which somebody has named, else in the only folder below `root` that has one of that name, which is a guess;
 * where none has it, a stub serves for one that only proofs need. Anything else is left to TLC, which has the standard
 * modules: nobody who extends one of these means another folder's. A module inside a module is no file.
 * Throws BadInputError when several folders below the root have it, each another one, or the module itself isn't there.
 */
export async function closeModules(
  module: string,
  root: string,
  libraries: Libraries = { folders: [], jars: [] },
): Promise<ModuleClosure> {
  const start = resolve(module);
  const own = dirname(start);
  const index = await indexModules(root, libraries.ignored);
  const found = new Map<string, ModuleFile>();
  const stubs = new Set<string>();
  const jars = new Set<LibraryJar>();
  const find = async (name: string, from: string): Promise<string | undefined> => {
    // It need not be in the index: the folder may be one that is looked at only when it is named.
    for (const folder of [own, ...libraries.folders]) {
      const path = join(folder, `${name}.tla`);
      if (await exists(path)) return path;
    }
    const jar = libraries.jars.find((one) => hasModule(one, name));
    if (jar !== undefined) {
      jars.add(jar);
      return undefined;
    }
    const elsewhere = STANDARD.has(name) ? undefined : await locate(name, own, index, from);
    if (elsewhere !== undefined || !hasStub(name)) return elsewhere;
    stubs.add(name);
    return await stubFile(name);
  };
  const inner = new Set<string>();
  const queue: { name: string; path: string; from?: string }[] = [{ name: nameOf(start), path: start }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (found.has(next.name)) continue;
    const text = await readModule(next.path, next.from);
    found.set(next.name, { name: next.name, path: next.path, text });
    for (const name of innerModules(text)) inner.add(name);
    for (const name of mentionedModules(text)) {
      if (found.has(name) || inner.has(name)) continue;
      const path = await find(name, next.path);
      if (path !== undefined) queue.push({ name, path, from: next.path });
    }
  }
  const java: string[] = [];
  for (const { name, path } of found.values()) {
    const file = join(dirname(path), `${name}.class`);
    const given = libraries.jars.find((jar) => hasJava(jar, name));
    if (given !== undefined) jars.add(given);
    else if (await exists(file)) java.push(file);
  }
  const [first, ...others] = found.values();
  const files = first === undefined ? [] : [first, ...others.sort((a, b) => (a.name < b.name ? -1 : 1))];
  return {
    files,
    folders: [...new Set([own, ...files.map((file) => dirname(file.path))])],
    stubs: [...stubs].sort(),
    // What a jar's module needs may be in another one.
    jars: jars.size > 0 ? libraries.jars : [],
    java: java.sort(),
    impure: files.some(
      ({ text }) => IMPURE.test(text) || (/\bTLCGet\b/.test(text) && IMPURE_TLCGET.test(text)),
    ),
  };
}

/**
 * Like closeModules, but reads each module once. Use it to look things up about many claims in one go, not for what TLC
 * is going to read, which may have been edited since.
 */
export function closeModulesOnce(): typeof closeModules {
  const read = new Map<string, Promise<ModuleClosure>>();
  return (module, root, libraries) => {
    const key = [
      root,
      module,
      ...(libraries?.folders ?? []),
      ...(libraries?.jars ?? []).map(({ path }) => path),
    ].join("\n");
    const closure = read.get(key) ?? closeModules(module, root, libraries);
    read.set(key, closure);
    return closure;
  };
}

/** The first operator among a model's modules that has TLC choose by chance, so that it sees one choice of many. */
export function chanceIn({ files }: ModuleClosure): string | undefined {
  const name = /\b(?:RandomElement|(?:Test)?Random(?:Subset|SetOfSubsets|SubsetSet))\b/;
  // Hardly a module has one, and to take the comments out of each takes time.
  const may = files.filter(({ text }) => name.test(text));
  return may.map(({ text }) => name.exec(withoutComments(text))?.[0]).find((found) => found !== undefined);
}

/**
 * The names in EXTENDS and INSTANCE, or in EXTENDS alone, outside of comments and strings; names of inner modules may
 * be among them.
 */
export function mentionedModules(text: string, where: "EXTENDS" | "both" = "both"): string[] {
  const code = withoutComments(text);
  const names = new Set<string>();
  for (const [, list] of code.matchAll(/\bEXTENDS\s+(\w+(?:\s*,\s*\w+)*)/g)) {
    for (const name of (list ?? "").split(",")) names.add(name.trim());
  }
  if (where === "EXTENDS") return [...names];
  for (const [, name] of code.matchAll(/\bINSTANCE\s+(\w+)/g)) if (name !== undefined) names.add(name);
  return [...names];
}

/** The names of the modules that stand inside of a module. */
function innerModules(text: string): string[] {
  const heads = withoutComments(text).matchAll(/^\s*-{4,}\s*MODULE\s+(\w+)/gm);
  return [...heads].slice(1).map(([, name]) => name ?? "");
}

/** Does one of the modules assume something? */
export function hasAssumption({ files }: Pick<ModuleClosure, "files">): boolean {
  return files.some(({ text }) => /\b(?:ASSUME|ASSUMPTION|AXIOM)\b/.test(withoutComments(text)));
}

const CODE = /\(\*|\\\*[^\n]*|"(?:[^"\\\n]|\\.)*"|[^(\\"]+|./gsy;
const COMMENT = /\(\*|\*\)|[^(*]+|./gsy;

/**
 * Blanks out `(* nested *)` comments, `\*` comments and, unless they are kept, strings; inside a comment, only its ends
 * mean anything.
 */
export function withoutComments(text: string, strings: "blank" | "keep" = "blank"): string {
  let depth = 0;
  let code = "";
  for (let at = 0; at < text.length; ) {
    const pattern = depth === 0 ? CODE : COMMENT;
    pattern.lastIndex = at;
    const token = pattern.exec(text)?.[0] ?? text.slice(at);
    at += token.length;
    if (token === "(*") depth++;
    else if (depth > 0) depth -= token === "*)" ? 1 : 0;
    else code += token.startsWith("\\*") || (strings === "blank" && token.startsWith('"')) ? " " : token;
  }
  return code;
}

async function indexModules(
  root: string,
  ignored: readonly IgnoreList[] | undefined,
): Promise<Map<string, string[]>> {
  const index = new Map<string, string[]>();
  for (const path of await walk(resolve(root), ".tla", ignored)) {
    const name = nameOf(path);
    index.set(name, [...(index.get(name) ?? []), path]);
  }
  return index;
}

async function locate(
  name: string,
  own: string,
  index: ReadonlyMap<string, readonly string[]>,
  from: string,
): Promise<string | undefined> {
  const candidates = index.get(name) ?? [];
  if (candidates.length <= 1) return candidates[0];
  const real = new Set(await Promise.all(candidates.map((path) => realpath(path).catch(() => path))));
  const texts = new Set(await Promise.all([...real].map((path) => readModule(path, from))));
  if (texts.size === 1) return candidates[0];
  throw new BadInputError(`module ${name} is in several folders: ${candidates.map(dirname).join(", ")}`, {
    where: from,
    hint: `Put the intended one beside ${join(own, "")}, or rename the others.`,
  });
}

async function readModule(path: string, from: string | undefined): Promise<string> {
  try {
    // Reading a pipe or a device may never end.
    if (!(await stat(path)).isFile()) throw new Error("it is no ordinary file");
    return await readFile(path, "utf8");
  } catch (error) {
    const problem = codeOf(error) === "ENOENT" ? "there is no such module" : "the module can't be read";
    throw new BadInputError(`${problem}: ${path}`, {
      ...(from !== undefined && { where: from }),
      cause: error,
    });
  }
}

function nameOf(path: string): string {
  return basename(path, ".tla");
}
