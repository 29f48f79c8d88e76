import { readdir, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Interrupted } from "../base/errors.js";
import { exists } from "../base/exists.js";
import { makeFolder } from "../base/folders.js";
import { run } from "../base/process.js";
import { createScratch } from "../base/scratch.js";
import type { Jar } from "./jar.js";
import type { Java } from "./java.js";
import { sha256 } from "./pins.js";

/** The oldest Java that runs what is compiled. */
const RELEASE = "11";

/** In a package: TLC takes a class that has a module's name alone for the module's operators in Java. */
const MAIN = join("quiesce", "Resident.class");

/**
 * The folder of the compiled classes of spec/tlc/resident's Java files. Compiled on the first call for a jar and a text, then
 * taken from the cache. Undefined where there is no Java compiler, or where the jar is too unlike those known: then every
 * run has a Java process of its own, which only takes longer. Throws Interrupted.
 */
export async function findResident(
  tools: { readonly java: Java; readonly jar: Jar },
  options: { readonly cache: string; readonly signal?: AbortSignal },
): Promise<string | undefined> {
  const { java, jar } = tools;
  const sources = await findSources();
  if (sources === undefined) return undefined;
  const texts = await Promise.all(sources.map((file) => readFile(file, "utf8")));
  const key = sha256([jar.sha256, java.build, ...texts].join("\n"));
  const folder = join(options.cache, "resident", key.slice(0, 32));
  if (await exists(join(folder, MAIN))) return folder;
  try {
    makeFolder(dirname(folder));
  } catch {
    return undefined;
  }
  // In the cache, not in the system's temporary folder: it is moved in one step.
  const scratch = await createScratch("resident-classes", dirname(folder)).catch(() => undefined);
  if (scratch === undefined) return undefined;
  try {
    const made = join(scratch.path, "classes");
    if (!(await compileResident(tools, sources, made, options.signal))) return undefined;
    // Another process may have been quicker: it has made the same.
    await rename(made, folder).catch(() => undefined);
    return (await exists(join(folder, MAIN))) ? folder : undefined;
  } finally {
    await scratch.remove();
  }
}

/** Compiles Java files into a folder that it makes; false when that can't be done. Throws Interrupted. */
export async function compileResident(
  { java, jar }: { readonly java: Java; readonly jar: Pick<Jar, "path"> },
  sources: readonly string[],
  folder: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const result = await run(
    javacOf(java),
    ["--release", RELEASE, "-nowarn", "-proc:none", "-cp", jar.path, "-d", folder, ...sources],
    { timeoutMs: 60_000, ...(signal && { signal }) },
  );
  if (result.aborted) throw new Interrupted();
  return result.exitCode === 0;
}

/** The compiler that stands beside a Java, by the name under which it can be started, where there is one. */
export function javacOf({ command }: Pick<Java, "command">): string {
  return command === "java" ? "javac" : join(dirname(command), "javac");
}

/** The Java files of spec/tlc/resident: beside the compiled TypeScript, or where they are in the repository. */
export async function findSources(): Promise<string[] | undefined> {
  const here = join(dirname(dirname(fileURLToPath(import.meta.url))), "resident");
  for (const folder of [here, here.replace(/[/\\]dist([/\\])(?!.*[/\\]dist[/\\])/, "$1")]) {
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".java")).sort();
    if (names.length > 0) return names.map((name) => join(folder, name));
  }
  return undefined;
}
