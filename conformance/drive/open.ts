import { access, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, resolve } from "node:path";
import { BadInputError, messageOf } from "../../spec/tlc/base/errors.js";
import { withScratch } from "../../spec/tlc/base/scratch.js";
import type { DriverCommand } from "./session.js";
import { isSharedLibrary } from "./shared-library.js";

const HOST = createRequire(import.meta.url).resolve("quiesce/conformance/drive/host");
const SCRIPTS = new Set([".ts", ".mts", ".js", ".mjs"]);

/**
 * Starts with a driver: `FILE.ts`, `.js` (a class), `FILE.so` (a C library), or a command line, whose words are separated
 * by spaces. While `work` runs, its command can be started any number of times.
 *
 * @throws BadInputError when the file isn't there, or is no module
 */
export async function withDriver<T>(what: string, work: (command: DriverCommand) => Promise<T>): Promise<T> {
  const extension = extname(what);
  if (!SCRIPTS.has(extension) || /\s/.test(what)) {
    if (!isSharedLibrary(what)) return work(commandLine(what));
    await requireFile(what);
    // Once, and not by each of the processes.
    const { buildAddon } = await import("../../native/js/build.js");
    await buildAddon();
    return work(hosted(resolve(what)));
  }
  await requireFile(what);
  if (!extension.endsWith("ts")) return work(hosted(resolve(what)));
  return withScratch("driver", async (folder) => {
    const file = join(folder, `${basename(what, extension)}.mjs`);
    await writeFile(file, await bundled(resolve(what)));
    return work(hosted(file));
  });
}

/**
 * A driver's module or C library in a process of its own, where it finds what else it is given in its arguments. For a
 * library the addon has to be built.
 */
export function hosted(file: string, ...more: readonly string[]): DriverCommand {
  return { command: process.execPath, args: ["--no-warnings", HOST, file, ...more] };
}

function commandLine(what: string): DriverCommand {
  const [command, ...args] = what.trim().split(/\s+/);
  if (command === undefined || command === "")
    throw new BadInputError("the driver is empty", {
      hint: 'It is a file (driver.ts, driver.so) or a command: --driver "python3 driver.py"',
    });
  return { command, args };
}

async function requireFile(file: string): Promise<void> {
  await access(file).catch(() => {
    throw new BadInputError(`there is no driver ${file}`, {
      hint: 'It is a file (driver.ts, driver.so) or a command: --driver "python3 driver.py"',
    });
  });
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
