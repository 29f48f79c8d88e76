import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf, EnvironmentError, messageOf } from "./errors.js";
import { beforeExit } from "./last-rites.js";

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
    throw new EnvironmentError(`no scratch folder can be made in ${parent}: ${messageOf(error)}`, {
      hint:
        codeOf(error) === "ENOSPC"
          ? "Make room there, or set TMPDIR to a folder with room."
          : "Set TMPDIR to a folder that can be written.",
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
  } finally {
    await scratch.remove();
  }
}
