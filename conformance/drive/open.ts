import { constants, type Stats } from "node:fs";
import { access, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, resolve } from "node:path";
import { BadInputError, messageOf } from "../../spec/tlc/base/errors.js";
import { exists } from "../../spec/tlc/base/exists.js";
import { withScratch } from "../../spec/tlc/base/scratch.js";
import type { DriverCommand } from "./session.js";
import { isSharedLibrary } from "./shared-library.js";

const HOST = createRequire(import.meta.url).resolve("quiesce/conformance/drive/host");
const SCRIPTS = new Set([".ts", ".mts", ".js", ".mjs"]);

/** Any of the files that are drivers by themselves. */
const isFile = (what: string): boolean => SCRIPTS.has(extname(what)) || isSharedLibrary(what);

/**
 * Starts with a driver: `FILE.ts`, `.js` (a class), `FILE.so` (a C library), or a command line, whose words are separated
 * by spaces; a word with spaces stands in quotes. While `work` runs, its command can be started any number of times.
 *
 * @throws BadInputError when the file isn't there, or is no module
 */
export async function withDriver<T>(what: string, work: (command: DriverCommand) => Promise<T>): Promise<T> {
  // A file's name may have spaces, too, and a command may end with a file's name.
  if (!isFile(what) || (/\s/.test(what.trim()) && !(await exists(what))))
    return work(await commandLine(what));
  await requireFile(what);
  const file = resolve(what);
  if (isSharedLibrary(what)) {
    // Once, and not by each of the processes.
    const { buildAddon } = await import("../../native/js/build.js");
    await buildAddon();
    return work(hosted(file));
  }
  const extension = extname(what);
  if (!extension.endsWith("ts")) return work(hosted(file));
  return withScratch("driver", async (folder) => {
    const script = join(folder, `${basename(what, extension)}.mjs`);
    await writeFile(script, await bundled(file));
    return work({ ...hosted(script), shown: file });
  });
}

/**
 * A driver's module or C library in a process of its own, where it finds what else it is given in its arguments. For a
 * library the addon has to be built. What the driver prints goes where its errors go, so that no answer is mixed with it.
 */
export function hosted(file: string, ...more: readonly string[]): DriverCommand {
  const node = [process.execPath, "--no-warnings", HOST, file, ...more];
  return { command: "/bin/sh", args: ["-c", 'exec "$0" "$@" 3>&1 1>&2', ...node], shown: file };
}

async function commandLine(what: string): Promise<DriverCommand> {
  const { words, open } = wordsOf(what);
  const [command, ...args] = words;
  if (open !== undefined)
    throw new BadInputError(`the driver has an open ${open}: ${what}`, { hint: EXAMPLES });
  if (command === undefined) throw new BadInputError("the driver is empty", { hint: EXAMPLES });
  if (args.length === 0 && command.includes("/")) {
    const found = await stat(command).catch(() => undefined);
    if (found?.isFile() !== true) throw noDriver(command, found);
    await access(command, constants.X_OK).catch(() => {
      throw new BadInputError(`the driver ${command} is no program: nobody may execute it`, {
        hint: `chmod +x ${command}, or say what runs it: ${EXAMPLES}`,
      });
    });
  }
  return { command, args };
}

const EXAMPLES = 'It is a file (driver.ts, driver.c, driver.so) or a command: --driver "python3 driver.py"';

/** The words of a command line, as a shell reads them, but for what a shell would expand. */
function wordsOf(line: string): { readonly words: readonly string[]; readonly open?: string } {
  const words: string[] = [];
  const rest = line.replace(WORD, (_, word: string) => {
    words.push(
      word.replace(PART, (_part, double?: string, single?: string, escaped?: string, plain?: string) => {
        return double?.replace(/\\(["\\])/g, "$1") ?? single ?? escaped ?? plain ?? "";
      }),
    );
    return "";
  });
  const open = rest.trim()[0];
  return {
    words,
    ...(open !== undefined && { open: open === "\\" ? "backslash" : `quotation mark (${open})` }),
  };
}

const PARTS = String.raw`"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|\\([\s\S])|([^\s"'\\]+)`;
const PART = new RegExp(PARTS, "g");
const WORD = new RegExp(String.raw`\s*((?:${PARTS})+)(?=\s|$)`, "gy");

/** Throws BadInputError when there is no such file. */
export async function requireFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile()) return;
  throw noDriver(file, found);
}

function noDriver(name: string, found: Stats | undefined): BadInputError {
  const what = found?.isDirectory() ? "a folder" : "no regular file";
  const why = found === undefined ? `there is no driver ${name}` : `the driver ${name} is ${what}`;
  return new BadInputError(why, { hint: EXAMPLES });
}

/** A module with all that it imports from its own folders, as JavaScript. */
async function bundled(file: string): Promise<string> {
  const { build } = await import("esbuild");
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      platform: "node",
      format: "esm",
      target: "node20",
      absWorkingDir: dirname(file),
      logLevel: "silent",
      sourcemap: "inline",
    });
    return outputFiles[0]?.text ?? "";
  } catch (error) {
    throw new BadInputError(`the driver can't be read: ${messageOf(error)}`, { where: file });
  }
}
