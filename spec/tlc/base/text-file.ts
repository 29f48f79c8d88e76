import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { BadInputError, codeOf, messageOf } from "./errors.js";

const { O_RDONLY, O_NONBLOCK } = constants;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  ENAMETOOLONG: "there is no such file",
  EACCES: "the file may not be read",
  ELOOP: "the file is a link to itself",
};

/** Why a file that should be a text can't be read, in words that may follow a colon. */
export class UnreadableFile extends Error {
  /** The system's code: ENOENT */
  readonly code: string | undefined;

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.code = codeOf(cause);
  }
}

/**
 * The text of an ordinary file (UTF-8), without a byte order mark. A folder, a pipe and a device are refused: reading one
 * may never end.
 *
 * @param most bytes that it may have
 * @throws UnreadableFile
 */
export function readText(file: string, most: number): string {
  const bytes = bytesOf(file, most);
  if (bytes.length > most) throw new UnreadableFile(`the file is too large: it may have ${most} bytes`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UnreadableFile("the file is not UTF-8", error);
  }
}

/**
 * The same for what a person has named.
 *
 * @param what it should be: "the contract"
 * @param where the file's name for that person
 * @throws BadInputError
 */
export function readTextInput(file: string, most: number, what: string, where = file): string {
  try {
    return readText(file, most);
  } catch (error) {
    throw new BadInputError(`cannot read ${what}: ${messageOf(error)}`, { where, cause: error });
  }
}

/** Reads at most one byte more than it may have. */
function bytesOf(file: string, most: number): Uint8Array {
  let descriptor: number | undefined;
  try {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would never end.
    descriptor = openSync(file, O_RDONLY | O_NONBLOCK);
    const found = fstatSync(descriptor);
    if (found.isDirectory()) throw new UnreadableFile("it is a folder");
    if (!found.isFile()) throw new UnreadableFile("it is no ordinary file");
    const bytes = new Uint8Array(Math.min(found.size, most) + 1);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile(REASONS[codeOf(error) ?? ""] ?? messageOf(error), error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
