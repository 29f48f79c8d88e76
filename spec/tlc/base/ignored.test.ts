import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { BadInputError } from "./errors.js";
import { IGNORE_FILE, ignoreList } from "./ignored.js";
import { createScratch, type Scratch } from "./scratch.js";
import { look } from "./walk.js";

let home: Scratch;
beforeEach(async () => {
  home = await createScratch("test");
  write(".git/HEAD", "");
});
afterEach(async () => {
  await home.remove();
});

function write(name: string, text = ""): void {
  const file = join(home.path, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The names of what is found below a folder, and of what is ignored with the line that says so. */
async function found(folder = "", given: Parameters<typeof look>[2] = []) {
  const { files, notLookedAt } = await look(join(home.path, folder), ".cfg", given);
  const name = (path: string): string => path.slice(home.path.length + 1);
  return {
    files: files.map(name),
    ignored: notLookedAt
      .filter(({ reason }) => reason.startsWith("ignored"))
      .map(({ path, reason }) => `${name(path)} ${reason.replace(/^ignored by (?:.*\/)?/, "")}`),
  };
}

it.each([
  ["a name, anywhere", "old.cfg", ["M.cfg", "a/M.cfg", "a/b/M.cfg"], ["a/old.cfg", "old.cfg"]],
  ["a name at the top", "/old.cfg", ["M.cfg", "a/M.cfg", "a/b/M.cfg", "a/old.cfg"], ["old.cfg"]],
  ["a folder", "a/", ["M.cfg", "old.cfg"], ["a"]],
  ["a path", "a/b", ["M.cfg", "a/M.cfg", "a/old.cfg", "old.cfg"], ["a/b"]],
  ["stars", "**/b/*.cfg", ["M.cfg", "a/M.cfg", "a/old.cfg", "old.cfg"], ["a/b/M.cfg"]],
  [
    "what a later line takes back",
    "M.cfg\n!/M.cfg",
    ["M.cfg", "a/old.cfg", "old.cfg"],
    ["a/M.cfg", "a/b/M.cfg"],
  ],
  [
    "comments, blanks and other cases",
    "# M.cfg\n\nm.cfg\r\n",
    ["M.cfg", "a/M.cfg", "a/b/M.cfg", "a/old.cfg", "old.cfg"],
    [],
  ],
])("ignores %s", async (_what, text, files, ignored) => {
  for (const name of ["M.cfg", "old.cfg", "a/M.cfg", "a/old.cfg", "a/b/M.cfg"]) write(name);
  write(IGNORE_FILE, text);
  const seen = await found();
  expect(seen.files).toEqual(files);
  expect(seen.ignored.map((one) => one.split(" ")[0])).toEqual(ignored);
});

it("says which line ignores something", async () => {
  write("M.cfg");
  write("old/M.cfg");
  write(IGNORE_FILE, "# what was\n\nold\n");
  expect(await found()).toEqual({ files: ["M.cfg"], ignored: [`old ${IGNORE_FILE}:3`] });
});

it("lets an inner file have the last word, and counts those above, as far as the repository goes", async () => {
  for (const name of ["a/M.cfg", "a/N.cfg", "a/b/M.cfg", "b/M.cfg"]) write(name);
  write(IGNORE_FILE, "M.cfg");
  write(`a/b/${IGNORE_FILE}`, "!M.cfg");
  expect((await found()).files).toEqual(["a/N.cfg", "a/b/M.cfg"]);
  expect((await found("a")).files).toEqual(["a/N.cfg", "a/b/M.cfg"]);
  write("a/.git/HEAD");
  expect((await found("a")).files).toEqual(["a/M.cfg", "a/N.cfg", "a/b/M.cfg"]);
});

it("looks at what is named itself", async () => {
  for (const name of ["a/M.cfg", "a/b/M.cfg"]) write(name);
  write(IGNORE_FILE, "a");
  expect((await found()).files).toEqual([]);
  expect((await found("a")).files).toEqual(["a/M.cfg", "a/b/M.cfg"]);
});

it("ignores links by their own names", async () => {
  write("real/M.cfg");
  symlinkSync(join(home.path, "real"), join(home.path, "zlink"));
  symlinkSync(join(home.path, "real", "M.cfg"), join(home.path, "old.cfg"));
  write(IGNORE_FILE, "zlink/\nold.cfg");
  expect((await found()).ignored).toEqual([`old.cfg ${IGNORE_FILE}:2`, `zlink ${IGNORE_FILE}:1`]);
});

it("takes lists from elsewhere, too", async () => {
  for (const name of ["M.cfg", "a/M.cfg"]) write(name);
  const given = [ignoreList(home.path, ["/M.cfg"], (index) => `settings[${index}]`)];
  expect(await found("", given)).toEqual({ files: ["a/M.cfg"], ignored: ["M.cfg settings[0]"] });
});

it("refuses a file that can't be read, by its name", async () => {
  write("M.cfg");
  symlinkSync("/dev/zero", join(home.path, IGNORE_FILE));
  await expect(look(home.path, ".cfg")).rejects.toThrow(BadInputError);
  await expect(look(home.path, ".cfg")).rejects.toMatchObject({
    where: expect.stringContaining(IGNORE_FILE),
  });
});
