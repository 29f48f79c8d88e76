import { nameOf } from "../../../spec/tlc/base/source-file.js";
import { colour } from "../../base/terminal.js";

/** The most files that are named. */
const MOST_NAMED = 5;

/** Which files have changed, and how many claims that touches, in a line. */
export function showChange(files: readonly string[], claims: number): string {
  const more = files.length > MOST_NAMED ? ` and ${files.length - MOST_NAMED} more` : "";
  const names = files.slice(0, MOST_NAMED).map(nameOf).join(", ");
  const touched = claims === 0 ? "no claim" : `${claims} claim${claims === 1 ? "" : "s"}`;
  return `\n${colour.bold("Changed")}   ${names}${more}: touches ${touched}\n`;
}
