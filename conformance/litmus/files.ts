import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { codeOf, messageOf } from "../../spec/tlc/base/errors.js";
import { type CompiledTest, compileTest } from "./compile.js";
import { decode, LARGEST_BYTES } from "./decode.js";
import { LitmusError, type Position } from "./lexer.js";
import { parseLitmus } from "./parser.js";

/** Why a file is refused, and where in it. */
export interface Refusal {
  readonly message: string;
  readonly position?: Position;
  readonly hint?: string;
}

/** What a file is: a test, or refused. */
export type FileRead = { readonly test: CompiledTest; readonly text: string } | { readonly refused: Refusal };

/** Reads a litmus test from a file. This never throws, whatever the file is. */
export async function readTest(file: string): Promise<FileRead> {
  try {
    const text = decode(await bytesOf(file));
    return { test: compileTest(parseLitmus(text)), text };
  } catch (error) {
    if (error instanceof LitmusError)
      return {
        refused: {
          message: error.message,
          position: error.position,
          ...(error.hint !== undefined && { hint: error.hint }),
        },
      };
    if (codeOf(error) !== undefined || error instanceof NotAFile)
      return { refused: { message: REASONS.get(codeOf(error) ?? "") ?? messageOf(error) } };
    throw error;
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file"],
  ["ENOTDIR", "there is no such file"],
  ["EACCES", "the file may not be read"],
  ["ENAMETOOLONG", "there is no such file"],
]);

const { O_RDONLY, O_NONBLOCK } = constants;

class NotAFile extends Error {}

/**
 * Reads at most as much as a test may have, and one byte. A pipe or a device is refused, since reading it may never
 * end.
 */
async function bytesOf(file: string): Promise<Uint8Array> {
  // Without O_NONBLOCK, opening a pipe that nobody writes to would never end.
  const handle = await open(file, O_RDONLY | O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (stat.isDirectory()) throw new NotAFile("this is a folder: name the files in it");
    if (!stat.isFile()) throw new NotAFile("this is not an ordinary file");
    const buffer = new Uint8Array(LARGEST_BYTES + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await handle.close();
  }
}
