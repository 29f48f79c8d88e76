import { spawn } from "node:child_process";
import { Interrupted, throwIfInterrupted } from "../../spec/tlc/base/errors.js";
import { CompileError, CompilerMissingError } from "./errors.js";

const FALLBACKS = ["cc", "gcc", "clang"];

/** Warnings are errors, in every build. */
export const STRICT = [
  "-std=c11",
  "-Wall",
  "-Wextra",
  "-Wpedantic",
  "-Werror",
  "-Wshadow",
  "-Wconversion",
  "-Wstrict-prototypes",
  "-Wmissing-prototypes",
  "-Wundef",
  "-Wvla",
] as const;

/** A C compiler that could be started: the words of its command, and what it says about its version. */
export interface Compiler {
  readonly command: readonly [string, ...string[]];
  readonly version: string;
}

interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

let found: Promise<Compiler> | undefined;

/**
 * The C compiler: the command in the variable CC if it is set, else the first of cc, gcc and clang that starts.
 *
 * @throws CompilerMissingError when there is none, with the command that installs one
 */
export function findCompiler(): Promise<Compiler> {
  found ??= search().catch((error: unknown) => {
    found = undefined;
    throw error;
  });
  return found;
}

async function search(): Promise<Compiler> {
  const given = process.env["CC"]?.trim();
  for (const candidate of given ? [given] : FALLBACKS) {
    const [program, ...options] = candidate.split(/\s+/);
    if (program === undefined) continue;
    const result = await run([program, ...options, "--version"]).catch(() => undefined);
    if (result?.code === 0)
      return { command: [program, ...options], version: result.stdout.split("\n")[0] ?? "" };
  }
  throw new CompilerMissingError(given ? `CC=${given} can't be started` : "no C compiler was found", {
    hint:
      `${given ? "Set CC to a C11 compiler, or unset it." : `Tried: ${FALLBACKS.join(", ")}.`}\n` +
      "Debian, Ubuntu:  sudo apt-get install gcc libc6-dev\nFedora:          sudo dnf install gcc glibc-devel",
  });
}

/**
 * Runs the compiler.
 *
 * @param what what is being built, for messages
 * @param temporary the folder for the compiler's own files: it leaves them behind when it is ended
 * @throws CompileError when it refuses, with what it said; Interrupted when the signal is aborted
 */
export async function compile(
  what: string,
  options: readonly string[],
  { signal, temporary }: { readonly signal?: AbortSignal | undefined; readonly temporary?: string } = {},
): Promise<void> {
  const { command } = await findCompiler();
  const env = temporary === undefined ? process.env : { ...process.env, TMPDIR: temporary };
  const result = await run([...command, ...options], signal, env);
  if (result.code === 0) return;
  const how = result.signal ? `was ended by ${result.signal}` : `ended with exit code ${result.code}`;
  throw new CompileError(`${what} can't be compiled: ${command.join(" ")} ${how}`, {
    hint: result.stderr.trim() || `The command was: ${command.join(" ")} ${options.join(" ")}`,
  });
}

/**
 * Runs a program to its end and collects what it writes. It has a process group of its own, which ends with the signal
 * and with our process. Rejects when it can't be started.
 */
export function run(
  command: readonly [string, ...string[]],
  signal?: AbortSignal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Finished> {
  throwIfInterrupted(signal);
  return new Promise((resolve, reject) => {
    const [program, ...rest] = command;
    const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"], env, detached: true });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const stop = (): void => killGroup(child.pid);
    signal?.addEventListener("abort", stop, { once: true });
    // Before what removes its files.
    process.prependOnceListener("exit", stop);
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", (error) => {
      process.removeListener("exit", stop);
      reject(error);
    });
    child.on("close", (code, ended) => {
      process.removeListener("exit", stop);
      signal?.removeEventListener("abort", stop);
      if (signal?.aborted) return reject(new Interrupted());
      resolve({
        code,
        signal: ended,
        stdout: String(Buffer.concat(stdout)),
        stderr: String(Buffer.concat(stderr)),
      });
    });
  });
}

/** A compiler is a program that starts others; one that is gone already is fine. */
function killGroup(group: number | undefined): void {
  if (group === undefined) return;
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // ESRCH: no such group any more.
  }
}
