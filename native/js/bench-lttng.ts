import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createScratch } from "../../spec/tlc/base/scratch.js";
import { bytesBelow, type Written } from "./bench-disk.js";
import { run } from "./compiler.js";
import { BenchError } from "./errors.js";

/** LTTng, asked to record the measuring program's events. */
export interface LttngSession {
  readonly version: string;
  /** A flight recorder, as ours is: all measured events but bench:off and bench:switched are on. */
  readonly name: string;
  /** Meanwhile its daemon writes to disk, and what finds no room is lost; nothing is recorded to memory. */
  whileWriting<T>(run: () => Promise<T>): Promise<{ readonly result: T; readonly written: Written }>;
  end(): Promise<void>;
}

const WAIT_MS = 20_000;
const EVENTS = ["none", "four", "eight", "string"];

/** The same memory as ours: a program's thread has one buffer of that size, and LTTng's has one a processor. */
const TO_MEMORY = ["--overwrite", "--subbuf-size=128k", "--num-subbuf=2"];
/** 1 MiB a processor; our threads have their usual rings, which grow to 4 MiB. */
const TO_DISK = ["--discard", "--subbuf-size=256k", "--num-subbuf=4"];

/**
 * Makes a session for the measuring program's events. Where no session daemon runs, one of our own is started, which ends
 * with the session, and with this process, however that ends.
 *
 * @returns undefined where LTTng is not installed
 * @throws BenchError when it does not do what it is asked; Interrupted
 */
export async function startLttng(signal?: AbortSignal): Promise<LttngSession | undefined> {
  const asked = await run(["lttng", "--version"], signal).catch(() => undefined);
  if (asked?.code !== 0) return undefined;
  const name = `quiesce-bench-${process.pid}`;
  const daemon = await startDaemon(signal);
  const scratch = await createScratch("lttng");
  const destroy = async (session: string): Promise<void> => {
    // Without the signal: it is to be gone also when we are interrupted.
    await run(["lttng", "--no-sessiond", "destroy", "--no-wait", session]).catch(() => undefined);
  };
  const end = async (): Promise<void> => {
    await destroy(name);
    await endDaemon(daemon);
    await scratch.remove();
  };
  try {
    await makeSession(name, ["--snapshot", `--output=${join(scratch.path, "memory")}`], TO_MEMORY, signal);
  } catch (error) {
    await end();
    throw error;
  }

  async function whileWriting<T>(during: () => Promise<T>): Promise<{ result: T; written: Written }> {
    const disk = `${name}-disk`;
    const out = join(scratch.path, "disk");
    await lttng(["stop", name], signal);
    try {
      await makeSession(disk, [`--output=${out}`], TO_DISK, signal);
      const result = await during();
      await lttng(["stop", disk], signal);
      const told = await lttng(["list", disk], signal);
      const lost = [...told.matchAll(/Discarded events: (\d+)/g)].map(([, count]) => Number(count));
      if (lost.length === 0)
        throw new BenchError(`lttng list says nothing about lost events: ${told.slice(0, 200)}`);
      return { result, written: { lost: lost.reduce((sum, count) => sum + count), bytes: bytesBelow(out) } };
    } finally {
      await destroy(disk);
      rmSync(out, { recursive: true, force: true });
      if (signal?.aborted !== true) await lttng(["start", name], signal);
    }
  }
  return { version: asked.stdout.trim().split("\n")[0] ?? "", name, whileWriting, end };
}

async function lttng(words: readonly string[], signal: AbortSignal | undefined): Promise<string> {
  const { code, stdout, stderr } = await run(["lttng", "--no-sessiond", ...words], signal);
  if (code !== 0) throw new BenchError(`lttng ${words.join(" ")}: ${(stderr || stdout).trim()}`);
  return stdout;
}

async function makeSession(
  name: string,
  how: readonly string[],
  channel: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const where = ["--userspace", `--session=${name}`];
  await lttng(["create", name, ...how], signal);
  await lttng(["enable-channel", ...where, ...channel, "bench"], signal);
  for (const event of EVENTS)
    await lttng(["enable-event", ...where, "--channel=bench", `bench:${event}`], signal);
  await lttng(["start", name], signal);
}

async function answers(signal?: AbortSignal): Promise<boolean> {
  return (await run(["lttng", "--no-sessiond", "list"], signal)).code === 0;
}

/**
 * It lives as long as its standard input is open, so it ends with us also where we are killed; and in a session of its own,
 * so that a terminal's Ctrl-C is ours alone, and we end it when its sessions are destroyed.
 */
const GUARD = 'lttng-sessiond --no-kernel --quiet & d=$!; read -r _; kill "$d" 2>/dev/null; wait "$d"';

async function startDaemon(signal: AbortSignal | undefined): Promise<ChildProcess | undefined> {
  if (await answers(signal)) return undefined;
  const guard = spawn("/bin/sh", ["-c", GUARD], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  const failed = new Promise<string>((resolve) => {
    guard.once("error", ({ message }) => resolve(message));
    guard.once("exit", (code) => resolve(`it ended with ${code}`));
  });
  const began = performance.now();
  try {
    while (!(await answers(signal))) {
      const why = await Promise.race([
        failed,
        new Promise<undefined>((go) => setTimeout(go, 100, undefined)),
      ]);
      if (why !== undefined || performance.now() - began > WAIT_MS)
        throw new BenchError(`lttng-sessiond does not answer${why === undefined ? "" : `: ${why}`}`);
    }
  } catch (error) {
    await endDaemon(guard);
    throw error;
  }
  return guard;
}

async function endDaemon(guard: ChildProcess | undefined): Promise<void> {
  if (guard?.pid === undefined || guard.exitCode !== null || guard.signalCode !== null) return;
  const group = -guard.pid;
  const ended = new Promise((resolve) => guard.once("exit", resolve));
  guard.stdin?.on("error", () => undefined);
  guard.stdin?.end();
  const late = setTimeout(() => process.kill(group, "SIGKILL"), WAIT_MS);
  await ended;
  clearTimeout(late);
}
