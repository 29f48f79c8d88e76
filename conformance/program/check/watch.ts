import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { BadInputError, QuiesceError } from "../../../spec/tlc/base/errors.js";
import { look } from "../../../spec/tlc/base/walk.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { closeModulesOnce } from "../../../spec/tlc/claim/modules.js";
import { Changes } from "./changes.js";
import { chooseClaims } from "./choose.js";
import { type CheckRequest, type CheckSummary, checkAll } from "./run.js";

/** What a watched check tells. */
export interface WatchListener {
  /** Files have changed, and what depends on them is about to be decided: as many claims. */
  changed(files: readonly string[], claims: number): void;
  /** It has been decided. */
  decided(summary: CheckSummary): Promise<void>;
  /** Files can't be read as they are now; the next change may mend that. */
  bad(error: QuiesceError): void;
}

/**
 * Checks, and checks again what a change touches, until the request's signal is aborted. `ask` makes the request anew, since
 * settings may change, too. A change to what is being decided begins it again.
 *
 * @throws what the first check throws, and EnvironmentError when folders can't be watched
 */
export async function watchClaims(
  ask: () => Promise<CheckRequest>,
  signal: AbortSignal,
  listener: WatchListener,
): Promise<void> {
  const changes = new Changes();
  const decided = new Map<string, string>();
  let files: readonly string[] = [];
  let problems = "";
  try {
    for (let first = true; !signal.aborted; first = false) {
      try {
        const request = await ask();
        // Watched before it is read, so that no change is missed.
        changes.watch(await foldersOf(request));
        const prints = await printsOf(request, signal);
        changes.watch(prints.folders);
        // One that is gone, or can't be read for a while, is decided anew when it is back.
        for (const id of decided.keys()) if (!prints.of.has(id)) decided.delete(id);
        const todo = new Set(
          [...prints.of].filter(([id, print]) => decided.get(id) !== print).map(([id]) => id),
        );
        if (!first) listener.changed(files, todo.size);
        if (first || todo.size > 0 || prints.problems !== problems) {
          const summary = await decideUnlessTouched(request, todo, prints.of, changes, signal);
          if (summary === undefined) continue;
          for (const { claim, result } of summary.rows)
            if (result !== undefined) decided.set(claim.id, prints.of.get(claim.id) ?? "");
          problems = prints.problems;
          await listener.decided(summary);
        }
        if (signal.aborted) return;
      } catch (error) {
        if (signal.aborted) return;
        if (first || !(error instanceof BadInputError)) throw error;
        listener.bad(error);
      }
      files = await changes.next(signal);
    }
  } finally {
    changes.close();
  }
}

/** Decides some claims; undefined when one of them changes meanwhile, or all is interrupted. */
async function decideUnlessTouched(
  request: CheckRequest,
  todo: ReadonlySet<string>,
  prints: ReadonlyMap<string, string>,
  changes: Changes,
  signal: AbortSignal,
): Promise<CheckSummary | undefined> {
  const stop = new AbortController();
  const over = new AbortController();
  const ended = AbortSignal.any([over.signal, signal]);
  const changed: string[] = [];
  const watching = (async () => {
    while (!ended.aborted) {
      const files = await changes.next(ended);
      changed.push(...files);
      const now = files.length === 0 ? undefined : await printsOf(request, ended).catch(() => undefined);
      if (now !== undefined && [...todo].some((id) => now.of.get(id) !== prints.get(id))) stop.abort();
    }
  })();
  try {
    const summary = await checkAll({
      ...request,
      only: (claim) => todo.has(claim.id),
      signal: AbortSignal.any([signal, stop.signal]),
    });
    return stop.signal.aborted && !signal.aborted ? undefined : summary;
  } finally {
    over.abort();
    await watching;
    changes.again(changed);
  }
}

/** What each claim consists of, as a hash, and the folders in which that stands. */
async function printsOf(request: CheckRequest, signal: AbortSignal) {
  const { claims, problems } = await chooseClaims(request, signal);
  const close = closeModulesOnce();
  const folders = new Set(await foldersOf(request));
  const of = new Map<string, string>();
  for (const claim of claims) {
    folders.add(dirname(claim.file));
    of.set(claim.id, await printOf(claim, close, folders));
  }
  return { of, folders, problems: JSON.stringify(problems) };
}

async function printOf(
  claim: Claim,
  close: ReturnType<typeof closeModulesOnce>,
  folders: Set<string>,
): Promise<string> {
  const { config, declared, run, idle, libraries } = claim;
  const modules = await close(claim.module, claim.root, libraries).catch((error: unknown) => {
    if (error instanceof QuiesceError) return error.message;
    throw error;
  });
  const files = typeof modules === "string" ? [] : modules.files;
  for (const { path } of files) folders.add(dirname(path));
  const jars = libraries?.jars.map(({ sha256 }) => sha256);
  const parts = [config, declared, run, idle, jars, typeof modules === "string" ? modules : files];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** The folders of what is asked for, and all below them; those of libraries and of the settings. */
async function foldersOf({ paths, root, libraries = [], settings }: CheckRequest): Promise<Set<string>> {
  const folders = new Set<string>();
  const jarsAndFolders = [...libraries.map((path) => resolve(path)), ...(settings?.libraries ?? [])];
  for (const path of [...(paths.length === 0 ? [root] : paths), ...jarsAndFolders]) {
    const place = resolve(path);
    const found = await stat(place).catch(() => undefined);
    if (found === undefined) folders.add(resolve(root));
    else if (!found.isDirectory()) folders.add(dirname(place));
    else for (const one of (await look(place, ".cfg")).folders) folders.add(one);
  }
  if (settings !== undefined) folders.add(dirname(settings.file));
  return folders;
}
