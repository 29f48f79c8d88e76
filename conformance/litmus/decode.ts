import { LitmusError, type Position } from "./lexer.js";

/** The most that is read of a litmus file. The kernel's largest ones have some 2 KiB. */
export const LARGEST_BYTES = 64 * 1024;

/** The text of a litmus file from its bytes. Throws LitmusError for anything too large, empty or not text. */
export function decode(bytes: Uint8Array): string {
  const first: Position = { line: 1, column: 1 };
  if (bytes.length > LARGEST_BYTES)
    throw new LitmusError(
      `the file is too large for a litmus test (more than ${LARGEST_BYTES} bytes)`,
      first,
    );
  if (bytes.length === 0) throw new LitmusError("the file is empty", first);
  const nul = bytes.indexOf(0);
  const text = nul < 0 ? utf8(bytes, false) : undefined;
  if (text !== undefined) return text;
  const good = firstBad(nul < 0 ? bytes : bytes.subarray(0, nul));
  const before = utf8(bytes.subarray(0, good), true) ?? "";
  const lines = before.split("\n");
  const column = (lines.at(-1)?.length ?? 0) + 1;
  throw new LitmusError("the file is not text (UTF-8)", { line: lines.length, column });
}

function utf8(bytes: Uint8Array, beginning: boolean): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: beginning });
  } catch {
    return undefined;
  }
}

/** The place of the first byte that is not valid UTF-8. */
function firstBad(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (good < bad) {
    const middle = (good + bad + 1) >> 1;
    if (utf8(bytes.subarray(0, middle), true) !== undefined) good = middle;
    else bad = middle - 1;
  }
  return good;
}
