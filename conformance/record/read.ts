import { readFile, stat } from "node:fs/promises";
import { BadInputError, codeOf } from "../../spec/tlc/base/errors.js";
import { MAGIC, readBinary } from "./binary.js";
import { badRecording } from "./header.js";
import { readJsonLines } from "./json-lines.js";
import type { Recording } from "./recording.js";

/** The longest text that Node keeps in one piece. */
const LONGEST_TEXT = 0x1fffffe8;

/**
 * Reads the recordings of a file, in either format, one after another.
 *
 * @throws BadInputError that says what is wrong, and where
 */
export async function* readRecordings(file: string): AsyncGenerator<Recording> {
  const bytes = await load(file);
  if (bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    yield* readBinary(bytes, file);
    return;
  }
  if (bytes.length > LONGEST_TEXT)
    throw badRecording("as JSON lines, a file of this size can't be read", file, "Use the binary format.");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw badRecording("the file is neither a recording in the binary format nor text (UTF-8)", file);
  }
  yield* readJsonLines(text, file);
}

async function load(file: string): Promise<Buffer> {
  try {
    const found = await stat(file);
    if (found.isDirectory())
      throw new BadInputError("this is a folder: name the recordings in it", { where: file });
    if (!found.isFile()) throw new BadInputError("this is not an ordinary file", { where: file });
    return await readFile(file);
  } catch (error) {
    if (error instanceof BadInputError) throw error;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: "there is no such file",
      EACCES: "the file may not be read",
    };
    throw new BadInputError(reasons[codeOf(error) ?? ""] ?? "the file can't be read", {
      where: file,
      hint: "quiesce record --out FILE makes one.",
      cause: error,
    });
  }
}
