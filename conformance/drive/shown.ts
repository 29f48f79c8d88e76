import type { Words } from "./driver.js";

/**
 * What a driver has returned from `look`, once it is known to be what JSON can say: JSON itself would leave out what is
 * undefined, and make `{}` of a Map, which is then compared, or not compared, without a word.
 *
 * @throws Error that names the word
 */
export function wordsShown(words: unknown): Words {
  if (!isPlain(words)) throw new Error(`look() returned ${nameOf(words)}, and not an object of words`);
  for (const [word, value] of Object.entries(words)) {
    const odd = oddity(value);
    if (odd !== undefined) throw new Error(`look() shows the word "${word}" with ${odd}`);
  }
  return words as Words;
}

/** What of a value is no JSON, for a person; undefined when all of it is. */
function oddity(value: unknown): string | undefined {
  if (value === null || typeof value === "boolean" || typeof value === "string") return undefined;
  if (typeof value === "number")
    return Number.isFinite(value) ? undefined : `${value}, which is no number in JSON`;
  const parts = Array.isArray(value) ? value : isPlain(value) ? Object.values(value) : undefined;
  if (parts === undefined) return `${nameOf(value)}, which is no value in JSON`;
  for (const part of parts) {
    const odd = oddity(part);
    if (odd !== undefined) return odd;
  }
  return undefined;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** A value's kind, for a person: `a Set`, `undefined`, `a function`. */
export function nameOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const made: unknown = Reflect.get(value, "constructor");
  return typeof made === "function" && made.name !== "" ? `a ${made.name}` : "an object";
}
