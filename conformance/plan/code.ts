import { withoutComments } from "../../spec/tlc/claim/config-tokens.js";

/** A specification's text without its comments and empty lines, so that a better comment does not require a new plan. */
export function codeOf(text: string): string {
  return withoutComments(text)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}
