import { visible } from "../../../../spec/tlc/base/visible.js";
import type { Value } from "../filter/value.js";
import { utf8 } from "../model/bytes.js";
import type { EventDescription, Field, FieldType } from "../model/event.js";
import type { CtfField, CtfRecord, CtfType, CtfValue, EventClass } from "./types.js";

/** An event's fields by the names that its program gave them: in TSDL they begin with "_", and lengths have fields. */
export function fieldsOf(record: CtfRecord): [name: string, value: CtfValue][] {
  return [...record.fields].flatMap(([name, value]): [string, CtfValue][] =>
    record.counts.has(name) ? [] : [[plainName(name), value]],
  );
}

function plainName(name: string): string {
  return name.startsWith("_") ? name.slice(1) : name;
}

/** A recorded event's description, for what checks filters. */
export function describe({ name, level, payload }: EventClass): EventDescription {
  const colon = name.indexOf(":");
  const { fields, counts } = payload?.kind === "struct" ? payload : NONE;
  return {
    provider: name.slice(0, Math.max(colon, 0)),
    name: name.slice(colon + 1),
    level: level ?? 14,
    fields: fields.flatMap((field) => (counts.has(field.name) ? [] : describeField(field))),
  };
}

const NONE = { fields: [], counts: new Set<string>() };

function describeField({ name, type }: CtfField): Field[] {
  const described = describeType(type);
  return described === undefined ? [] : [{ name: plainName(name), type: described }];
}

function describeType(type: CtfType): FieldType | undefined {
  switch (type.kind) {
    case "integer":
      return { kind: "integer", signed: type.signed, bytes: 8, hex: type.base === 16 };
    case "float":
      return { kind: "float", bytes: 8 };
    case "string":
      return { kind: "string" };
    case "enum":
      return {
        kind: "enumeration",
        labels: new Map(type.ranges.map(({ label, from }) => [label, Number(from)])),
      };
    case "array": {
      if (type.of.kind === "integer" && type.of.text) return { kind: "string" };
      const of = describeType(type.of);
      return of && { kind: "sequence", of };
    }
    default:
      return undefined;
  }
}

/** A field's value as a filter computes with it; undefined for one that no filter can look into. */
export function filterValue(value: CtfValue, unsigned: boolean): Value | undefined {
  const tag = unsigned ? "u64" : "i64";
  if (typeof value === "number")
    return Number.isInteger(value) ? { tag, value: BigInt(value) } : { tag: "f64", value };
  if (typeof value === "bigint") return { tag, value };
  if ("text" in value) return { tag: "string", value: value.text };
  if ("hex" in value) return { tag: "u64", value: value.hex };
  return "label" in value ? { tag: "i64", value: value.value } : undefined;
}

/** A value for a person. */
export function valueText(value: CtfValue): string {
  if (typeof value === "number" || typeof value === "bigint")
    return Object.is(value, -0) ? "-0" : String(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if ("text" in value) return visible(JSON.stringify(utf8(value.text)));
  if ("hex" in value) return `0x${value.hex.toString(16).toUpperCase()}`;
  if ("label" in value)
    return value.label === undefined ? String(value.value) : `${value.label} (${value.value})`;
  if (!("fields" in value)) return "?";
  return `{ ${fieldsOf(value)
    .map(([name, inner]) => `${name} = ${valueText(inner)}`)
    .join(", ")} }`;
}

/** A value for JSON: an integer that JSON's readers would round is a text. */
export function valueJson(value: CtfValue): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint")
    return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(value)
      : String(value);
  if (Array.isArray(value)) return value.map(valueJson);
  if ("text" in value) return utf8(value.text);
  if ("hex" in value) return valueJson(value.hex);
  if ("label" in value) return value.label ?? valueJson(value.value);
  if (!("fields" in value)) return null;
  return Object.fromEntries(fieldsOf(value).map(([name, inner]) => [name, valueJson(inner)]));
}
