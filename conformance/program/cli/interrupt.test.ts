import { execFileSync, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { claim, createFolder, ending, module, PROGRAM, quiesce, start } from "./shared/program.fixture.js";
import { type ShownError, validated } from "./shared/schema.fixture.js";

const folder = createFolder();
const temporary = join(folder.path, "tmp");
afterAll(() => folder.remove());
beforeAll(() => {
  mkdirSync(temporary);
  folder.write({
    "Endless.tla": module(
      "Endless",
      "CONSTANT Top\nVARIABLE x\nInit == x = 0\nNext == x' = x + 1\nSpec == Init /\\ [][Next]_x\nSmall == x >= 0",
    ),
    "Endless.cfg": claim("Verdict: holds"),
  });
});

/** Processes that have our temporary folder in their command line: the runs of TLC. */
function runsOfTlc(): string[] {
  const all = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8", maxBuffer: 1 << 26 });
  return all.split("\n").filter((line) => line.includes(temporary) && line.includes("tlc2.TLC"));
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 400) throw new Error("this does not happen within 20 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function interrupted(signal: NodeJS.Signals, ...more: string[]) {
  const child = start(["check", folder.path, ...more], { env: { TMPDIR: temporary } });
  const ended = ending(child);
  await until(() => runsOfTlc().length > 0);
  const sent = performance.now();
  child.kill(signal);
  return { ...(await ended), after: (performance.now() - sent) / 1000 };
}

describe("a run that is interrupted", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "by %s ends immediately and leaves nothing behind",
    async (signal) => {
      const { code, stdout, stderr, after } = await interrupted(signal);
      expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: "", stderr: "quiesce: interrupted\n" });
      expect(after).toBeLessThan(30);
      expect(runsOfTlc()).toEqual([]);
      expect(readdirSync(temporary)).toEqual([]);
    },
  );

  it("says so as JSON", async () => {
    const { code, stdout, stderr } = await interrupted("SIGINT", "--json");
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
    expect(validated<ShownError>("error", stdout).error).toEqual({ message: "interrupted", exitCode: 130 });
  });

  it("leaves nothing behind when its output is closed, either", async () => {
    const child = start(["check", "--list"], { env: { TMPDIR: temporary } });
    child.stdout?.destroy();
    const { code, signal, stderr } = await ending(child);
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: "" });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it.runIf(existsSync("/dev/full"))("says that its output can't be written", async () => {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [PROGRAM, "check", "--list"], { stdio: ["ignore", full, "pipe"] });
    expect(await ending(child)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^quiesce: the output can't/),
    });
    closeSync(full);
  });

  it("does not crash when nobody reads its errors", async () => {
    const child = start(["chek"]);
    child.stderr?.destroy();
    expect(await ending(child)).toMatchObject({ code: 2, signal: null });
  });
});

describe("paths", () => {
  it("when interrupted while TLC runs, ends immediately", async () => {
    const child = start(["paths", join(folder.path, "Endless.cfg")], { env: { TMPDIR: temporary } });
    const ended = ending(child);
    await until(() => runsOfTlc().length > 0);
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 130, stdout: "" });
    expect(runsOfTlc()).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe("doctor", () => {
  it("ends cleanly when head reads its output", async () => {
    const child = start(["doctor"]);
    child.stdout?.once("data", () => child.stdout?.destroy());
    expect((await ending(child)).stderr).toBe("");
    expect((await quiesce(["doctor"])).stdout).toContain("What this TLC can do");
  });
});
