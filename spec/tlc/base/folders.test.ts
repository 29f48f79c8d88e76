import { chmodSync, existsSync, lchownSync, mkdirSync, statSync } from "node:fs";
import { mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keep } from "./cache.js";
import { codeOf } from "./errors.js";
import { canHold, makeFolder, makeOwnFolder } from "./folders.js";

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

describe("a folder of our own where everybody may write", () => {
  it("is made for us alone, and taken again", () => {
    const own = join(folder, "own");
    expect([makeOwnFolder(own), makeOwnFolder(own)]).toEqual([true, true]);
    expect(statSync(own).mode & 0o777).toBe(0o700);
  });

  it("is none where others may look or write, or where its name is a link, a file or nowhere", async () => {
    const open = join(folder, "open");
    mkdirSync(open);
    chmodSync(open, 0o750);
    await mkdtemp(join(folder, "target-")).then((target) => symlink(target, join(folder, "link")));
    await writeFile(join(folder, "file"), "", { mode: 0o600 });
    const names = ["open", "link", "file", "file/below", "nowhere/below"];
    expect(names.filter((name) => makeOwnFolder(join(folder, name)))).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)("is none when another user was there first", () => {
    const theirs = join(folder, "theirs");
    expect(makeOwnFolder(theirs)).toBe(true);
    lchownSync(theirs, 54_321, 54_321);
    expect(makeOwnFolder(theirs)).toBe(false);
  });
});

it("knows what can hold something: what is there, and what can be made", async () => {
  await writeFile(join(folder, "file"), "");
  expect(canHold(folder)).toBe(true);
  expect(canHold(join(folder, "a", "b"))).toBe(true);
  expect(canHold(join(folder, "file"))).toBe(false);
  expect(canHold(join(folder, "file", "a", "b"))).toBe(false);
});

// Node's mkdir with `recursive` hangs there, and could not even be interrupted.
it.runIf(existsSync("/proc/self"))("returns below /proc, where nothing can be made", async () => {
  expect(codeOfMaking("/proc/quiesce/a/b")).toBe("ENOENT");
  expect(await keep("/proc/quiesce/cache/file", "")).toBe(false);
});
