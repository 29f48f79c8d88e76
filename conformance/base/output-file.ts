import { lstatSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { BadInputError, codeOf } from "../../spec/tlc/base/errors.js";
import { beforeExit } from "../../spec/tlc/base/last-rites.js";
import { systemReason } from "../../spec/tlc/base/system-error.js";

/**
 * Writes the output that `--output` asks for; `what` names it: "the paths". The file has all of it or stays as it was.
 *
 * @throws BadInputError that says why it can't be written
 */
export function writeOutput(file: string, text: string, what: string, where = "--output"): void {
  refuseDash(file, what, where);
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

/**
 * The file that a draft beside it may replace, for output that is too long to be a text: where a link leads to, so that
 * the link stays.
 *
 * @throws BadInputError for a device, a pipe or a folder, which a draft would push out of its place
 */
export function replaceable(file: string, what: string, where: string): string {
  refuseDash(file, what, where);
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return file;
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile()) return realpathSync(file);
  const kind =
    found === undefined ? "a link to nothing" : found.isDirectory() ? "a folder" : "a device or a pipe";
  throw new BadInputError(`${what} can't be written to ${file}: it is ${kind}`, {
    where,
    hint: "Name a file in a writable folder.",
  });
}

/** Whoever writes "-" means the standard output, and would get a file of that name. */
function refuseDash(file: string, what: string, where: string): void {
  if (file !== "-") return;
  throw new BadInputError(`${what} can't be written to -, which is no name of a file`, {
    where,
    hint: "Name a file; one that is really called so is ./-",
  });
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
