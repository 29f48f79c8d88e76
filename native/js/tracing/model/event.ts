/** What a tracepoint records in one of its fields. The words are those of native/tracepoint/layout.h. */
export type FieldType =
  | {
      readonly kind: "integer";
      readonly signed: boolean;
      readonly bytes: 1 | 2 | 4 | 8;
      readonly hex: boolean;
    }
  | { readonly kind: "float"; readonly bytes: 4 | 8 }
  | { readonly kind: "string" }
  | { readonly kind: "enumeration"; readonly labels: ReadonlyMap<string, number> }
  | { readonly kind: "sequence"; readonly of: FieldType };

export interface Field {
  readonly name: string;
  readonly type: FieldType;
}

/** A tracepoint, as its program describes it. */
export interface EventDescription {
  readonly provider: string;
  readonly name: string;
  /** 0 to 14, as in syslog: the lower, the more important. */
  readonly level: number;
  readonly fields: readonly Field[];
}

const NAME = /^[A-Za-z_]\w{0,62}$/;
const PROVIDER = /^[A-Za-z_][\w.]{0,62}$/;
const MOST_FIELDS = 16;

/**
 * Reads an event's description: "PROVIDER:NAME;LEVEL;FIELD;FIELD". It comes from memory that a traced program can write,
 * so anything may be in it.
 *
 * @returns undefined where it is not one
 */
export function parseEvent(text: string): EventDescription | undefined {
  const [head = "", levelText = "", ...fieldTexts] = text.split(";");
  const colon = head.indexOf(":");
  const provider = head.slice(0, colon);
  const name = head.slice(colon + 1);
  const level = Number(levelText);
  if (colon < 0 || !PROVIDER.test(provider) || !NAME.test(name)) return undefined;
  if (!/^\d{1,2}$/.test(levelText) || level > 14 || fieldTexts.length > MOST_FIELDS) return undefined;
  const fields: Field[] = [];
  for (const fieldText of fieldTexts) {
    const field = parseField(fieldText);
    if (field === undefined || fields.some((other) => other.name === field.name)) return undefined;
    fields.push(field);
  }
  return { provider, name, level, fields };
}

function parseField(text: string): Field | undefined {
  const space = text.lastIndexOf(" ");
  const name = text.slice(space + 1);
  const type = parseType(text.slice(0, Math.max(space, 0)));
  return type === undefined || !NAME.test(name) ? undefined : { name, type };
}

function parseType(text: string): FieldType | undefined {
  const number = parseNumberType(text);
  if (number !== undefined) return number;
  if (text === "s") return { kind: "string" };
  if (text.startsWith("q:")) {
    const of = parseNumberType(text.slice(2));
    return of && { kind: "sequence", of };
  }
  const [, list] = /^e4\{(.*)\}$/.exec(text) ?? [];
  return list === undefined ? undefined : parseLabels(list);
}

function parseNumberType(text: string): FieldType | undefined {
  const [, kind, size] = /^([uixf])([1248])$/.exec(text) ?? [];
  const bytes = Number(size) as 1 | 2 | 4 | 8;
  if (kind === undefined) return undefined;
  if (kind !== "f") return { kind: "integer", signed: kind === "i", bytes, hex: kind === "x" };
  return bytes === 4 || bytes === 8 ? { kind: "float", bytes } : undefined;
}

/** As in C, labels may be the same; one that stands for two values stands for neither, so that no filter guesses. */
function parseLabels(list: string): FieldType | undefined {
  const labels = new Map<string, number>();
  const ambiguous = new Set<string>();
  for (const part of list.split(",")) {
    const [, label, digits] = /^([A-Za-z_]\w{0,62}) *= *(-?\d{1,10})$/.exec(part.trim()) ?? [];
    const value = Number(digits);
    if (label === undefined || value !== (value | 0)) return undefined;
    if ((labels.get(label) ?? value) !== value) ambiguous.add(label);
    labels.set(label, value);
  }
  for (const label of ambiguous) labels.delete(label);
  return { kind: "enumeration", labels };
}

/** A type in the words of C, for a person. */
export function typeText(type: FieldType): string {
  switch (type.kind) {
    case "integer":
      return `${type.signed ? "" : "u"}int${8 * type.bytes}${type.hex ? " hex" : ""}`;
    case "float":
      return type.bytes === 4 ? "float" : "double";
    case "string":
      return "string";
    case "sequence":
      return `${typeText(type.of)}[]`;
    case "enumeration":
      return `enum {${[...type.labels.keys()].join(", ")}}`;
  }
}
