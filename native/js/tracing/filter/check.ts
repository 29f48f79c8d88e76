import { suggest } from "../../../../spec/tlc/base/suggest.js";
import type { EventDescription, FieldType } from "../model/event.js";
import { hashOf } from "./code.js";
import { filterError } from "./error.js";
import type { Expression } from "./parse.js";

/** What the names in a filter stand for, and what its writer should hear. */
export interface Checked {
  /** The names that are labels of an enumeration, with their values; all others are fields. */
  readonly labels: ReadonlyMap<string, bigint>;
  readonly warnings: readonly string[];
}

type Kind = "integer" | "float" | "string";

/**
 * Checks a filter against the events that it is for. What is wrong for all of them is an error; what is wrong for some is
 * a warning, since these never pass. Where no event is known yet, nothing can be checked but its form.
 *
 * @throws BadInputError that shows the place
 */
export function checkFilter(text: string, filter: Expression, events: readonly EventDescription[]): Checked {
  if (events.length === 0) {
    kindOf(filter, () => undefined);
    return {
      labels: new Map(),
      warnings: ["no running program has such an event, so the names in the filter were not checked"],
    };
  }
  const names = namesIn(filter);
  for (const name of names) refuseSameHash(text, name, events);
  const labels = new Map<string, bigint>();
  for (const { name, at, length } of names) {
    if (events.some(({ fields }) => fields.some((field) => field.name === name))) continue;
    const values = labelValues(name, events);
    const [value] = values;
    if (values.size > 1)
      throw filterError(text, at, length, `${name} has different values in the events' enumerations`);
    if (value === undefined) throw unknown(text, { name, at, length }, events);
    labels.set(name, value);
  }
  return { labels, warnings: judge(labels) };

  function judge(known: ReadonlyMap<string, bigint>): string[] {
    const lacking = new Set<string>();
    const wrong = new Map<string, string>();
    let right = 0;
    let firstError: unknown;
    let firstLack: { readonly name: string; readonly at: number; readonly length: number } | undefined;
    for (const event of events) {
      const types = new Map(event.fields.map(({ name, type }) => [name, type]));
      const lack = names.find(({ name }) => !known.has(name) && !types.has(name));
      const id = `${event.provider}:${event.name}`;
      if (lack !== undefined) {
        firstLack ??= lack;
        lacking.add(id);
        continue;
      }
      try {
        kindOf(filter, (name) => types.get(name));
        right++;
      } catch (error) {
        firstError ??= error;
        wrong.set(id, error instanceof Error ? error.message : String(error));
      }
    }
    if (right === 0 && firstError !== undefined) throw firstError;
    if (right === 0 && firstLack !== undefined)
      throw filterError(text, firstLack.at, firstLack.length, "no event has all of the filter's fields");
    const [wrongOne] = wrong;
    return [
      ...(lacking.size > 0 ? [`${some(lacking)} not all of the filter's fields, so never passes`] : []),
      ...(wrongOne === undefined ? [] : [`${wrongOne[0]} never passes: ${wrongOne[1]}`]),
    ];
  }

  /** The kind of an expression's value. Without a field's type, it may be any. */
  function kindOf(of: Expression, typeOf: (name: string) => FieldType | undefined): Kind | undefined {
    const result = kindIn(of, typeOf);
    if (result === "string")
      throw filterError(text, of.at, of.length, "a string is neither true nor false; compare it");
    return result;
  }

  function kindIn(of: Expression, typeOf: (name: string) => FieldType | undefined): Kind | undefined {
    switch (of.kind) {
      case "integer":
      case "float":
      case "string":
        return of.kind;
      case "name": {
        const type = typeOf(of.name);
        if (type?.kind === "sequence")
          throw filterError(text, of.at, of.length, `${of.name} is a sequence; a filter can't look into it`);
        return type?.kind === "enumeration" ? "integer" : type?.kind;
      }
      case "unary": {
        const kind = kindIn(of.of, typeOf);
        expectNumber(of.operator, of.of, kind);
        if (of.operator === "~" && kind === "float")
          throw filterError(text, of.of.at, of.of.length, "~ takes an integer, and this is a float");
        return of.operator === "!" ? "integer" : kind;
      }
      case "binary":
        return binaryKind(of, kindIn(of.left, typeOf), kindIn(of.right, typeOf));
    }
  }

  function expectNumber(operator: string, side: Expression, kind: Kind | undefined): void {
    if (kind === "string")
      throw filterError(text, side.at, side.length, `${operator} takes a number, and this is a string`);
  }

  function binaryKind(
    { operator, left, right }: Extract<Expression, { readonly kind: "binary" }>,
    a: Kind | undefined,
    b: Kind | undefined,
  ): Kind | undefined {
    if (operator === "=~" || operator === "!~") {
      for (const [side, kind] of [
        [left, a],
        [right, b],
      ] as const) {
        if (kind !== undefined && kind !== "string")
          throw filterError(
            text,
            side.at,
            side.length,
            `${operator} compares a string with a pattern; this is a number`,
          );
      }
      return "integer";
    }
    if (operator === "==" || operator === "!=") {
      if (a !== undefined && b !== undefined && (a === "string") !== (b === "string"))
        throw filterError(
          text,
          right.at,
          right.length,
          `${withArticle(a)} and ${withArticle(b)} are never equal`,
        );
      return "integer";
    }
    expectNumber(operator, left, a);
    expectNumber(operator, right, b);
    if (/^[&|^]$/.test(operator)) {
      for (const [side, kind] of [
        [left, a],
        [right, b],
      ] as const) {
        if (kind === "float")
          throw filterError(text, side.at, side.length, `${operator} takes integers, and this is a float`);
      }
    }
    if ((operator === "/" || operator === "%") && "value" in right && Number(right.value) === 0)
      throw filterError(text, right.at, right.length, "a division by zero");
    if (!/^[-+*/%&|^]$/.test(operator)) return "integer";
    return a === undefined || b === undefined
      ? undefined
      : a === "float" || b === "float"
        ? "float"
        : "integer";
  }
}

function some(ids: ReadonlySet<string>): string {
  const [first = "", second] = ids;
  if (second === undefined) return `${first} has`;
  return ids.size === 2
    ? `each of ${first} and ${second} has`
    : `each of ${first}, ${second} and ${ids.size - 2} more has`;
}

/** A tracepoint knows a field by its name's hash alone: it must be of no other field of an event that may be asked. */
function refuseSameHash(text: string, { name, at, length }: Name, events: readonly EventDescription[]): void {
  const hash = hashOf(name);
  for (const event of events) {
    const other = event.fields.find((field) => field.name !== name && hashOf(field.name) === hash);
    if (other === undefined) continue;
    const id = `${event.provider}:${event.name}`;
    throw filterError(
      text,
      at,
      length,
      `${id} has a field ${other.name}, which tracepoints can't tell from ${name} (the names have the same hash): rename one`,
    );
  }
}

type Name = { readonly name: string; readonly at: number; readonly length: number };

function namesIn(filter: Expression): Name[] {
  switch (filter.kind) {
    case "name":
      return [filter];
    case "unary":
      return namesIn(filter.of);
    case "binary":
      return [...namesIn(filter.left), ...namesIn(filter.right)];
    default:
      return [];
  }
}

function withArticle(kind: string): string {
  return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}

function labelValues(name: string, events: readonly EventDescription[]): Set<bigint> {
  const types = events.flatMap(({ fields }) => fields.map(({ type }) => type));
  return new Set(
    types.flatMap((type) => {
      const value = type.kind === "enumeration" ? type.labels.get(name) : undefined;
      return value === undefined ? [] : [BigInt(value)];
    }),
  );
}

function unknown(text: string, { name, at, length }: Name, events: readonly EventDescription[]): Error {
  const fields = [...new Set(events.flatMap((event) => event.fields.map((field) => field.name)))].toSorted();
  const close = suggest(name, fields);
  const known = fields.length === 0 ? "they have no fields" : `they have ${fields.slice(0, 20).join(", ")}`;
  const asked = close === undefined ? known : `did you mean ${close}?`;
  return filterError(text, at, length, `none of the events has a field "${name}": ${asked}`);
}
