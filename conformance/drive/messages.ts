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
  if (answer["failed"] !== undefined) return { kind: "failed", why: String(answer["failed"]) };
  if (answer["unknown"] === true) return { kind: "unknown" };
  const words = answer["words"] ?? {};
  if (typeof words !== "object" || words === null || Array.isArray(words))
    return broken('has "words" that are no object', line);
  return {
    kind: "words",
    words: words as { readonly [word: string]: Json },
    refused: answer["refused"] === true,
  };
}

const SHOWN = 200;

function broken(why: string, line: string): Answer {
  return {
    kind: "broken",
    why: `its answer ${why}: ${line.length > SHOWN ? `${line.slice(0, SHOWN)}...` : line}`,
  };
}
