import { existsSync } from "node:fs";
import { mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { keep } from "./cache.js";
import { codeOf } from "./errors.js";
import { makeFolder } from "./folders.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-folders-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function codeOfMaking(path: string): string | undefined {
  try {
    makeFolder(path);
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

it("makes what is missing, and leaves alone what is there", async () => {
  const deep = join(folder, "a", "b", "c");
  expect(codeOfMaking(deep)).toBeUndefined();
  expect(codeOfMaking(deep)).toBeUndefined();
  expect((await stat(deep)).isDirectory()).toBe(true);
});

it("says why it can't: a file, or a link to nowhere, is in the way", async () => {
  await writeFile(join(folder, "file"), "");
  await symlink(join(folder, "nowhere"), join(folder, "link"));
  expect(codeOfMaking(join(folder, "file", "a"))).toBe("EEXIST");
  expect(codeOfMaking(join(folder, "file"))).toBe("EEXIST");
  expect(codeOfMaking(join(folder, "link"))).toBe("EEXIST");
});

// Node's mkdir with `recursive` hangs there, and could not even be interrupted.
it.runIf(existsSync("/proc/self"))("returns below /proc, where nothing can be made", async () => {
  expect(codeOfMaking("/proc/quiesce/a/b")).toBe("ENOENT");
  expect(await keep("/proc/quiesce/cache/file", "")).toBe(false);
});
