import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../../../spec/tlc/base/errors.js";
import { root } from "../../../base/root.js";

/** The documented exit codes of every command. */
export const EXIT = {
  asDeclared: 0,
  notAsDeclared: 1,
  badInput: 2,
  environment: 3,
  interrupted: 130,
} as const;

/** What the program gives a command, and the exit code that the command leaves behind. */
export interface CommandContext {
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  exitCode: number;
}

/** Parses a whole number for an option; the error names the option. */
export function wholeNumber(
  option: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new UsageError(`${option} takes a whole number ${range}, not "${text}"`);
  };
}

/** Prints the schema of a command's --json. */
export function printSchema(name: string): void {
  process.stdout.write(
    readFileSync(join(root, "conformance", "program", "cli", "schema", `${name}.schema.json`), "utf8"),
  );
}

/** Prints the result of a command with --json on standard output: one value, and nothing else. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Prints one result of a command with --json-lines, on a line of its own and at once, before the others are known. The
 * last line is of the kind "summary".
 */
export function printJsonLine(kind: string, value: object): void {
  process.stdout.write(`${JSON.stringify({ kind, ...value })}\n`);
}
