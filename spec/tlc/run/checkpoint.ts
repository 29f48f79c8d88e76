import { readdirSync, readFileSync } from "node:fs";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { writeAtomically } from "../base/cache.js";
import { codeOf } from "../base/errors.js";
import { makeFolder } from "../base/folders.js";
import { identityOf, stillRuns } from "../base/identity.js";

/** A place for the checkpoints of one run, which nobody else uses meanwhile. */
export interface Checkpoint {
  /** For TLC's `-metadir`. */
  readonly folder: string;
  /** For TLC's `-recover`: a run of the same model that was interrupted, as of its last complete checkpoint. */
  readonly recover?: string;
  /** To be called when TLC has said that a checkpoint is complete. */
  saved(): Promise<void>;
  /** Gives the place back. The last complete checkpoint is kept if asked for. */
  release(keep: boolean): Promise<void>;
}

/** How much disk space interrupted runs may take together, and how long they are kept. */
const MOST_BYTES = 8 * 2 ** 30;
const MOST_DAYS = 30;
const DAY_MS = 86_400_000;

const COMPLETE = "complete.json";
const LOCK = "lock.json";

/**
 * Takes the place of a run in the cache; `results` is where its outcome will be kept, which is named after everything
 * that it depends on, so no checkpoint of another model is ever used. Undefined when another process has the place or
 * the cache can't be written: the run then has no checkpoints. Old ones are removed on the way.
 */
export async function openCheckpoint(cache: string, results: string): Promise<Checkpoint | undefined> {
  const all = join(cache, "runs");
  const folder = join(all, basename(results, ".json"));
  try {
    makeFolder(folder);
    if (!(await lock(folder))) return undefined;
  } catch (error) {
    if (codeOf(error) !== undefined) return undefined;
    throw error;
  }
  await prune(all, folder);
  const recover = await wholeCheckpoint(folder);
  if (recover === undefined) await emptyExceptLock(folder);
  return {
    folder,
    ...(recover !== undefined && { recover }),
    async saved() {
      const files = await filesOf(folder);
      // A checkpoint that can't be recorded doesn't count.
      if (files !== undefined) {
        await writeAtomically(join(folder, COMPLETE), JSON.stringify(files)).catch(() => undefined);
      }
    },
    async release(keep) {
      if (keep && (await wholeCheckpoint(folder)) !== undefined)
        await rm(join(folder, LOCK), { force: true });
      else await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The files of a checkpoint, as they were when TLC said that it was complete. */
interface Files {
  /** The folder that TLC made, named after the second. */
  readonly run: string;
  readonly files: readonly (readonly [name: string, bytes: number, inode: number, modified: number])[];
}

async function filesOf(folder: string): Promise<Files | undefined> {
  const entries = await readdir(folder, { withFileTypes: true });
  const [run, ...others] = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (run === undefined || others.length > 0) return undefined;
  const names = (await readdir(join(folder, run))).filter((name) => name.endsWith(".chkpt")).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const { size, ino, mtimeMs } = await stat(join(folder, run, name));
      return [name, size, ino, mtimeMs] as const;
    }),
  );
  return files.length === 0 ? undefined : { run, files };
}

/** TLC's folder, if the checkpoint in it is the one that was complete: TLC may have died while it wrote the next one. */
async function wholeCheckpoint(folder: string): Promise<string | undefined> {
  try {
    const noted = await readFile(join(folder, COMPLETE), "utf8");
    const files = await filesOf(folder);
    return files !== undefined && JSON.stringify(files) === noted ? join(folder, files.run) : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the lock; a lock whose owner is gone doesn't count, unless TLC still runs there without its owner. */
async function lock(folder: string): Promise<boolean> {
  const file = join(folder, LOCK);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(file, JSON.stringify(identityOf()), { flag: "wx" });
      return true;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
    if (await isLocked(folder)) return false;
    await rm(file, { force: true });
  }
  return false;
}

async function isLocked(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, LOCK), "utf8").catch(() => undefined);
  if (text === undefined) return false;
  // A container of its own may still be at it: only what was left for long is taken from there.
  return (stillRuns(text) ?? (await isRecent(folder))) || isUsed(folder);
}

/** Whether a run has saved something here, or begun, within the last day. */
async function isRecent(folder: string): Promise<boolean> {
  const times = await Promise.all(
    [LOCK, COMPLETE].map((name) =>
      stat(join(folder, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Date.now() - Math.max(...times) < DAY_MS;
}

/** Whether any process was started with this folder. */
function isUsed(folder: string): boolean {
  try {
    return readdirSync("/proc").some((name) => /^\d+$/.test(name) && commandOf(name).includes(folder));
  } catch {
    return false;
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

async function emptyExceptLock(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== LOCK) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Removes what is broken, too old, or more than there is room for, the oldest first; never what is in use. */
async function prune(all: string, ours: string): Promise<void> {
  const kept: { path: string; modified: number; bytes: number }[] = [];
  for (const name of await readdir(all)) {
    const path = join(all, name);
    if (path === ours || (await isLocked(path))) continue;
    const { mtimeMs = 0 } = await stat(join(path, COMPLETE)).catch(() => ({ mtimeMs: 0 }));
    kept.push({ path, modified: mtimeMs, bytes: await sizeOf(path) });
  }
  let room = MOST_BYTES;
  for (const { path, modified, bytes } of kept.sort((a, b) => b.modified - a.modified)) {
    room -= bytes;
    if (room >= 0 && Date.now() - modified < MOST_DAYS * DAY_MS) continue;
    await rm(path, { recursive: true, force: true });
  }
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    bytes += (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}
