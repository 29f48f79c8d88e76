import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./compiler.js";
import { BenchError } from "./errors.js";

/** An LTTng session in which all measured events but bench:off are on, and recorded to memory. */
export interface LttngSession {
  readonly version: string;
  end(): Promise<void>;
}

const WAIT_MS = 20_000;
const EVENTS = ["none", "four", "eight", "string"];

/**
 * Makes a session for the measuring program's events: a flight recorder, as ours is. Where no session daemon runs, one of
 * our own is started, which ends with the session.
 *
 * @returns undefined where LTTng is not installed
 * @throws BenchError when it does not do what it is asked
 */
export async function startLttng(signal?: AbortSignal): Promise<LttngSession | undefined> {
  const asked = await run(["lttng", "--version"], signal).catch(() => undefined);
  if (asked?.code !== 0) return undefined;
  const name = `quiesce-bench-${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), "quiesce-lttng-"));
  const daemon = await startDaemon(signal);
  const lttng = async (...words: string[]): Promise<void> => {
    const { code, stdout, stderr } = await run(["lttng", "--no-sessiond", ...words], signal);
    if (code !== 0) throw new BenchError(`lttng ${words.join(" ")}: ${(stderr || stdout).trim()}`);
  };
  const end = async (): Promise<void> => {
    // Without the signal: it is to be gone also when we are interrupted.
    await run(["lttng", "--no-sessiond", "destroy", "--no-wait", name]).catch(() => undefined);
    await endDaemon(daemon);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await lttng("create", name, "--snapshot", `--output=${folder}`);
    const channel = ["--userspace", `--session=${name}`, "--channel=bench"];
    const [one = "", ...rest] = channel;
    await lttng(
      "enable-channel",
      one,
      ...rest.slice(0, 1),
      "--overwrite",
      "--subbuf-size=128k",
      "--num-subbuf=2",
      "bench",
    );
    for (const event of EVENTS) await lttng("enable-event", ...channel, `bench:${event}`);
    await lttng("start", name);
  } catch (error) {
    await end();
    throw error;
  }
  return { version: asked.stdout.trim().split("\n")[0] ?? "", end };
}

async function startDaemon(signal: AbortSignal | undefined): Promise<ChildProcess | undefined> {
  const answers = async (): Promise<boolean> =>
    (await run(["lttng", "--no-sessiond", "list"], signal)).code === 0;
  if (await answers()) return undefined;
  const daemon = spawn("lttng-sessiond", ["--no-kernel", "--quiet"], { stdio: "ignore" });
  const failed = new Promise<string>((resolve) => {
    daemon.once("error", ({ message }) => resolve(message));
    daemon.once("exit", (code) => resolve(`it ended with ${code}`));
  });
  const began = performance.now();
  while (!(await answers())) {
    const why = await Promise.race([failed, new Promise<undefined>((go) => setTimeout(go, 100, undefined))]);
    if (why !== undefined || performance.now() - began > WAIT_MS) {
      await endDaemon(daemon);
      throw new BenchError(`lttng-sessiond does not answer${why === undefined ? "" : `: ${why}`}`);
    }
  }
  return daemon;
}

async function endDaemon(daemon: ChildProcess | undefined): Promise<void> {
  if (
    daemon === undefined ||
    daemon.exitCode !== null ||
    daemon.signalCode !== null ||
    daemon.pid === undefined
  )
    return;
  const ended = new Promise((resolve) => daemon.once("exit", resolve));
  daemon.kill("SIGTERM");
  const late = setTimeout(() => daemon.kill("SIGKILL"), WAIT_MS);
  await ended;
  clearTimeout(late);
}
