import { accessSync, constants, existsSync, lstatSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf } from "./errors.js";

/**
 * Makes a folder and those above it that are missing, one after another. Node's own `recursive` never returns below
 * `/proc`, where a parent exists and yet says that it does not (ENOENT).
 *
 * @throws the system's error when one of them can't be made
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = folder; !isFolder(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  for (const one of missing) {
    try {
      mkdirSync(one);
    } catch (error) {
      // Another process may have been quicker.
      if (codeOf(error) !== "EEXIST" || !isFolder(one)) throw error;
    }
  }
}

/**
 * May the folder be used by us: it is there and may be read, or it can be made? One that may be read but not written
 * counts: what is in it is of use.
 */
export function canHold(folder: string): boolean {
  return existsSync(folder)
    ? isFolder(folder) && may(folder, constants.R_OK | constants.X_OK)
    : canWrite(folder);
}

/** May we write into the folder, or make it where it is missing? A full disk isn't seen here. */
export function canWrite(folder: string): boolean {
  let found = folder;
  while (!existsSync(found)) found = dirname(found);
  return isFolder(found) && may(found, constants.W_OK | constants.X_OK);
}

/**
 * Makes a folder that only this user may look into, or takes the one that is there. Where everybody may write, its name
 * may have been taken by another user, or be a link: then it returns false, and the folder must not be used.
 */
export function makeOwnFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") return false;
  }
  try {
    const found = lstatSync(folder);
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
