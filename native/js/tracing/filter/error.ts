import { BadInputError } from "../../../../spec/tlc/base/errors.js";
import { visible } from "../../../../spec/tlc/base/visible.js";

/** Characters before and after the place that are shown of a long filter. */
const AROUND = 50;

/** An error in a filter, with its place under the text. */
export function filterError(text: string, at: number, length: number, message: string): BadInputError {
  const from = Math.max(0, at - AROUND);
  const to = Math.min(text.length, at + AROUND);
  const plain = (part: string): string => visible(part.replaceAll(/\s/g, " "));
  const before = `${from > 0 ? "... " : ""}${plain(text.slice(from, at))}`;
  const line = `${before}${plain(text.slice(at, to))}${to < text.length ? " ..." : ""}`;
  const carets = "^".repeat(Math.max(1, Math.min(length, to - at)));
  return new BadInputError(message, {
    where: `filter, column ${at + 1}`,
    hint: `${line}\n${" ".repeat(before.length)}${carets}`,
  });
}
