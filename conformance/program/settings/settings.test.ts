import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BadInputError, QuiesceError } from "../../../spec/tlc/base/errors.js";
import { createScratch, type Scratch } from "../../../spec/tlc/base/scratch.js";
import { findSettings, readSettings, settingsFor } from "./settings.js";

let home: Scratch;
beforeEach(async () => {
  home = await createScratch("test");
});
afterEach(async () => {
  await home.remove();
});

function write(name: string, text: string): string {
  const file = join(home.path, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function failure(text: string, trusted = false): QuiesceError {
  const file = write("quiesce.json", text);
  try {
    readSettings(file, trusted);
  } catch (error) {
    if (error instanceof QuiesceError) return error;
    throw error;
  }
  throw new Error("nothing was wrong");
}

describe("readSettings", () => {
  it("reads every key, with paths relative to the file", () => {
    mkdirSync(join(home.path, "lib"));
    const file = write(
      "quiesce.json",
      `{ "$schema": "x", "libraries": ["lib", "sub/none"], "ignore": ["old/"], "timeout": "15min", "timeLimit": 90,
         "memory": "2g", "workers": "all", "parallel": 3, "cache": false, "strict": true, "undeclared": true }`,
    );
    expect(readSettings(file, false)).toEqual({
      $schema: "x",
      file,
      libraries: [join(home.path, "lib"), join(home.path, "sub/none")],
      ignore: ["old/"],
      timeoutMs: 900_000,
      timeLimitS: 90,
      memoryMiB: 2048,
      workers: "all",
      parallel: 3,
      cache: false,
      strict: true,
      undeclared: true,
    });
  });

  it.each([
    [`{ "timout": 5 }`, 3, 'unknown key "timout"', "Did you mean timeout?"],
    [`{ "classpath": 5 }`, 3, "unknown key", "There are: "],
    [`{ "timeout": "soon" }`, 14, '`timeout` can\'t be "soon"', "Seconds, or a text such as"],
    [`{ "timeout": 0 }`, 14, "`timeout` can't be 0", ""],
    [`{ "timeout": "0s" }`, 14, '`timeout` can\'t be "0s"', "at least 1 second"],
    [`{ "memory": "1m" }`, 13, "`memory` can't be", "at least 64 MiB"],
    [`{ "ignore": ["a", 1] }`, 19, "`ignore[1]` can't be 1", ""],
    [`{ "workers": "two" }`, 14, "`workers` can't be", "Threads"],
    [`{ "strict": "yes" }`, 13, "`strict` can't be", ""],
    [`[]`, 1, "settings are an object", ""],
    [`{ "strict": true, "strict": false }`, 19, 'the key "strict" appears twice', ""],
    [`{ "strict": yes }`, 13, "this is not JSON: expected a value, found yes", ""],
    [`{ "strict": true, }`, 19, "expected a key in double quotes, found }", ""],
    [`{ strict: true }`, 3, 'expected a key in "double quotes" or }, found strict', ""],
    [`{ "strict": true } // so`, 20, "expected the end, found //; JSON has no comments", ""],
    [`{ "strict": "yes`, 13, "found a text without its end", ""],
    [`{ "strict"`, 11, 'expected : after "strict", found the end', ""],
    [``, 1, "expected a value, found the end", ""],
    [`{ "a\\q": 1 }`, 3, "expected a value, found", ""],
    [`{ "java": "jdk" }`, 3, "`java` chooses what runs", "add --trust"],
    [`{ "libraries": ["lib", "../lib"] }`, 24, "not below the file's own folder", "add --trust"],
    [`{ "libraries": ["/etc"] }`, 17, "not below the file's own folder", "add --trust"],
    [`{ "libraries": ["a.tla"] }`, 17, "a jar may hold operators in Java", "add --trust"],
  ])("says what is wrong in %s, and where", (text, column, message, hint) => {
    write("a.tla", "");
    const error = failure(text);
    expect(error).toBeInstanceOf(BadInputError);
    expect(error.message).toContain(message);
    expect(error.where).toMatch(new RegExp(`quiesce\\.json:1:${column}$`));
    expect(error.hint ?? "").toContain(hint);
  });

  it("counts lines and places in what is written over several lines", () => {
    expect(failure(`{\n  "strict": true,\n  "ignor": []\n}`).where).toMatch(/:3:3$/);
  });

  it("follows those that are trusted in everything", () => {
    const file = write("quiesce.json", `{ "java": "jdk", "libraries": ["../a", "lib.jar"] }`);
    expect(readSettings(file, true)).toMatchObject({
      java: join(home.path, "jdk"),
      libraries: [join(dirname(home.path), "a"), join(home.path, "lib.jar")],
    });
  });

  it("refuses what is no file", () => {
    symlinkSync("/dev/zero", join(home.path, "quiesce.json"));
    expect(() => readSettings(join(home.path, "quiesce.json"), false)).toThrow("no ordinary file");
  });
});

describe("findSettings", () => {
  it("takes the nearest, and none from beyond the repository", async () => {
    const outer = write("quiesce.json", "{}");
    write("repo/.git/HEAD", "");
    const deep = join(home.path, "repo", "a", "b");
    mkdirSync(deep, { recursive: true });
    expect(await findSettings(deep)).toBeUndefined();
    expect(await findSettings(home.path)).toBe(outer);
    const own = write("repo/quiesce.json", "{}");
    expect(await findSettings(deep)).toBe(own);
    const nearest = write("repo/a/quiesce.json", "{}");
    expect(await findSettings(deep)).toBe(nearest);
  });

  it("is asked once for all paths, which must agree", async () => {
    write("a/quiesce.json", `{ "strict": true }`);
    write("a/M.cfg", "");
    write("b/.git/HEAD", "");
    const [a, b] = [join(home.path, "a"), join(home.path, "b")];
    const file = join(a, "M.cfg");
    expect((await settingsFor([a, file], b, false))?.strict).toBe(true);
    expect(await settingsFor(["some/claim"], b, false)).toBeUndefined();
    await expect(settingsFor([a, b], b, false)).rejects.toThrow(/settings of .* and of .* differ/);
  });
});
