import { ESCAPES } from "./value-tokens.js";
import type { Value } from "./value-tree.js";

// The whole interface to values as text; building them is the business of value-tree.
export { parseValue } from "./value-parser.js";
export { ValueSyntaxError } from "./value-tokens.js";
export { compareValues, equalValues, type Value } from "./value-tree.js";

const UNESCAPES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ESCAPES).map(([letter, character]) => [character, `\\${letter}`]),
);

/** Prints a value on one line, in TLC's notation; equal values print equally. */
export function printValue(v: Value): string {
  const list = (values: readonly Value[]) => values.map(printValue).join(", ");
  const fields = (map: ReadonlyMap<string, Value>, sign: string) =>
    `[${[...map].map(([name, value]) => `${name}${sign}${printValue(value)}`).join(", ")}]`;
  switch (v.kind) {
    case "boolean":
      return v.value ? "TRUE" : "FALSE";
    case "integer":
      return v.value.toString();
    case "string":
      return `"${v.value.replace(/["\\\n\t\r\f]/g, (c) => UNESCAPES[c] as string)}"`;
    case "model":
    case "builtin":
      return v.name;
    case "opaque":
      return v.text;
    case "set":
      return `{${list(v.elements)}}`;
    case "interval":
      return `${v.from}..${v.to}`;
    case "sequence":
      return `<<${list(v.elements)}>>`;
    case "record":
      return fields(v.fields, " |-> ");
    case "records":
      return fields(v.fields, ": ");
    case "function":
      return `(${v.entries.map(([key, value]) => `${printValue(key)} :> ${printValue(value)}`).join(" @@ ")})`;
    case "powerset":
      return `SUBSET ${printValue(v.of)}`;
    case "functions":
      return `[${printValue(v.from)} -> ${printValue(v.to)}]`;
    case "product":
      return `(${v.factors.map(printValue).join(" \\X ")})`;
    case "sequences":
      return `Seq(${printValue(v.of)})`;
  }
}
