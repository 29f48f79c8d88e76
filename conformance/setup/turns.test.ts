import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const TURNS = fileURLToPath(new URL("turns.mjs", import.meta.url));
let folder: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quiesce-turns-"));
  lock = join(folder, "setup.lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program that takes its turn, says so, and stays until its input ends. */
function taker(): string[] {
  const text = `const { takeTurns } = await import(${JSON.stringify(TURNS)});
    takeTurns(${JSON.stringify(lock)});
    console.log("in");
    process.stdin.resume().once("end", () => console.log("out"));`;
  return ["--input-type=module", "-e", text];
}

describe("the turns of set-ups in one folder", () => {
  it("lets a second one in when the first is out", async () => {
    const said: string[] = [];
    const first = spawn(process.execPath, taker());
    first.stdout.on("data", (text) => said.push(`first ${String(text).trim()}`));
    await new Promise((resolve) => first.stdout.once("data", resolve));
    const second = spawn(process.execPath, taker());
    second.stdin.end();
    let waiting = "";
    second.stderr.on("data", (text) => {
      waiting += text;
      first.stdin.end();
    });
    second.stdout.once("data", () => said.push("second in"));
    await Promise.all([first, second].map((child) => new Promise((resolve) => child.on("close", resolve))));
    expect(said).toEqual(["first in", "first out", "second in"]);
    expect(waiting).toContain(`waiting for another one, process ${first.pid}, in this folder`);
    expect(waiting).toContain(`Its lock: ${lock}\n`);
    expect(existsSync(lock)).toBe(false);
  });

  it("ignores the lock of a process that was killed, and had the number that we have now", () => {
    const where = { boot: boot(), namespace: readlinkSync("/proc/self/ns/pid") };
    // The taker first leaves a lock as an earlier owner of its number would have.
    const text = `const { writeFileSync } = await import("node:fs");
      const lock = ${JSON.stringify(lock)};
      writeFileSync(lock, JSON.stringify({ pid: process.pid, started: "1", ...${JSON.stringify(where)} }));
      (await import(${JSON.stringify(TURNS)})).takeTurns(lock);
      console.log("in");`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", text], {
      encoding: "utf8",
      timeout: 120_000,
    });
    expect({ stdout, stderr, left: readdirSync(folder) }).toEqual({ stdout: "in\n", stderr: "", left: [] });
  });

  it("ignores the lock of a process whose number has another owner now, or none", () => {
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    const where = { boot: boot(), namespace: readlinkSync("/proc/self/ns/pid") };
    for (const pid of [process.pid, process.ppid, gone]) {
      writeFileSync(lock, JSON.stringify({ pid, started: "1", ...where }));
      const { stdout, stderr } = spawnSync(process.execPath, taker(), {
        input: "",
        encoding: "utf8",
        timeout: 120_000,
      });
      expect({ stdout, stderr }).toEqual({ stdout: "in\nout\n", stderr: "" });
    }
  });

  it.each([
    ["another container", () => ({ boot: boot(), namespace: "pid:[1]" })],
    ["another machine", () => ({ boot: "another", namespace: "pid:[1]" })],
  ])("believes the lock of %s while its owner shows that it lives", async (_, where) => {
    writeFileSync(lock, JSON.stringify({ pid: 1, started: "1", ...where() }));
    const second = spawn(process.execPath, taker());
    second.stdin.end();
    await new Promise((resolve) => second.stderr.once("data", resolve));
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(lock, longAgo, longAgo);
    const code = await new Promise((resolve) => second.on("close", resolve));
    expect(code).toBe(0);
  });
});

function boot(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
