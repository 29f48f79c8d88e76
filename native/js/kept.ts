import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { rename, rm, stat, utimes } from "node:fs/promises";
import { beforeExit } from "../../spec/tlc/base/last-rites.js";

/** Another process may be about to load what was asked for within this time. */
const KEEP_MS = 3_600_000;
const TOUCH_MS = 60_000;

/** A compiled file's time is when it was last asked for, give or take a minute. */
export async function touch(file: string): Promise<void> {
  try {
    const now = new Date();
    if (now.getTime() - (await stat(file)).mtimeMs > TOUCH_MS) await utimes(file, now, now);
  } catch {
    // A folder that can't be written to isn't pruned either.
  }
}

/** Has nobody asked for a compiled file within the last hour? False for one that is gone: another process may prune, too. */
export async function isOld(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > KEEP_MS;
}

/**
 * Has a file appear in one piece: `make` makes the draft, and may put what it needs meanwhile at the draft's path with
 * one of `endings` behind it. Nothing of these is left, also when our process ends abruptly.
 */
export async function inOnePiece(
  file: string,
  make: (draft: string) => Promise<void>,
  endings: readonly string[] = [],
): Promise<void> {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const drafts = [draft, ...endings.map((ending) => `${draft}${ending}`)];
  // `finally` is never reached then.
  const forget = beforeExit(() => {
    for (const path of drafts) rmSync(path, { recursive: true, force: true });
  });
  try {
    await make(draft);
    await rename(draft, file);
  } finally {
    for (const path of drafts) await rm(path, { recursive: true, force: true });
    forget();
  }
}
