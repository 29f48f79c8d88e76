import { existsSync } from "node:fs";
import { execa } from "execa";
import { beforeExit } from "./last-rites.js";
import { killMarked, newMark } from "./marked.js";

/** How to run a program. */
export interface RunOptions {
  readonly cwd?: string;
  /** Added to our own environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends the program immediately, with everything that it started. */
  readonly signal?: AbortSignal;
  /** Ends it after this many milliseconds. */
  readonly timeoutMs?: number;
  /** From SIGTERM to SIGKILL, in milliseconds (default 500); 0 sends SIGKILL immediately. */
  readonly graceMs?: number;
  /** What it reads; its input then stays open until it ends. Without this, there is nothing to read. */
  readonly input?: Uint8Array;
  /** Called when it has been started; `write` gives it more to read. Its input stays open until it or `close` ends it. */
  readonly onStart?: (write: (text: string) => void, pid: number | undefined, close: () => void) => void;
  /**
   * Ends processes, too, that it has started in sessions of their own, so that its process group is not theirs: they are
   * found by what is in their environment. For programs that we know nothing of.
   */
  readonly sweep?: boolean;
  /** Receives the output as it comes; `stdout` of the result then stays empty. */
  readonly onStdout?: (chunk: string) => void;
  readonly onStderr?: (chunk: string) => void;
}

/** How a program ended. */
export interface RunResult {
  /** Undefined when a signal ended it or it never started. */
  readonly exitCode?: number;
  /** The signal that ended it. */
  readonly signal?: string;
  /** It ran longer than `timeoutMs` and was ended. */
  readonly timedOut: boolean;
  /** The AbortSignal ended it. */
  readonly aborted: boolean;
  /** There is no such program. */
  readonly missing: boolean;
  /** Why it couldn't be started, when it couldn't. */
  readonly failure?: string;
  /** The last MiB of what it wrote, where no callback took it. */
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** How much is kept of an output that nobody takes, in characters. */
const KEPT = 1 << 20;
/** How long we go on reading when the program has ended, and somebody still has its output open. */
const LINGER_MS = 2000;

/**
 * Runs a program to its end. It gets a process group of its own, and the whole group is gone when this returns,
 * throws, or our process ends. Never throws for what the program does; rethrows what a callback throws.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const started = performance.now();
  const nothing = { timedOut: false, missing: false, stdout: "", stderr: "", seconds: 0 };
  if (options.signal?.aborted) return { ...nothing, aborted: true };

  const output = { stdout: "", stderr: "" };
  let ended: "timeout" | "abort" | "callback" | undefined;
  let thrown: unknown;
  let toKill: NodeJS.Timeout | undefined;

  const mark = options.sweep ? newMark() : undefined;
  const child = execa(command, args, {
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    env: { ...options.env, ...mark },
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdin: options.input === undefined && options.onStart === undefined ? "ignore" : "pipe",
  });
  // A program need not read all of it.
  child.stdin?.on("error", () => undefined);
  if (options.input !== undefined) child.stdin?.write(options.input);
  options.onStart?.(
    (text) => child.stdin?.write(text),
    child.pid,
    () => child.stdin?.end(),
  );
  const group = child.pid;
  const forget = beforeExit(() => {
    killGroup(group, "SIGKILL");
    if (mark !== undefined) killMarked(mark);
  });

  function end(why: "timeout" | "abort" | "callback"): void {
    if (ended !== undefined) return;
    ended = why;
    const grace = options.graceMs ?? 500;
    killGroup(group, grace === 0 ? "SIGKILL" : "SIGTERM");
    if (grace > 0) toKill = setTimeout(() => killGroup(group, "SIGKILL"), grace);
  }
  function take(stream: "stdout" | "stderr", callback: ((chunk: string) => void) | undefined): void {
    child[stream].setEncoding("utf8");
    child[stream].on("data", (chunk: string) => {
      if (ended === "callback") return;
      if (callback === undefined) {
        output[stream] = (output[stream] + chunk).slice(-KEPT);
        return;
      }
      try {
        callback(chunk);
      } catch (error) {
        thrown = error;
        end("callback");
      }
    });
  }
  take("stdout", options.onStdout);
  take("stderr", options.onStderr);

  // What it has started and left behind could keep its output open for ever.
  let lingering: NodeJS.Timeout | undefined;
  child.once("exit", () => {
    if (mark !== undefined) killMarked(mark);
    lingering = setTimeout(() => {
      killGroup(group, "SIGKILL");
      child.stdout.destroy();
      child.stderr.destroy();
    }, LINGER_MS);
  });

  const onAbort = (): void => end("abort");
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const limit =
    options.timeoutMs === undefined ? undefined : setTimeout(() => end("timeout"), options.timeoutMs);
  try {
    const result = await child;
    if (ended === "callback") throw thrown;
    return {
      ...output,
      ...(result.exitCode !== undefined && { exitCode: result.exitCode }),
      ...(result.signal !== undefined && { signal: result.signal }),
      timedOut: ended === "timeout",
      aborted: ended === "abort",
      // A missing folder has the same code.
      missing: result.code === "ENOENT" && (options.cwd === undefined || existsSync(options.cwd)),
      ...(group === undefined && { failure: result.originalMessage ?? result.shortMessage ?? "unknown" }),
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    clearTimeout(limit);
    clearTimeout(toKill);
    clearTimeout(lingering);
    options.signal?.removeEventListener("abort", onAbort);
    // What the program itself started and left behind.
    killGroup(group, "SIGKILL");
    if (mark !== undefined) killMarked(mark);
    forget();
  }
}

/** Sends a signal to a whole process group; one that is gone already is fine. */
function killGroup(group: number | undefined, signal: NodeJS.Signals): void {
  if (group === undefined) return;
  try {
    process.kill(-group, signal);
  } catch {
    // ESRCH: no such group any more.
  }
}
