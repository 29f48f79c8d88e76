import { randomBytes } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { EnvironmentError } from "./errors.js";
import { canHold, canWrite, makeFolder, makeOwnFolder } from "./folders.js";
import { systemReason } from "./system-error.js";

/** Environment variables, as process.env has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where nothing can ever be kept, whoever we are: below a file that is no folder. */
const NOWHERE = "/dev/null";

/**
 * The folder of what may be kept between runs: QUIESCE_CACHE, else XDG_CACHE_HOME/quiesce (which must be absolute,
 * says the XDG specification), else ~/.cache/quiesce. It need not exist. In a container, a user may have no home at all,
 * or one that is not theirs: then it is quiesce-cache-UID in the temporary folder, made here, if it belongs to this
 * user alone. Nothing is kept where it doesn't: somebody else could fill it for us.
 */
export function cacheFolder(env: Environment = process.env): string {
  const own = env["QUIESCE_CACHE"];
  if (own !== undefined && own !== "") return resolve(own);
  const xdg = env["XDG_CACHE_HOME"];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "quiesce");
  const known = home(env);
  const folder = join(known ?? NOWHERE, ".cache", "quiesce");
  if (known !== undefined && canHold(folder)) return folder;
  const temporary = join(env["TMPDIR"] || tmpdir(), `quiesce-cache-${process.getuid?.() ?? "own"}`);
  return makeOwnFolder(temporary) ? temporary : folder;
}

/**
 * Where what is made from a checkout is kept: `build/NAME` in it, or where this user may not write that, as in a
 * checkout or an installation that is somebody else's, NAME in the cache. What stands there is named after what it was
 * made from, so several checkouts can share it.
 */
export function buildFolder(root: string, name: string, env?: Environment): string {
  const own = join(root, "build", name);
  return canWrite(own) ? own : join(cacheFolder(env), name);
}

/** HOME, unless it is unset, empty or relative; else what the system knows of this user, if it knows them. */
function home(env: Environment): string | undefined {
  const given = env["HOME"];
  if (given !== undefined && isAbsolute(given)) return given;
  try {
    const { homedir } = userInfo();
    return isAbsolute(homedir) ? homedir : undefined;
  } catch {
    return undefined;
  }
}

/** The cache can't keep anything. Everything works without it, only slower. */
export class CacheError extends EnvironmentError {
  constructor(file: string, cause: unknown) {
    const homeless = file.startsWith(NOWHERE) ? "no home folder is known (HOME is not set)" : undefined;
    super(`the cache can't be written: ${homeless ?? systemReason(cause)}`, {
      where: file,
      hint: "Set QUIESCE_CACHE to a folder that can be written.",
      cause,
    });
  }
}

/**
 * Writes a file so that other processes see either the old content or all of the new one: to a temporary file in the
 * same folder, flushed, then renamed. Makes the folders. Throws CacheError and leaves nothing behind.
 */
export async function writeAtomically(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    makeFolder(dirname(file));
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new CacheError(file, error);
  }
}

/** Reads a file of the cache; undefined when it is not there or can't be read. */
export async function readCached(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch {
    return undefined;
  }
}

/** Keeps something if it can, where it does no harm if it can't. Returns whether it did. */
export async function keep(file: string, content: string | Uint8Array): Promise<boolean> {
  try {
    await writeAtomically(file, content);
    return true;
  } catch (error) {
    if (error instanceof CacheError) return false;
    throw error;
  }
}

/** A JSON object that may have been damaged, or written by another version; undefined when the text is none. */
export function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}
