import { messageOf, QuiesceError } from "../../../../spec/tlc/base/errors.js";
import { errorColour } from "../../../base/terminal.js";

/** The exit code of an error. An error that we did not foresee is our mistake: 1, with its stack. */
export function exitCodeOf(error: unknown): number {
  return error instanceof QuiesceError ? error.exitCode : 1;
}

/**
 * Shows an error to a person, or, with --json, to a machine as `{ "error": ... }` on standard output; with --json-lines,
 * that is one line.
 */
export function showFailure(error: unknown, json: boolean | "line"): void {
  if (json !== false) {
    const known = error instanceof QuiesceError ? error : undefined;
    const shown = {
      message: messageOf(error),
      where: known?.where,
      hint: known?.hint,
      exitCode: exitCodeOf(error),
    };
    process.stdout.write(`${JSON.stringify({ error: shown }, null, json === "line" ? 0 : 2)}\n`);
    return;
  }
  if (error instanceof QuiesceError) {
    const where = error.where === undefined ? "quiesce: " : `${error.where}  `;
    process.stderr.write(`${errorColour.red(where)}${error.message}\n`);
    if (error.hint !== undefined) process.stderr.write(`${error.hint.replace(/^/gm, "  ")}\n`);
    return;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `quiesce: unexpected error, please report it with the command that you typed: ${stack}\n`,
  );
}
