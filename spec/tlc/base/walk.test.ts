import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BadInputError } from "./errors.js";
import { createScratch, type Scratch } from "./scratch.js";
import { walk } from "./walk.js";

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
