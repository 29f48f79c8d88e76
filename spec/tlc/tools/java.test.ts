import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EnvironmentError, Interrupted } from "../base/errors.js";
import { withScratch } from "../base/scratch.js";
import { findJava, readJavaVersion } from "./java.js";

/** A folder like JAVA_HOME whose java runs `script`. */
function javaHome(folder: string, name: string, script: string): string {
  const bin = join(folder, name, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "java"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, "java"), 0o755);
  return join(folder, name);
}
const says = (version: string): string => `echo 'openjdk version "${version}" 2025' >&2`;

describe("readJavaVersion", () => {
  it("reads the numbers of old and new versions, and the build", () => {
    const text =
      'openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime\nOpenJDK 64-Bit Server VM (build 17)\n';
    expect(readJavaVersion("java", text)).toEqual({
      command: "java",
      version: "17.0.15",
      major: 17,
      build: "OpenJDK 64-Bit Server VM (build 17)",
    });
    expect(readJavaVersion("java", 'java version "1.8.0_392"')).toMatchObject({ major: 8 });
    expect(readJavaVersion("java", 'openjdk version "25" 2025-09-16')).toMatchObject({ major: 25 });
    expect(readJavaVersion("java", "Unable to locate a Java Runtime.")).toBeUndefined();
  });
});

describe("findJava", () => {
  it("takes the one of this machine", async () => {
    expect((await findJava()).major).toBeGreaterThanOrEqual(11);
  });

  it("takes JAVA_HOME's before PATH's, and PATH's when JAVA_HOME's is missing, broken or too old", async () => {
    await withScratch("test", async (folder) => {
      const path = join(javaHome(folder, "path", says("21.0.1")), "bin");
      const env = (home: string) => ({ PATH: `${path}:/bin:/usr/bin`, JAVA_HOME: home });
      const home = javaHome(folder, "home", says("17.0.2"));
      expect(await findJava({ env: env(home) })).toMatchObject({ version: "17.0.2" });
      const broken = javaHome(folder, "broken", "exit 1");
      const old = javaHome(folder, "old", says("1.8.0_1"));
      for (const other of [broken, old, join(folder, "nowhere")]) {
        expect(await findJava({ env: env(other) })).toMatchObject({ version: "21.0.1", command: "java" });
      }
    });
  });

  it.each([
    "Error: Could not reserve enough space for object heap",
    "# There is insufficient memory for the Java Runtime Environment to continue.",
    "[0.030s][warning][gc] Failed to reserve memory for new overflow mark stack",
  ])("says that it gets too little memory, and not that it is missing: %s", async (words) => {
    await withScratch("test", async (folder) => {
      const home = javaHome(folder, "home", `echo '${words}'; exit 1`);
      const error = await findJava({ env: { PATH: folder, JAVA_HOME: home } }).catch((e: unknown) => e);
      expect(error).toMatchObject({
        exitCode: 3,
        message: expect.stringContaining("gets too little memory"),
        hint: expect.stringContaining("ulimit -v"),
      });
    });
  });

  it("names what was searched and the commands that install one", async () => {
    await withScratch("test", async (folder) => {
      const home = javaHome(folder, "old", says("1.8.0_1"));
      const error = await findJava({ env: { PATH: folder, JAVA_HOME: home } }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(EnvironmentError);
      expect(error).toMatchObject({
        exitCode: 3,
        message: expect.stringMatching(/JAVA_HOME\): version 1\.8\.0_1 is too old.*PATH: not there/s),
        hint: expect.stringMatching(/apt-get install default-jre-headless.*brew install openjdk/s),
      });
    });
  });

  it("passes on why Java does not start with the options that a variable gives it, and names the variable", async () => {
    await withScratch("test", async (folder) => {
      const words = "echo 'Picked up JAVA_TOOL_OPTIONS: -x' >&2; echo 'Unrecognized option: -x'; exit 1";
      const env = {
        PATH: `${join(javaHome(folder, "other", words), "bin")}:/bin`,
        JAVA_HOME: undefined,
        JAVA_TOOL_OPTIONS: "-x",
        _JAVA_OPTIONS: undefined,
      };
      const error = await findJava({ env }).catch((e: unknown) => e);
      expect(error).toMatchObject({
        exitCode: 3,
        where: "JAVA_TOOL_OPTIONS",
        message: expect.stringMatching(/does not run: Unrecognized option: -x$/),
        hint: "Correct or unset JAVA_TOOL_OPTIONS=-x",
      });
    });
  });

  it("is interrupted by its signal", async () => {
    await expect(findJava({ signal: AbortSignal.abort() })).rejects.toThrow(Interrupted);
  });
});
