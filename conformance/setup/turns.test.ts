import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
    expect(waiting).toContain("waiting for another one");
    expect(existsSync(lock)).toBe(false);
  });

  it("ignores the lock of a process that was killed", () => {
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    writeFileSync(lock, String(gone));
    const { stdout, stderr } = spawnSync(process.execPath, taker(), {
      input: "",
      encoding: "utf8",
      timeout: 120_000,
    });
    expect({ stdout, stderr }).toEqual({ stdout: "in\nout\n", stderr: "" });
  });
});
