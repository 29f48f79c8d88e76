import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { keep, readCached, readObject } from "../base/cache.js";
import { Interrupted } from "../base/errors.js";
import { inParallel } from "../base/pool.js";
import { withScratch } from "../base/scratch.js";
import type { ModuleFile } from "../claim/modules.js";
import { readAlgorithm, whyOutOfStep } from "../look/pluscal.js";
import { jvmArguments } from "../tools/jvm.js";
import { runJava } from "../tools/run-java.js";
import type { Tools } from "../tools/tools.js";

/** A module whose translation, which TLC decides about, is not of its PlusCal algorithm. */
export interface OutOfStep {
  readonly file: string;
  /** The line of the translation or, where the algorithm itself is wrong, of the algorithm. */
  readonly line: number;
  readonly why: string;
}

/** How modules are examined. */
export interface TranslationOptions {
  readonly parallel: number;
  readonly signal?: AbortSignal;
}

/** The translator takes a second or two; a limit against hanging. */
const LIMIT_MS = 120_000;

/**
 * Finds the modules whose PlusCal translation is not what the translator makes of their algorithm now. It translates a copy,
 * in a scratch folder, and what it finds is kept for as long as the module stays the same.
 */
export async function findOutOfStep(
  modules: readonly ModuleFile[],
  tools: Tools,
  { parallel, signal }: TranslationOptions,
): Promise<readonly OutOfStep[]> {
  const files = new Map(modules.map((module) => [module.path, module]));
  const translated = [...files.values()].filter(({ text }) => readAlgorithm(text)?.translation !== undefined);
  const found: OutOfStep[] = [];
  await inParallel(translated, parallel, async (module) => {
    const one = await examine(module, tools, signal);
    if (one !== undefined) found.push({ file: module.path, ...one });
  });
  return found.sort((a, b) => (a.file < b.file ? -1 : 1));
}

type Found = Omit<OutOfStep, "file">;

async function examine(
  module: ModuleFile,
  tools: Tools,
  signal: AbortSignal | undefined,
): Promise<Found | undefined> {
  const key = createHash("sha256").update(JSON.stringify([1, tools.jar.sha256, module.name, module.text]));
  const file = join(tools.cache, "translations", `${key.digest("hex").slice(0, 40)}.json`);
  const kept = readObject((await readCached(file))?.toString("utf8") ?? "");
  if (kept?.["inStep"] === true) return undefined;
  const { line, why } = kept ?? {};
  if (typeof line === "number" && typeof why === "string") return { line, why };
  const found = await translate(module, tools, signal);
  if (found === "unknown") return undefined;
  await keep(file, JSON.stringify(found ?? { inStep: true }));
  return found;
}

/** Translates a copy. "unknown" when the translator did not come to an end, or Java to a start. */
async function translate(
  { name, text }: ModuleFile,
  tools: Tools,
  signal: AbortSignal | undefined,
): Promise<Found | undefined | "unknown"> {
  const algorithm = readAlgorithm(text);
  const translation = algorithm?.translation;
  if (algorithm === undefined || translation === undefined) return undefined;
  return await withScratch("pluscal", async (folder) => {
    const copy = join(folder, `${name}.tla`);
    await writeFile(copy, text);
    const jvm = { ...tools, temporary: folder, heapMiB: 512, short: true };
    const { archive: _, ...plain } = jvm;
    const result = await runJava(tools.java, jvmArguments(plain, "pcal.trans", ["-nocfg", `${name}.tla`]), {
      cwd: folder,
      timeoutMs: LIMIT_MS,
      ...(signal && { signal }),
    });
    if (result.aborted) throw new Interrupted();
    const output = `${result.stdout}\n${result.stderr}`;
    const refused = /Unrecoverable error:\s*(?:--\s*)?([^\n]*(?:\n(?!\s*$)[^\n]+)*)/.exec(output)?.[1];
    if (refused !== undefined) {
      const words = refused.replace(/\s+/g, " ").replace(/\.$/, "").trim();
      return { line: algorithm.line, why: `the algorithm can't be translated: ${words}` };
    }
    const made = readAlgorithm(await readFile(copy, "utf8"))?.translation;
    if (result.exitCode !== 0 || made === undefined || !output.includes("Translation completed"))
      return "unknown";
    const why = whyOutOfStep(algorithm, made);
    return why === undefined ? undefined : { line: translation.line, why };
  });
}
