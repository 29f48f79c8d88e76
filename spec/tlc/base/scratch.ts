import { rmSync } from "node:fs";
import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { codeOf, EnvironmentError } from "./errors.js";
import { beforeExit } from "./last-rites.js";
import { systemReason } from "./system-error.js";

/** A private folder, until `remove` is called. */
export interface Scratch {
  readonly path: string;
  remove(): Promise<void>;
}

/** A process that was just killed may still be finishing a write: try again a few times. */
const PATIENT = { recursive: true, force: true, maxRetries: 5, retryDelay: 20 } as const;

/**
 * Makes a private folder (mode 700) below the system's temporary folder, or `parent`. It is removed by `remove`, and
 * also when our process ends first. Throws EnvironmentError when none can be made.
 */
export async function createScratch(purpose: string, parent = tmpdir()): Promise<Scratch> {
  const prefix = join(parent, `quiesce-${process.pid}-${purpose}-`);
  let path: string;
  try {
    path = await mkdtemp(prefix);
  } catch (error) {
    if (isFull(error)) throw full(parent, error);
    throw new EnvironmentError(`no scratch folder can be made in ${parent}: ${systemReason(error)}`, {
      where: parent,
      hint: "Set TMPDIR to a folder that can be written.",
      cause: error,
    });
  }
  const forget = beforeExit(() => rmSync(path, PATIENT));
  return {
    path,
    async remove() {
      await rm(path, PATIENT);
      forget();
    },
  };
}

/** Gives `work` a private folder and removes it afterwards, whatever happens. */
export async function withScratch<T>(purpose: string, work: (folder: string) => Promise<T>): Promise<T> {
  const scratch = await createScratch(purpose);
  try {
    return await work(scratch.path);
  } catch (error) {
    // A write that fails does not say where.
    if (isFull(error)) await expectRoom(dirname(scratch.path), error);
    throw error;
  } finally {
    await scratch.remove();
  }
}

/** Less than this is no room: programs that write blocks give up before the last byte is taken. */
const LEAST_BYTES = 64 * 1024;

/**
 * Throws EnvironmentError that names a folder when the disk that it is on is full. To be called when something that wrote
 * there has failed: `cause`, or a program that says it in words of its own, or not at all.
 */
export async function expectRoom(folder: string, cause?: unknown): Promise<void> {
  // A system that can't tell is no reason to fail otherwise than we did.
  const disk = await statfs(folder).catch(() => undefined);
  if (disk === undefined || disk.blocks === 0) return;
  const noInodes = disk.files > 0 && disk.ffree === 0;
  if (noInodes || disk.bavail * disk.bsize < LEAST_BYTES) throw full(folder, cause);
}

function isFull(error: unknown): boolean {
  return codeOf(error) === "ENOSPC" || codeOf(error) === "EDQUOT";
}

function full(folder: string, cause: unknown): EnvironmentError {
  return new EnvironmentError(`the disk is full: ${folder}`, {
    where: folder,
    hint: "Make room there, or set TMPDIR to a folder with room.",
    cause,
  });
}
