import { join } from "node:path";
import { type Compiler, commandWords, STRICT } from "../../native/js/compiler.js";
import { BadInputError, EnvironmentError, throwIfInterrupted } from "../../spec/tlc/base/errors.js";
import { run } from "../../spec/tlc/base/process.js";
import { INCLUDE_FOLDERS } from "./sources.js";

/** A compiler is a few times slower on a busy machine; no source takes a second on a quiet one. */
const LIMIT_MS = 120_000;

/** What is used where nobody says what: those of these that are there. */
const USUAL = ["gcc", "clang"];

/**
 * The compilers that `--cc` names, separated by commas; without it gcc and clang, where they are, or cc.
 *
 * @throws BadInputError for one that can't be started; EnvironmentError when there is none
 */
export async function findCompilers(asked: string | undefined, signal?: AbortSignal): Promise<Compiler[]> {
  if (asked !== undefined) {
    const names = [...new Set(asked.split(",").map((name) => name.trim()))];
    const found: Compiler[] = [];
    for (const name of names) {
      const compiler = await compilerOf(name, signal);
      if (compiler === undefined)
        throw new BadInputError(`"${name}" can't be started as a compiler`, {
          where: "--cc",
          hint: "Name C compilers as gcc and clang do their options, separated by commas: --cc gcc,clang",
        });
      found.push(compiler);
    }
    return found;
  }
  const usual = await Promise.all(USUAL.map((name) => compilerOf(name, signal)));
  const found = usual.flatMap((one) => one ?? []);
  const other = found.length === 0 ? await compilerOf("cc", signal) : undefined;
  if (other !== undefined) found.push(other);
  if (found.length === 0)
    throw new EnvironmentError("no C compiler was found", {
      hint: "Tried: gcc, clang, cc. Debian, Ubuntu:  sudo apt-get install gcc libc6-dev",
    });
  return found;
}

async function compilerOf(text: string, signal: AbortSignal | undefined): Promise<Compiler | undefined> {
  const command = commandWords(text);
  if (command === undefined) return undefined;
  const [program, ...options] = command;
  const asked = await run(program, [...options, "--version"], {
    timeoutMs: LIMIT_MS,
    ...(signal && { signal }),
  });
  throwIfInterrupted(signal);
  if (asked.exitCode !== 0) return undefined;
  return { command, version: asked.stdout.split("\n")[0] ?? "" };
}

/**
 * Runs a compiler. `folder` is for files of its own, `sources` has the headers.
 *
 * @throws EnvironmentError with what it said; Interrupted
 */
export async function compileWith(
  { command }: Compiler,
  what: string,
  options: readonly string[],
  {
    folder,
    signal,
    sources,
  }: { readonly folder: string; readonly signal: AbortSignal; readonly sources: string },
): Promise<void> {
  const [program, ...first] = command;
  const includes = INCLUDE_FOLDERS.map((name) => `-I${join(sources, name)}`);
  const all = [...first, ...OPTIONS, ...includes, ...options];
  const ended = await run(program, all, { env: { TMPDIR: folder }, signal, timeoutMs: LIMIT_MS });
  throwIfInterrupted(signal);
  if (ended.exitCode === 0) return;
  const how = ended.timedOut
    ? `did not end within ${LIMIT_MS / 1000} s`
    : ended.signal !== undefined
      ? `was ended by ${ended.signal}`
      : `ended with exit code ${ended.exitCode}`;
  throw new EnvironmentError(`${what} can't be compiled: ${command.join(" ")} ${how}`, {
    hint: ended.stderr.trim() || ended.failure || `The command was: ${program} ${all.join(" ")}`,
  });
}

const OPTIONS = [...STRICT, "-O2", "-pthread"];
