import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BadInputError } from "./errors.js";
import { createScratch, type Scratch } from "./scratch.js";
import { look, walk } from "./walk.js";

let home: Scratch;
beforeEach(async () => {
  home = await createScratch("test");
});
afterEach(async () => {
  await home.remove();
});

describe("walk", () => {
  it("finds files in all folders, but not in what TLC and others generate", async () => {
    for (const folder of ["a", "states", "M.toolbox", ".git", "node_modules", "26-01-01-12-00-00"]) {
      mkdirSync(join(home.path, folder));
      writeFileSync(join(home.path, folder, "M.cfg"), "");
    }
    writeFileSync(join(home.path, "M.tla"), "");
    expect(await walk(home.path, ".cfg")).toEqual([join(home.path, "a", "M.cfg")]);
  });

  it("names what it passes over, which is looked at when it is given itself", async () => {
    const passed = [".x", "M.toolbox", "states"];
    for (const folder of ["a", ...passed]) {
      mkdirSync(join(home.path, folder));
      writeFileSync(join(home.path, folder, "M.cfg"), "");
    }
    const { notLookedAt } = await look(home.path, ".cfg");
    expect(notLookedAt.map(({ path, kind }) => [path, kind])).toEqual(
      passed.map((name) => [join(home.path, name), "folder"]),
    );
    for (const folder of passed) {
      const path = join(home.path, folder);
      expect(await look(path, ".cfg")).toMatchObject({ files: [join(path, "M.cfg")], notLookedAt: [] });
    }
  });

  it("follows links, each folder once and under its own name, whatever circles they make", async () => {
    const outside = join(home.path, "outside");
    const inside = join(home.path, "inside");
    for (const folder of ["outside/deep", "inside/z", "outside/states"])
      mkdirSync(join(home.path, folder), { recursive: true });
    for (const file of ["outside/A.cfg", "outside/deep/B.cfg", "inside/z/C.cfg", "outside/states/D.cfg"])
      writeFileSync(join(home.path, file), "");
    symlinkSync(outside, join(inside, "link"));
    symlinkSync(outside, join(inside, "other"));
    symlinkSync(inside, join(outside, "deep", "back"));
    symlinkSync(join(inside, "z"), join(inside, "a"));
    symlinkSync(join(outside, "A.cfg"), join(inside, "file.cfg"));
    symlinkSync("nowhere", join(inside, "broken.cfg"));
    symlinkSync("nowhere", join(inside, "broken"));
    symlinkSync("nowhere", join(inside, "broken.txt"));
    symlinkSync("self", join(inside, "self"));
    execFileSync("mkfifo", [join(inside, "pipe.cfg")]);
    symlinkSync("/dev/zero", join(inside, "zero.cfg"));
    const { files, notLookedAt } = await look(inside, ".cfg");
    const expected = ["file.cfg", "link/A.cfg", "link/deep/B.cfg", "z/C.cfg"];
    expect(files).toEqual(expected.map((name) => join(inside, name)));
    expect(notLookedAt.map(({ path, reason }) => [path.slice(inside.length + 1), reason])).toEqual([
      ["broken", "the link leads nowhere"],
      ["broken.cfg", "the link leads nowhere"],
      ["link/states", "such folders are generated"],
      ["pipe.cfg", "it is a pipe, not a file"],
      ["self", "the link leads to itself"],
      ["zero.cfg", "it is a device, not a file"],
    ]);
  });

  it.skipIf(process.getuid?.() === 0)("goes on past a folder that can't be read, and names it", async () => {
    mkdirSync(join(home.path, "closed"));
    writeFileSync(join(home.path, "M.cfg"), "");
    chmodSync(join(home.path, "closed"), 0);
    expect(await look(home.path, ".cfg")).toEqual({
      files: [join(home.path, "M.cfg")],
      notLookedAt: [{ path: join(home.path, "closed"), kind: "folder", reason: "no permission" }],
    });
    chmodSync(join(home.path, "closed"), 0o700);
  });

  it("names a folder that can't be read", async () => {
    const file = join(home.path, "M.tla");
    writeFileSync(file, "");
    const error = await walk(file, ".cfg").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BadInputError);
    expect(error).toMatchObject({
      where: file,
      message: expect.stringMatching(/^the folder can't be read: /),
    });
  });
});
