import { suggest } from "../../spec/tlc/base/suggest.js";
import type { Plan } from "../contract/plan.js";

const LISTED = 6;

/** For a word that is none of a plan's: a clause with what it may have meant, or else with some that there are. */
export function meant(word: string, { words }: Plan): string {
  const name = suggest(word, words);
  if (name !== undefined) return `; did you mean "${name}"?`;
  return `; there are: ${words.slice(0, LISTED).join(", ")}${words.length > LISTED ? ", ..." : ""}`;
}
