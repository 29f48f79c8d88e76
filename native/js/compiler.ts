import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { Interrupted, throwIfInterrupted } from "../../spec/tlc/base/errors.js";
import { beforeExit } from "../../spec/tlc/base/last-rites.js";
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

/** A C compiler that could be started: the words of its command, its options included, and what it says about its version. */
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
 * The words of a command as CC has them: an existing program's path as it is, spaces included; else as a shell divides it,
 * with quotes and backslashes, but nothing of it is run by a shell. Undefined when there is no word, or a quote is open.
 */
export function commandWords(text: string): readonly [string, ...string[]] | undefined {
  const given = text.trim();
  if (given.includes("/") && isFile(given)) return [given];
  const words: string[] = [];
  const pattern = /\s*((?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+)(?=\s|$)/sy;
  for (let match = pattern.exec(given); match !== null; match = pattern.exec(given)) {
    const word = match[1] ?? "";
    words.push(
      word.replace(
        /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
        (_, single, double, escaped) => single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped,
      ),
    );
    if (pattern.lastIndex === given.length) break;
  }
  const [program, ...options] = words;
  return program === undefined || pattern.lastIndex !== given.length ? undefined : [program, ...options];
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

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
    const command = commandWords(candidate);
    if (command === undefined) continue;
    const result = await run([...command, "--version"]).catch(() => undefined);
    if (result?.code === 0) return { command, version: result.stdout.split("\n")[0] ?? "" };
  }
  throw new CompilerMissingError(given ? `CC=${given} can't be started` : "no C compiler was found", {
    ...(given && { where: "CC" }),
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
  const words = result.stderr.trim() || `The command was: ${command.join(" ")} ${options.join(" ")}`;
  throw new CompileError(`${what} can't be compiled: ${command.join(" ")} ${how}`, {
    hint: [words, ...(lacksLibrary(result.stderr) ? [INSTALL_LIBRARY] : [])].join("\n"),
  });
}

/** A compiler without what the C library's package for developers brings says so in one of these ways. */
const HEADER = new RegExp(
  "^(?:assert|ctype|dlfcn|errno|fcntl|features|inttypes|limits|math|poll|pthread|sched|signal|std\\w+|string|time|" +
    "unistd|(?:asm|bits|gnu|linux|sys)/.+)\\.h$",
);
const INSTALL_LIBRARY =
  "The C library's headers or objects are missing here.\n" +
  "Debian, Ubuntu:  sudo apt-get install libc6-dev\nFedora:          sudo dnf install glibc-devel";

/**
 * Does a compiler's output say that the C library's headers or objects aren't there? gcc and clang are often installed
 * without them.
 */
export function lacksLibrary(stderr: string): boolean {
  const header = /fatal error: '?([\w./-]+?)'?(?:: No such file| file not found)/.exec(stderr)?.[1];
  if (header !== undefined) return HEADER.test(header);
  return /cannot find (?:-lc|-lpthread|\S*crt[1i]\.o)\b/.test(stderr);
}

/**
 * Runs a program to its end and collects what it writes. It has a process group of its own, which ends with the signal
 * and with our process. Rejects when it can't be started.
 *
 * @param graceMs so long it has after the signal to end by itself, with what it has by then, which is returned
 */
export function run(
  command: readonly [string, ...string[]],
  signal?: AbortSignal,
  env: NodeJS.ProcessEnv = process.env,
  graceMs = 0,
): Promise<Finished> {
  throwIfInterrupted(signal);
  return new Promise((resolve, reject) => {
    const [program, ...rest] = command;
    const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"], env, detached: true });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let late: NodeJS.Timeout | undefined;
    const stop = (): void => killGroup(child.pid, "SIGKILL");
    const onAbort = (): void => {
      if (graceMs === 0) {
        stop();
        return;
      }
      killGroup(child.pid, "SIGTERM");
      late = setTimeout(stop, graceMs);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    // Before what removes its files, which was registered earlier.
    const forget = beforeExit(stop);
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", (error) => {
      forget();
      reject(error);
    });
    child.on("close", (code, ended) => {
      forget();
      signal?.removeEventListener("abort", onAbort);
      clearTimeout(late);
      if (signal?.aborted && (graceMs === 0 || code !== 0)) return reject(new Interrupted());
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
function killGroup(group: number | undefined, how: NodeJS.Signals): void {
  if (group === undefined) return;
  try {
    process.kill(-group, how);
  } catch {
    // ESRCH: no such group any more.
  }
}
