import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PINS, sha256 } from "../../../spec/tlc/tools/pins.js";
import {
  COUNTER,
  claim,
  complaintsIn,
  createFolder,
  module,
  PROGRAM,
  quiesce,
} from "./shared/program.fixture.js";
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
/** A file system of our own that is small: not every container lets us. */
const canMount = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;
const withoutJava = { PATH: join(folder.path, "nothing"), JAVA_HOME: undefined };

/** The path of TLC's jar on this machine. */
async function jarOfDoctor(): Promise<string> {
  const { stdout } = await quiesce(["doctor", "--json"]);
  const { findings } = JSON.parse(stdout) as { findings: { name: string; value: string }[] };
  return findings.find(({ name }) => name === "jar")?.value ?? "";
}

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
    const env = { QUIESCE_CACHE: join(folder.path, "file", "cache"), TLA2TOOLS_JAR: await jarOfDoctor() };
    const { code, stdout } = await quiesce(["check", path], { env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/1 of 1 as declared/) });
  });

  it("HOME: is not needed", async () => {
    const { code, stdout } = await quiesce(["check", path], { env: { HOME: undefined } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/1 of 1 as declared/) });
  });

  it.each([
    ["JAVA_TOOL_OPTIONS", "-XX:+UseParallelGC -Xms300m"],
    [
      "_JAVA_OPTIONS",
      "-XX:+UseG1GC -XX:MaxRAMPercentage=3 -Djava.io.tmpdir=/nowhere -Duser.language=de -Duser.country=DE",
    ],
  ])("options for every Java: %s is given way to", async (name, options) => {
    const given = { JAVA_TOOL_OPTIONS: undefined, _JAVA_OPTIONS: undefined, [name]: options };
    const { code, stdout, stderr } = await quiesce(["check", path, "--no-cache"], { env: given });
    expect({ code, complaints: complaintsIn(stderr) }).toEqual({ code: 0, complaints: "" });
    expect(stdout).toMatch(/1 of 1 as declared/);
  });

  it("options for every Java: what Java does not take is passed on with the variable's name", async () => {
    const { code, stdout, stderr } = await quiesce(["check", path, "--no-cache"], {
      env: { JAVA_TOOL_OPTIONS: "-Xmx99999g" },
    });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(/^JAVA_TOOL_OPTIONS {2}Java does not start[\s\S]*Could not reserve enough space/);
  });

  it.runIf(process.getuid?.() === 0)(
    "a home: a user whom nobody knows has a folder of their own, or is told which can't be used",
    async () => {
      chmodSync(dirname(folder.path), 0o755);
      const java = dirname(realpathSync(spawnSync("which", ["java"], { encoding: "utf8" }).stdout.trim()));
      const temporary = createFolder("temporary");
      chmodSync(dirname(temporary.path), 0o755);
      const jar = join(temporary.path, "quiesce-cache-54321", "jar");
      mkdirSync(jar, { recursive: true });
      const content = readFileSync(await jarOfDoctor());
      const pin = PINS.find((one) => one.sha256 === sha256(content));
      writeFileSync(join(jar, pin?.file ?? ""), content);
      for (const path of [temporary.path, dirname(jar), jar]) chownSync(path, 54_321, 54_321);
      const run = (
        args: readonly string[],
        env: Readonly<Record<string, string | undefined>> = {},
      ): { status: number | null; stdout: string; stderr: string } =>
        spawnSync(process.execPath, [PROGRAM, ...args], {
          uid: 54_321,
          gid: 54_321,
          encoding: "utf8",
          env: {
            PATH: java,
            TMPDIR: temporary.path,
            QUIESCE_JAR_URL: "http://127.0.0.1:1/tla2tools.jar",
            ...env,
          },
        });
      const compiler = {
        PATH: `${java}:${process.env["PATH"]}`,
        TLA2TOOLS_JAR: join(jar, pin?.file ?? ""),
        // Never compiled before, so that nothing of the checkout, which they may not write, can be taken.
        CC: `cc -DRUN_${process.pid}`,
      };
      chmodSync(dirname(jar), 0o700);
      expect(run(["check", path])).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/1 of 1 as declared/),
      });
      expect(run(["doctor"], compiler).stdout).toMatch(/✓ membarrier/);
      expect(readdirSync(join(dirname(jar), "native")).join(" ")).toMatch(/addon-[0-9a-f]+\.node/);

      rmSync(join(dirname(jar), "native"), { recursive: true });
      chmodSync(dirname(jar), 0o777);
      expect(run(["check", path])).toMatchObject({
        status: 3,
        stderr: expect.stringMatching(
          /TLC's jar was not found[\s\S]*\/dev\/null\/\.cache\/quiesce\/jar: nothing there\n/,
        ),
      });
      expect(run(["doctor"], compiler).stdout).toMatch(
        /✗ membarrier .*\n +what is compiled can't be kept here, and neither can .*\/build\/native: a part of/,
      );
      temporary.remove();
    },
  );

  it.runIf(canMount)("room: a full TMPDIR ends with 3 and is named", async () => {
    const small = createFolder("small");
    const script = `mount -t tmpfs -o size=1m none "$TMPDIR" && { head -c 2000000 /dev/zero > "$TMPDIR/all"; "$@"; ls "$TMPDIR"; }`;
    const program = [process.execPath, PROGRAM, "check", path, "--no-cache", "--json"];
    const { stdout } = spawnSync("unshare", ["-rm", "sh", "-c", script, "sh", ...program], {
      encoding: "utf8",
      env: { ...process.env, TMPDIR: small.path },
    });
    small.remove();
    const end = stdout.lastIndexOf("}") + 1;
    const { error } = validated<ShownError>("error", stdout.slice(0, end));
    expect(error).toMatchObject({
      exitCode: 3,
      where: small.path,
      message: `the disk is full: ${small.path}`,
    });
    expect(stdout.slice(end).trim()).toBe("all");
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
    expect(stdout).toMatch(/✗ membarrier {4}unknown: .* without a C compiler\n✓/);
    expect(stdout).toMatch(/apt-get install default-jre/);
    expect(stdout).toMatch(/Something is missing/);
  });

  it("says why the addon can't be built, and which package is missing", async () => {
    const { code, stdout } = await quiesce(["doctor"], { env: { CC: "cc -nostdinc" } });
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /✗ membarrier {4}unknown: .*\n +addon can't be compiled: cc -nostdinc ended.*\n[\s\S]*\.h[\s\S]*libc6-dev\n/,
    );
  });
});
