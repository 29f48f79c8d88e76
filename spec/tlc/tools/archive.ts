import { access, constants, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { keep } from "../base/cache.js";
import { Interrupted } from "../base/errors.js";
import { exists } from "../base/exists.js";
import { makeFolder } from "../base/folders.js";
import { withScratch } from "../base/scratch.js";
import { COVERAGE_OPTION } from "../output/coverage.js";
import type { Jar } from "./jar.js";
import type { Java } from "./java.js";
import { tlcArguments } from "./jvm.js";
import { sha256 } from "./pins.js";
import { writeProbe } from "./probe-spec.js";
import { runJava } from "./run-java.js";

/** From this version on, Java can archive the classes of an application when it ends. */
export const OLDEST_TO_ARCHIVE = 13;
/** What the archive is made from besides the jar and Java; a change makes a new one. */
const FORMAT = 2;

/**
 * The archive of TLC's classes, loaded and verified once, with which Java starts TLC in about two thirds of the time.
 * Made on the first call for a jar and a Java, then taken from the cache. Undefined where there can be none: it only
 * saves time. Throws Interrupted.
 */
export async function findArchive(
  tools: { readonly java: Java; readonly jar: Jar },
  options: { readonly cache: string; readonly signal?: AbortSignal },
): Promise<string | undefined> {
  const { java, jar } = tools;
  if (java.major < OLDEST_TO_ARCHIVE) return undefined;
  const { mtimeMs, size } = await stat(jar.path);
  // Java refuses an archive when the jar's path, time or size are others than when it was made.
  const key = sha256([FORMAT, jar.sha256, java.build, java.command, jar.path, mtimeMs, size].join("\n"));
  const file = join(options.cache, "classes", `${key.slice(0, 32)}.jsa`);
  if (await exists(file)) return file;
  // Making one takes seconds: not for nothing.
  if (!(await isWritable(dirname(file)))) return undefined;
  return await withScratch("archive", async (folder) => {
    const { module, config } = await writeProbe(folder, ["INVARIANT Count", "PROPERTIES Grows Ends"]);
    const made = join(folder, "classes.jsa");
    const jvm = { java, jar, temporary: folder, heapMiB: 256, short: false };
    const result = await runJava(
      java,
      tlcArguments({ ...jvm, more: [`-XX:ArchiveClassesAtExit=${made}`] }, [
        ...["-tool", "-fp", "0", "-metadir", join(folder, "states"), "-config", config],
        ...[...COVERAGE_OPTION, "-dump", "dot,actionlabels", join(folder, "graph.dot"), module],
      ]),
      { cwd: folder, timeoutMs: 60_000, ...(options.signal && { signal: options.signal }) },
    );
    if (result.aborted) throw new Interrupted();
    if (result.exitCode !== 0 || !(await exists(made))) return undefined;
    return (await keep(file, await readFile(made))) ? file : undefined;
  });
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    makeFolder(folder);
    await access(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
