import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { asked } from "./patient.fixture.js";
import { run } from "./process.js";

/** Compiled, for child processes of the tests. */
const compiled = pathToFileURL(createRequire(import.meta.url).resolve("quiesce/spec/tlc/base/process")).href;

/** Does the process exist, and is it more than an entry that nobody has collected? */
function lives(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** Waits until the process is gone; false when it is still there after two seconds. */
async function goes(pid: number): Promise<boolean> {
  for (let i = 0; i < 1500 && lives(pid); i++) await new Promise((resolve) => setTimeout(resolve, 20));
  return !lives(pid);
}

/** A shell that starts another process, prints its id, and waits; with `stubborn`, both ignore SIGTERM. */
const family = (stubborn = false): string[] => [
  "-c",
  `${stubborn ? 'trap "" TERM;' : ""} sleep 60 & echo $!; wait; wait; sleep 60`,
];

describe("run", () => {
  it("returns the exit code and what was written", async () => {
    const result = await run("sh", ["-c", "echo out; echo err >&2; exit 3"]);
    expect(result).toMatchObject({ exitCode: 3, stdout: "out\n", stderr: "err\n", aborted: false });
    expect(result.signal).toBeUndefined();
  });

  it("says that a program is missing", async () => {
    const result = await run("no-such-program-of-quiesce", []);
    expect(result).toMatchObject({ missing: true, timedOut: false, aborted: false });
    expect(result.exitCode).toBeUndefined();
    expect(result.failure).toContain("ENOENT");
  });

  it("says that a folder to run in is missing without calling the program missing", async () => {
    const result = await run("sh", ["-c", "true"], { cwd: "/no/such/folder" });
    expect(result.exitCode).toBeUndefined();
    expect(result).toMatchObject({ missing: false, failure: expect.stringContaining("/no/such/folder") });
  });

  it("names the signal that ended a program", async () => {
    expect(await run("sh", ["-c", "kill -KILL $$"])).toMatchObject({ signal: "SIGKILL", timedOut: false });
  });

  it("sets, adds and removes environment variables", async () => {
    const env = { QUIESCE_A: "a", HOME: undefined };
    const result = await run("sh", ["-c", 'echo "$QUIESCE_A-$HOME-$PATH"'], { env });
    expect(result.stdout).toBe(`a--${process.env["PATH"]}\n`);
  });

  it("ends the whole group on an abort, even processes that ignore SIGTERM", async () => {
    for (const [stubborn, graceMs] of [[false, 5000] as const, [true, 50] as const, [true, 0] as const]) {
      const stop = new AbortController();
      let pid = 0;
      const result = await run("sh", family(stubborn), {
        signal: stop.signal,
        graceMs,
        onStdout: (chunk) => {
          pid = Number(chunk);
          stop.abort();
        },
      });
      expect(result).toMatchObject({ aborted: true, timedOut: false });
      expect(result.seconds).toBeLessThan(30);
      expect(pid).toBeGreaterThan(1);
      expect(await goes(pid)).toBe(true);
    }
  });

  it("ends the whole group on a time limit", async () => {
    // A shell that comes to nothing in its time has told no process, and doesn't ignore anything yet.
    const result = await asked(
      () => run("sh", family(true), { timeoutMs: 300, graceMs: 50 }),
      ({ stdout }) => stdout !== "",
    );
    expect(result).toMatchObject({ timedOut: true, aborted: false, signal: "SIGKILL" });
    expect(await goes(Number(result.stdout))).toBe(true);
  });

  it("leaves no process that a program started and detached", async () => {
    const result = await run("sh", ["-c", "sleep 60 >/dev/null 2>&1 & echo $!"]);
    expect(result.exitCode).toBe(0);
    expect(await goes(Number(result.stdout))).toBe(true);
  });

  it("starts nothing when the signal is already aborted", async () => {
    const result = await run("sh", ["-c", "echo started"], { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ aborted: true, stdout: "" });
  });

  it("ends the program and rethrows what a callback throws", async () => {
    let pid = 0;
    const failing = run("sh", family(), {
      onStdout: (chunk) => {
        pid = Number(chunk);
        throw new Error("cannot read this");
      },
    });
    await expect(failing).rejects.toThrow("cannot read this");
    expect(await goes(pid)).toBe(true);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("leaves no orphan when %s ends us", async (signal) => {
    const script = `import { run } from ${JSON.stringify(compiled)};
      await run("sh", ${JSON.stringify(family(true))}, { onStdout: (chunk) => process.stdout.write(chunk) });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];
    child.kill(signal);
    const [, endedBy] = (await once(child, "exit")) as [number | null, string | null];
    expect(endedBy).toBe(signal);
    expect(await goes(Number(chunk.toString()))).toBe(true);
  });

  it("leaves no orphan when an exception ends us", async () => {
    const script = `import { run } from ${JSON.stringify(compiled)};
      run("sh", ${JSON.stringify(family(true))}, { onStdout: (chunk) => {
        process.stdout.write(chunk);
        setTimeout(() => { throw new Error("unforeseen"); }, 10);
      } });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];
    const [code] = (await once(child, "exit")) as [number | null];
    expect(code).toBe(1);
    expect(await goes(Number(chunk.toString()))).toBe(true);
  });

  it("keeps no listener once nothing runs", async () => {
    const before = process.listenerCount("SIGINT");
    const running = run("sh", ["-c", "sleep 0.1"]);
    expect(process.listenerCount("SIGINT")).toBe(before + 1);
    await running;
    expect(process.listenerCount("SIGINT")).toBe(before);
  });
});
