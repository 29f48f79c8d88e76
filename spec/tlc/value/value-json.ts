import { printValue, type Value } from "./value.js";

/** A value as JSON has it. */
export type Json = boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * A value as JSON, in the form that TLC's module Json gives it: sets and sequences are arrays, records and functions are
 * objects (an argument that is no string is named as TLC prints it), a model value is its name. An integer that a double
 * can't hold exactly is a string. Undefined where JSON has nothing to offer, as for `SUBSET S` or `Nat`.
 */
export function toJsonValue(value: Value): Json | undefined {
  switch (value.kind) {
    case "boolean":
    case "string":
      return value.value;
    case "integer": {
      const number = Number(value.value);
      return Number.isSafeInteger(number) ? number : value.value.toString();
    }
    case "model":
      return value.name;
    case "set":
    case "sequence":
      return all(value.elements);
    case "record":
      return object([...value.fields]);
    case "function":
      return object(value.entries.map(([key, to]) => [nameOfKey(key), to]));
    default:
      return undefined;
  }
}

function nameOfKey(key: Value): string {
  return key.kind === "string" ? key.value : printValue(key);
}

function all(values: readonly Value[]): readonly Json[] | undefined {
  const shown = values.map(toJsonValue);
  return shown.every((one) => one !== undefined) ? shown : undefined;
}

function object(fields: readonly (readonly [string, Value])[]): Json | undefined {
  const shown = all(fields.map(([, value]) => value));
  // Two keys may have one name: the string "1" and the number 1.
  const distinct = new Set(fields.map(([name]) => name)).size === fields.length;
  return shown && distinct
    ? Object.fromEntries(fields.map(([name], i) => [name, shown[i] as Json]))
    : undefined;
}
