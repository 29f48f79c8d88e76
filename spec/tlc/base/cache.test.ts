import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CacheError, cacheFolder, keep, readCached, writeAtomically } from "./cache.js";
import { withScratch } from "./scratch.js";

describe("cacheFolder", () => {
  it("is QUIESCE_CACHE, else XDG_CACHE_HOME/quiesce, else ~/.cache/quiesce", () => {
    expect(cacheFolder({ QUIESCE_CACHE: "/a/b", XDG_CACHE_HOME: "/x" })).toBe("/a/b");
    expect(cacheFolder({ XDG_CACHE_HOME: "/x" })).toBe("/x/quiesce");
    expect(cacheFolder({ QUIESCE_CACHE: "", XDG_CACHE_HOME: "" })).toBe(join(homedir(), ".cache", "quiesce"));
  });

  it("makes QUIESCE_CACHE absolute, and ignores a relative XDG_CACHE_HOME as its specification says", () => {
    expect(cacheFolder({ QUIESCE_CACHE: "mine" })).toBe(join(process.cwd(), "mine"));
    expect(cacheFolder({ XDG_CACHE_HOME: "mine" })).toBe(join(homedir(), ".cache", "quiesce"));
  });
});

describe("a home", () => {
  it.each([undefined, "", "relative"])("is the system's when HOME is %j", (HOME) => {
    expect(cacheFolder({ HOME })).toBe(join(userInfo().homedir, ".cache", "quiesce"));
  });

  it("may be unusable: then a folder of this user alone below TMPDIR is taken, else none", async () => {
    await withScratch("test", async (TMPDIR) => {
      writeFileSync(join(TMPDIR, "file"), "");
      const HOME = join(TMPDIR, "file");
      const own = join(TMPDIR, `quiesce-cache-${process.getuid?.()}`);
      expect(cacheFolder({ HOME, TMPDIR })).toBe(own);
      expect(cacheFolder({ HOME, TMPDIR })).toBe(own);
      chmodSync(own, 0o777);
      expect(cacheFolder({ HOME, TMPDIR })).toBe(join(HOME, ".cache", "quiesce"));
    });
  });

  it("may be missing, and TMPDIR as well: nothing is kept, and the error says why", async () => {
    const error = await writeAtomically("/dev/null/.cache/quiesce/file", "").catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CacheError);
    expect(error).toMatchObject({ message: expect.stringMatching(/no home folder is known/) });
  });
});

describe("writeAtomically", () => {
  it("makes folders, replaces what is there, and leaves no temporary file", async () => {
    await withScratch("test", async (folder) => {
      const file = join(folder, "a", "b", "file");
      await writeAtomically(file, "one");
      await writeAtomically(file, Buffer.from("two"));
      expect(readFileSync(file, "utf8")).toBe("two");
      expect(readdirSync(join(folder, "a", "b"))).toEqual(["file"]);
    });
  });

  it("never shows a reader only part of the content", async () => {
    await withScratch("test", async (folder) => {
      const file = join(folder, "file");
      const contents = ["x".repeat(2_000_000), "y".repeat(1_000_000)];
      await writeAtomically(file, contents[0] as string);
      let writing = true;
      const writers = Promise.all(
        [0, 1].map(async (w) => {
          for (let i = 0; i < 20; i++) await writeAtomically(file, contents[(i + w) % 2] as string);
        }),
      ).finally(() => {
        writing = false;
      });
      let reads = 0;
      while (writing) {
        const seen = (await readCached(file))?.toString("utf8") ?? "";
        expect(contents.includes(seen)).toBe(true);
        reads++;
      }
      await writers;
      expect(reads).toBeGreaterThan(1);
      expect(readdirSync(folder)).toEqual(["file"]);
    });
  });

  it("that can't be done is an error with the file and what to do; keep only says no", async () => {
    await withScratch("test", async (folder) => {
      writeFileSync(join(folder, "regular"), "");
      const file = join(folder, "regular", "cache", "file");
      const error = await writeAtomically(file, "x").catch((e: unknown) => e);
      expect(error).toBeInstanceOf(CacheError);
      expect(error).toMatchObject({
        message: "the cache can't be written: a part of its path is a file, not a folder",
        where: file,
        hint: expect.stringContaining("QUIESCE_CACHE"),
      });
      expect(await keep(file, "x")).toBe(false);
      expect(await keep(join(folder, "fine"), "x")).toBe(true);
      expect(readdirSync(folder).sort()).toEqual(["fine", "regular"]);
    });
  });
});
