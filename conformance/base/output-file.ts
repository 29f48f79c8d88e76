import { lstatSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { BadInputError, codeOf } from "../../spec/tlc/base/errors.js";
import { beforeExit } from "../../spec/tlc/base/last-rites.js";
import { systemReason } from "../../spec/tlc/base/system-error.js";

/**
 * Writes the output that `--output` asks for; `what` names it: "the paths". The file has all of it or stays as it was.
 *
 * @throws BadInputError that says why it can't be written
 */
export function writeOutput(file: string, text: string, what: string, where = "--output"): void {
  try {
    // A pipe or a device can't be replaced; and whoever links to a file wants it where it is.
    if (isOrdinary(file)) writeWhole(file, text);
    else writeFileSync(file, text);
  } catch (error) {
    const reason = codeOf(error) === "ENOENT" ? "its folder does not exist" : systemReason(error);
    throw new BadInputError(`${what} can't be written to ${file}: ${reason}`, {
      where,
      hint: "Name a file in a writable folder.",
      cause: error,
    });
  }
}

function isOrdinary(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  const link = lstatSync(file, { throwIfNoEntry: false });
  return found === undefined ? link === undefined : found.isFile() && link?.isFile() === true;
}

function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}.part`;
  const forget = beforeExit(() => rmSync(draft, { force: true }));
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
    forget();
  }
}
