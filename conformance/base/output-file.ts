import { writeFileSync } from "node:fs";
import { BadInputError, codeOf, messageOf } from "../../spec/tlc/base/errors.js";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is a file, not a folder",
  EACCES: "no permission",
  ENOSPC: "the disk is full",
};

/**
 * Writes the output that `--output` asks for; `what` names it: "the paths".
 *
 * @throws BadInputError that says why it can't be written
 */
export function writeOutput(file: string, text: string, what: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new BadInputError(
      `${what} can't be written to ${file}: ${REASONS[codeOf(error) ?? ""] ?? messageOf(error)}`,
      { where: "--output", hint: "Name a file in a writable folder.", cause: error },
    );
  }
}
