import { printValue, type Value } from "../../spec/tlc/value/value.js";

/** What TLA+ takes for the name of a field; others (a reserved word, a text with a space) are keys of a function. */
const FIELD = /^(?!(?:WF_|SF_))(?=.*[a-z])[A-Za-z0-9_]*$/;

/**
 * A value as TLA+ that any module can hold: TLC writes functions with `:>` and `@@`, which only those know who extend its
 * own module, and a model value is mentioned by the name of a constant.
 *
 * @param nameOf the name of the constant that a model value is mentioned by
 */
export function expressionOf(value: Value, nameOf: (model: string) => string): string {
  const again = (one: Value): string => expressionOf(one, nameOf);
  switch (value.kind) {
    case "model":
      return nameOf(value.name);
    case "set":
      return `{${value.elements.map(again).join(", ")}}`;
    case "sequence":
      return `<<${value.elements.map(again).join(", ")}>>`;
    case "record": {
      const fields = [...value.fields].map(([name, field]) => [name, again(field)] as const);
      if (fields.every(([name]) => FIELD.test(name)))
        return `[${fields.map(([name, field]) => `${name} |-> ${field}`).join(", ")}]`;
      return byCase(fields.map(([name, field]) => [printValue({ kind: "string", value: name }), field]));
    }
    case "function":
      return byCase(value.entries.map(([key, result]) => [again(key), again(result)]));
    default:
      return printValue(value);
  }
}

function byCase(entries: readonly (readonly [key: string, result: string])[]): string {
  const keys = entries.map(([key]) => key).join(", ");
  const cases = entries.map(([key, result]) => `qsKey = ${key} -> ${result}`).join(" [] ");
  return `[qsKey \\in {${keys}} |-> CASE ${cases}]`;
}
