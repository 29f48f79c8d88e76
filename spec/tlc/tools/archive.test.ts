import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { Interrupted } from "../base/errors.js";
import { run } from "../base/process.js";
import { withScratch } from "../base/scratch.js";
import { findArchive } from "./archive.js";
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

describe("findArchive", () => {
  it("makes an archive that Java uses, once", async () => {
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

  it("works without one where there can be none: an old Java, a cache that can't be written, a jar that isn't TLC", async () => {
    await withScratch("test", async (folder) => {
      const old = { ...tools, java: { ...tools.java, major: 11 } };
      expect(await findArchive(old, { cache: folder })).toBeUndefined();
      const file = join(folder, "regular");
      writeFileSync(file, "PK\x03\x04");
      expect(await findArchive(tools, { cache: join(file, "cache") })).toBeUndefined();
      const other = { ...tools, jar: { ...tools.jar, path: file } };
      expect(await findArchive(other, { cache: folder })).toBeUndefined();
      expect(readdirSync(join(folder, "classes"))).toEqual([]);
    });
  });

  it("is interrupted by its signal", async () => {
    await withScratch("test", async (cache) => {
      await expect(findArchive(tools, { cache, signal: AbortSignal.abort() })).rejects.toThrow(Interrupted);
    });
  });
});
