import { dirname, extname, join } from "node:path";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import { commandWords, findCompiler, run } from "./compiler.js";
import { CompilerMissingError } from "./errors.js";
import { SOURCES } from "./root.js";

const CPLUSPLUS = new Set([".cc", ".cpp", ".cxx", ".C"]);

/** Whether a file is C or C++, by its name. */
export function isSource(file: string): boolean {
  return extname(file) === ".c" || CPLUSPLUS.has(extname(file));
}

/**
 * Compiles somebody's C or C++ file as a shared library. It finds driver.h and target.h by their names, and what stands
 * in its own folder. Its warnings are its own affair.
 *
 * @param folder an empty one, for the library and the compiler's own files
 * @returns the library's path
 * @throws BadInputError when the compiler refuses it, with the compiler's words; CompilerMissingError
 */
export async function compileForeign(file: string, folder: string, signal?: AbortSignal): Promise<string> {
  const plus = CPLUSPLUS.has(extname(file));
  const compiler = plus ? await findPlus(signal) : (await findCompiler()).command;
  const library = join(folder, "driver.so");
  const headers = ["replay", "drive", "include"].map((name) => `-I${join(SOURCES, name)}`);
  const options = [
    plus ? "-std=gnu++20" : "-std=gnu11",
    ...["-O2", "-g", "-fPIC", "-shared", "-pthread"],
    ...[`-I${dirname(file)}`, ...headers, file, "-o", library, "-Wl,--no-undefined", "-ldl"],
  ];
  const { code, stderr } = await run([...compiler, ...options], signal, { ...process.env, TMPDIR: folder });
  if (code === 0) return library;
  throw new BadInputError("the driver can't be compiled", {
    where: file,
    hint:
      `${beginning(stderr.trim())}\n` +
      "One of several files is built by yourself, as a shared library: --driver FILE.so",
  });
}

const SHOWN_LINES = 40;
const SHOWN_CHARACTERS = 8000;

/** A compiler may have a megabyte to say, and what counts comes first. */
function beginning(said: string): string {
  const lines = said.split("\n");
  const shown = lines.slice(0, SHOWN_LINES).join("\n").slice(0, SHOWN_CHARACTERS);
  return shown.length === said.length
    ? said
    : `${shown}\n... and more, ${lines.length.toLocaleString("en-US")} lines in all`;
}

async function findPlus(signal: AbortSignal | undefined): Promise<readonly [string, ...string[]]> {
  const given = process.env["CXX"]?.trim();
  for (const candidate of given ? [given] : ["c++", "g++", "clang++"]) {
    const command = commandWords(candidate);
    if (command === undefined) continue;
    const result = await run([...command, "--version"], signal).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      return undefined;
    });
    if (result?.code === 0) return command;
  }
  throw new CompilerMissingError(
    given ? `CXX=${given} can't be started` : "no C++ compiler was found: tried c++, g++ and clang++",
    { hint: "Set CXX to a C++20 compiler, or unset it. Debian, Ubuntu:  sudo apt-get install g++" },
  );
}
