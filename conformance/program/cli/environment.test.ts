import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { COUNTER, claim, createFolder, module, quiesce } from "./shared/program.fixture.js";
import { type ShownError, validated } from "./shared/schema.fixture.js";

const folder = createFolder();
afterAll(() => folder.remove());
folder.write({
  "Counter.tla": module("Counter", COUNTER),
  "Counter.cfg": claim("Verdict: holds\nStates: 4"),
  "text.jar": "no jar",
  "bin/java": "#!/bin/sh\necho 'java version \"1.8.0_392\"' >&2\n",
  file: "",
});
chmodSync(join(folder.path, "bin", "java"), 0o755);
mkdirSync(join(folder.path, "nothing"));
const path = join(folder.path, "Counter.cfg");
const withoutJava = { PATH: join(folder.path, "nothing"), JAVA_HOME: undefined };

describe("what the machine lacks", () => {
  it("Java: ends with 3 and the command that installs it", async () => {
    const { code, stdout, stderr } = await quiesce(["check", path], { env: withoutJava });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(
      /^quiesce: Java was not found[\s\S]*java on PATH: not there\n[\s\S]*apt-get install/,
    );
    const json = await quiesce(["check", path, "--json"], { env: withoutJava });
    expect(validated<ShownError>("error", json.stdout).error.exitCode).toBe(3);
    expect(json.stderr).toBe("");
  });

  it("Java: one that is too old does not count", async () => {
    const { code, stderr } = await quiesce(["check", path], {
      env: { PATH: `${join(folder.path, "bin")}:/bin`, JAVA_HOME: undefined },
    });
    expect(code).toBe(3);
    expect(stderr).toMatch(/version 1\.8\.0_392 is too old/);
  });

  it.each([
    ["nowhere.jar", /^TLA2TOOLS_JAR {2}.*nowhere\.jar, which does not exist\n {2}Set it to/],
    ["text.jar", /^TLA2TOOLS_JAR {2}.*text\.jar, which is not a jar\n {2}Set it to/],
    [".", /^TLA2TOOLS_JAR {2}.*which is a folder\n/],
  ])("TLC's jar: TLA2TOOLS_JAR=%s is named, with what to do", async (jar, message) => {
    const { code, stdout, stderr } = await quiesce(["check", path], {
      env: { TLA2TOOLS_JAR: join(folder.path, jar) },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  it("a cache that can't be written: everything works without it", async () => {
    const doctor = await quiesce(["doctor", "--json"]);
    const jar = (JSON.parse(doctor.stdout) as { findings: { name: string; value: string }[] }).findings.find(
      ({ name }) => name === "jar",
    )?.value;
    const env = { QUIESCE_CACHE: join(folder.path, "file", "cache"), TLA2TOOLS_JAR: jar };
    const { code, stdout } = await quiesce(["check", path], { env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/1 of 1 as declared/) });
  });

  it("HOME: is not needed", async () => {
    const { code, stdout } = await quiesce(["check", path], { env: { HOME: undefined } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/1 of 1 as declared/) });
  });

  it("a temporary folder: ends with 3 and names TMPDIR", async () => {
    const { code, stderr } = await quiesce(["check", path, "--no-cache"], {
      env: { TMPDIR: join(folder.path, "file") },
    });
    expect(code).toBe(3);
    expect(stderr).toMatch(/TMPDIR/);
  });
});

describe("doctor", () => {
  it("reports what is there, as JSON that its schema documents", async () => {
    const { code, stdout, stderr } = await quiesce(["doctor", "--json"]);
    interface Shown {
      readonly ok: boolean;
      readonly findings: readonly { readonly name: string; readonly value: string }[];
    }
    const shown = validated<Shown>("doctor", stdout);
    expect({ code, stderr }).toEqual({ code: shown.ok ? 0 : 3, stderr: "" });
    const names = shown.findings.map(({ name }) => name);
    expect(names).toEqual([
      "Node",
      "Java",
      "TLC",
      "jar",
      "jar's sha256",
      "C compiler",
      "membarrier",
      "cores",
    ]);
  });

  it("reports everything that is missing, each with what to do, and ends with 3", async () => {
    const { code, stdout, stderr } = await quiesce(["doctor"], { env: { ...withoutJava, CC: undefined } });
    expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
    expect(stdout).toMatch(/✗ Java and TLC {2}Java was not found/);
    expect(stdout).toMatch(/✗ C compiler {4}no C compiler was found\n {16}Tried: /);
    expect(stdout).toMatch(/apt-get install default-jre/);
    expect(stdout).toMatch(/Something is missing/);
  });
});
