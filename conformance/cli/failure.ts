import { messageOf, type QuiesceError } from "../../spec/tlc/errors.js";
import { errorColour } from "./terminal.js";

/** What every room's own errors have, though rooms do not share a class. */
type Foreseen = Pick<QuiesceError, "message" | "exitCode" | "where" | "hint">;

function foreseen(error: unknown): Foreseen | undefined {
  const known = error instanceof Error && "exitCode" in error && typeof error.exitCode === "number";
  return known ? (error as unknown as Foreseen) : undefined;
}

/** The exit code that an error stands for. An error that we did not foresee is our mistake: 1, with its stack. */
export function exitCodeOf(error: unknown): number {
  return foreseen(error)?.exitCode ?? 1;
}

/** Shows an error to a person, or, with --json, to a machine as `{ "error": ... }` on standard output. */
export function showFailure(error: unknown, json: boolean): void {
  if (json) {
    const known = foreseen(error);
    const shown = {
      message: messageOf(error),
      where: known?.where,
      hint: known?.hint,
      exitCode: exitCodeOf(error),
    };
    process.stdout.write(`${JSON.stringify({ error: shown }, null, 2)}\n`);
    return;
  }
  const known = foreseen(error);
  if (known !== undefined) {
    const where = known.where === undefined ? "quiesce: " : `${known.where}  `;
    process.stderr.write(`${errorColour.red(where)}${known.message}\n`);
    if (known.hint !== undefined) process.stderr.write(`${known.hint.replace(/^/gm, "  ")}\n`);
    return;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`quiesce: unexpected, please report this with what you typed: ${stack}\n`);
}
