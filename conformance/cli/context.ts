import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { UsageError } from "../../spec/tlc/errors.js";

/** The documented exit codes of every command. */
export const EXIT = {
  asDeclared: 0,
  notAsDeclared: 1,
  badInput: 2,
  environment: 3,
  interrupted: 130,
} as const;

/** What a command gets from the program, and what it leaves behind: the exit code. */
export interface CommandContext {
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  exitCode: number;
}

const packageFile = createRequire(import.meta.url).resolve("quiesce/package.json");

/** The root folder of the repository. */
export const root = dirname(packageFile);

/** Where our own claims live. */
export const specRoot = join(root, "spec");

/** How the program is called here. Outside of this repository `npx` would ask the registry for one of that name. */
export function programCommand(): string {
  const way = relative(root, process.cwd());
  const inside = way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  const script = process.argv[1] ?? "";
  if (inside) return "npx quiesce";
  return basename(script) === "quiesce" ? "quiesce" : `node ${shellWord(script)}`;
}

/** A word as it has to be typed into a shell. */
export function shellWord(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function version(): string {
  const parsed: unknown = JSON.parse(readFileSync(packageFile, "utf8"));
  return typeof parsed === "object" && parsed !== null && "version" in parsed
    ? String(parsed.version)
    : "unknown";
}

/** How many runs are worth having at once: the processors that this process may use. */
export function cores(): number {
  return availableParallelism();
}

/** Parses a whole number for an option; a mistake is named together with the option. */
export function wholeNumber(
  option: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
    throw new UsageError(`${option} takes a whole number ${range}, not "${text}"`);
  };
}

/** Prints the schema that documents a command's --json. */
export function printSchema(name: string): void {
  process.stdout.write(
    readFileSync(join(root, "conformance", "cli", "schema", `${name}.schema.json`), "utf8"),
  );
}

/** Prints the result of a command with --json: one value, and nothing else, on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
