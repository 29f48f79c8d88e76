import { briefly, printable } from "../base/printable.js";
import type { Json } from "../contract/json.js";
import type { Ask, Words, World } from "./driver.js";

/** A line that the engine writes to a driver; PROTOCOL.md says what each means. */
export type Message =
  | ({ readonly do: "begin" } & World)
  | ({ readonly do: "step" } & Ask)
  | { readonly do: "look" }
  | { readonly do: "end" };

/** A line that a driver answers with: one to each message, in their order. */
export type Answer =
  | { readonly kind: "words"; readonly words: Words; readonly refused: boolean }
  | { readonly kind: "unknown" }
  | { readonly kind: "failed"; readonly why: string }
  /** It isn't an answer. */
  | { readonly kind: "broken"; readonly why: string };

const KNOWN = new Set(["words", "refused", "unknown", "failed"]);

/** Reads a line that a driver wrote. Never throws: what can't be read is "broken". */
export function readAnswer(line: string): Answer {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return broken("is not JSON", line);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return broken("is no object", line);
  const answer = value as Record<string, unknown>;
  const odd = Object.keys(answer).find((key) => !KNOWN.has(key));
  if (odd !== undefined) return broken(`has "${odd}", which is no part of an answer`, line);
  const { words = {}, refused = false, unknown = false, failed } = answer;
  if (typeof refused !== "boolean" || typeof unknown !== "boolean")
    return broken('has "refused" or "unknown" that is neither true nor false', line);
  if (failed !== undefined)
    return typeof failed === "string"
      ? { kind: "failed", why: printable(failed) }
      : broken('has "failed" that is no text', line);
  if (typeof words !== "object" || words === null || Array.isArray(words))
    return broken('has "words" that are no object', line);
  if (unknown && refused) return broken('has both "unknown" and "refused"', line);
  if (unknown) return { kind: "unknown" };
  return { kind: "words", words: words as { readonly [word: string]: Json }, refused };
}

function broken(why: string, line: string): Answer {
  return { kind: "broken", why: `its answer ${why}: ${briefly(line)}` };
}
