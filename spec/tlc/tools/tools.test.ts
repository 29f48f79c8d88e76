import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BadInputError, EnvironmentError } from "../base/errors.js";
import { withScratch } from "../base/scratch.js";
import { runTlc } from "../run/run.js";
import { findJar } from "./jar.js";
import { findTools } from "./tools.js";

describe("findTools", () => {
  it("works without a cache that can't be written: slower, but TLC runs", async () => {
    const jar = await findJar();
    await withScratch("test", async (folder) => {
      writeFileSync(join(folder, "regular"), "");
      const cache = join(folder, "regular", "cache");
      const tools = await findTools({
        env: { ...process.env, TLA2TOOLS_JAR: jar.path, QUIESCE_CACHE: cache },
      });
      expect(tools).toMatchObject({
        cache,
        jar: { path: jar.path, source: "TLA2TOOLS_JAR", verified: true },
      });
      expect(tools.archive).toBeUndefined();
      const module = join(folder, "One.tla");
      writeFileSync(module, "---- MODULE One ----\nVARIABLE x\nInit == x = 1\nNext == x' = x\n====\n");
      const outcome = await runTlc({ tools, module, config: "INIT Init\nNEXT Next\n", root: folder });
      expect(outcome).toMatchObject({ exitCode: 0, report: { success: true, statistics: { distinct: 1 } } });
    });
  });

  it("asks for Java before it fetches a jar, and takes no other jar than the one that is named", async () => {
    await withScratch("test", async (folder) => {
      const env = { ...process.env, TLA2TOOLS_JAR: join(folder, "nowhere.jar"), QUIESCE_CACHE: folder };
      await expect(findTools({ env })).rejects.toThrow(BadInputError);
      const withoutJava = { ...env, JAVA_HOME: "", PATH: folder };
      await expect(findTools({ env: withoutJava })).rejects.toThrow(EnvironmentError);
    });
  });
});
