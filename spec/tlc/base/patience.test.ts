import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Patience } from "./patience.js";

/** Nothing else runs in this process meanwhile. */
function stopFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** What it has written is in its pipe by then. */
function hasEnded(pid: number): boolean {
  return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

describe("Patience", () => {
  it("is over when nothing is heard", async () => {
    const began = performance.now();
    await new Promise<void>((resolve) => new Patience(80, resolve).begin());
    expect(performance.now() - began).toBeGreaterThanOrEqual(79);
  });

  it("is not when this process was stopped for longer, and what it waits for has come meanwhile", async () => {
    const speaker = spawn("sh", ["-c", "echo here"], { stdio: ["ignore", "pipe", "ignore"] });
    const [limitMs, began] = [200, performance.now()];
    const told = new Promise<string>((resolve) => {
      const patience = new Patience(limitMs, () => resolve("over"));
      patience.begin();
      speaker.stdout.once("data", () => {
        patience.end();
        resolve("heard");
      });
    });
    while (performance.now() - began < 2 * limitMs || !hasEnded(speaker.pid ?? 0)) stopFor(20);
    expect(await told).toBe("heard");
  });

  it("is not over any more once it has ended, and begins anew", async () => {
    const calls: string[] = [];
    const patience = new Patience(8, () => calls.push("over"));
    patience.begin();
    patience.end();
    await new Promise<void>((resolve) => new Patience(80, resolve).begin());
    expect(calls).toEqual([]);
  });
});
