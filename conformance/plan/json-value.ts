import { BadInputError } from "../../spec/tlc/base/errors.js";
import { printValue, type Value } from "../../spec/tlc/value/value.js";
import type { Json } from "../contract/json.js";

/**
 * A value as JSON: sets are sorted lists, functions on 1..n lists, records objects, other functions lists of pairs, and
 * model values their names.
 *
 * @throws BadInputError for what TLC did not enumerate, and for numbers beyond 2^53
 */
export function jsonOf(value: Value): Json {
  switch (value.kind) {
    case "boolean":
    case "string":
      return value.value;
    case "model":
      return value.name;
    case "integer": {
      const number = Number(value.value);
      if (Number.isSafeInteger(number)) return number;
      throw new BadInputError(`${value.value} is too large a number for a driver`);
    }
    case "set":
    case "sequence":
      return value.elements.map(jsonOf);
    case "interval":
      return Array.from({ length: Number(value.to - value.from) + 1 }, (_, i) => Number(value.from) + i);
    case "record":
      return Object.fromEntries([...value.fields].map(([name, field]) => [name, jsonOf(field)]));
    case "function":
      return value.entries.map(([key, result]) => [jsonOf(key), jsonOf(result)]);
    default:
      throw new BadInputError(`${printValue(value)} is no value that a driver could be given`, {
        hint: "Words and parameters are numbers, strings, booleans, and finite sets, sequences, records and functions of them.",
      });
  }
}

/** The function `value` at `key`; TLC prints a function on 1..n as a sequence, one on strings as a record. */
export function applied(value: Value, key: Value): Value | undefined {
  if (value.kind === "sequence" && key.kind === "integer") return value.elements[Number(key.value) - 1];
  if (value.kind === "record" && key.kind === "string") return value.fields.get(key.value);
  if (value.kind !== "function") return undefined;
  const text = printValue(key);
  return value.entries.find(([argument]) => printValue(argument) === text)?.[1];
}

/** The elements of a finite set, in their order; undefined for anything else. */
export function elementsOf(value: Value): readonly Value[] | undefined {
  if (value.kind === "set") return value.elements;
  if (value.kind !== "interval") return undefined;
  const { from, to } = value;
  return Array.from({ length: Number(to - from) + 1 }, (_, i) => ({
    kind: "integer" as const,
    value: from + BigInt(i),
  }));
}
