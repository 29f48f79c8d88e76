import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, type TestContext } from "vitest";
import { Interrupted } from "../base/errors.js";
import { run } from "../base/process.js";
import { withScratch } from "../base/scratch.js";
import { findArchive, OLDEST_TO_ARCHIVE } from "./archive.js";
import { tlcArguments } from "./jvm.js";
import { writeProbe } from "./probe-spec.js";
import { findTools, type Tools } from "./tools.js";

let tools: Tools;
beforeAll(async () => {
  tools = await findTools();
});

/** How many of its classes Java takes from the archive when it runs TLC. */
async function shared(archive: string): Promise<number> {
  return await withScratch("test", async (folder) => {
    const { config, module } = await writeProbe(folder, ["INVARIANT Count"]);
    const jvm = { ...tools, archive, temporary: folder, heapMiB: 128, short: true };
    const more = ["-Xlog:class+load:stdout"];
    const tlc = ["-metadir", join(folder, "states"), "-config", config, module];
    const result = await run(tools.java.command, tlcArguments({ ...jvm, more }, tlc), { cwd: folder });
    expect(result.exitCode).toBe(0);
    return result.stdout.split("\n").filter((line) => /tlc2\.\S+ source: shared/.test(line)).length;
  });
}

/** Java 11 runs TLC, but archives nothing: then the test has nothing to look at. */
const needArchives = (skip: TestContext["skip"]): void =>
  skip(tools.java.major < OLDEST_TO_ARCHIVE, `Java ${tools.java.major} archives no classes`);

describe("findArchive", () => {
  it("makes an archive that Java uses, once", async ({ skip }) => {
    needArchives(skip);
    await withScratch("test", async (cache) => {
      const file = await findArchive(tools, { cache });
      expect(file).toBeDefined();
      expect(await shared(file ?? "")).toBeGreaterThan(100);
      expect(await findArchive(tools, { cache })).toBe(file);
      expect(readdirSync(join(cache, "classes"))).toHaveLength(1);
      // An archive that is corrupt costs time, not the run.
      writeFileSync(file ?? "", "no archive");
      expect(await shared(file ?? "")).toBe(0);
      rmSync(file ?? "");
      expect(await shared(file ?? "")).toBe(0);
    });
  });

  it("makes none with a Java that is too old", async () => {
    await withScratch("test", async (folder) => {
      const old = { ...tools, java: { ...tools.java, major: OLDEST_TO_ARCHIVE - 1 } };
      expect(await findArchive(old, { cache: folder })).toBeUndefined();
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  it("works without one where the cache can't be written, or the jar isn't TLC", async ({ skip }) => {
    needArchives(skip);
    await withScratch("test", async (folder) => {
      const file = join(folder, "regular");
      writeFileSync(file, "PK\x03\x04");
      expect(await findArchive(tools, { cache: join(file, "cache") })).toBeUndefined();
      const other = { ...tools, jar: { ...tools.jar, path: file } };
      expect(await findArchive(other, { cache: folder })).toBeUndefined();
      expect(readdirSync(join(folder, "classes"))).toEqual([]);
    });
  });

  it("is interrupted by its signal", async ({ skip }) => {
    needArchives(skip);
    await withScratch("test", async (cache) => {
      await expect(findArchive(tools, { cache, signal: AbortSignal.abort() })).rejects.toThrow(Interrupted);
    });
  });
});
