import { printValue } from "./value.js";
import { equalValues, integer, string, type Value } from "./value-tree.js";

/** A place inside a variable's value: the variable, then the arguments and fields that lead there. */
export interface ValuePath {
  readonly variable: string;
  readonly keys: readonly Value[];
}

/** One thing that differs between two values of a variable. */
export type ValueChange = ValuePath &
  (
    | { readonly kind: "changed"; readonly before: Value; readonly after: Value }
    /** A function's argument or a sequence's element that is new, or gone. */
    | { readonly kind: "added"; readonly after: Value }
    | { readonly kind: "removed"; readonly before: Value }
    /** A set's elements that came and went. */
    | { readonly kind: "elements"; readonly gained: readonly Value[]; readonly lost: readonly Value[] }
  );

/** The arguments and results of a function, a record or a sequence; undefined for any other value. */
export function entriesOf(v: Value): readonly (readonly [Value, Value])[] | undefined {
  switch (v.kind) {
    case "function":
      return v.entries;
    case "record":
      return [...v.fields].map(([name, value]) => [string(name), value] as const);
    case "sequence":
      return v.elements.map((value, i) => [integer(i + 1), value] as const);
    default:
      return undefined;
  }
}

/** What differs between two values, element by element; nothing if they are equal. */
export function changesOf(variable: string, before: Value, after: Value): ValueChange[] {
  return differences({ variable, keys: [] }, before, after);
}

function differences(path: ValuePath, before: Value, after: Value): ValueChange[] {
  if (equalValues(before, after)) return [];
  const whole: ValueChange = { ...path, kind: "changed", before, after };
  if (before.kind === "set" && after.kind === "set") {
    const gained = after.elements.filter((v) => !before.elements.some((w) => equalValues(v, w)));
    const lost = before.elements.filter((v) => !after.elements.some((w) => equalValues(v, w)));
    const emptied =
      gained.length === 0 ? after.elements.length === 0 : before.elements.length === lost.length;
    return emptied && before.elements.length > 0 ? [whole] : [{ ...path, kind: "elements", gained, lost }];
  }
  const old = entriesOf(before);
  const now = entriesOf(after);
  // The empty function has no kind of its own, so what grows from it or shrinks to it is shown whole.
  if (old === undefined || now === undefined || old.length === 0 || now.length === 0) return [whole];
  if ((before.kind === "sequence") !== (after.kind === "sequence")) return [whole];
  const shifted = before.kind === "sequence" && old.length > now.length;
  if (shifted && !now.every(([, value], i) => equalValues(value, (old[i] as readonly [Value, Value])[1]))) {
    return [whole];
  }
  const changes: ValueChange[] = [];
  const rest = new Map(now.map(([key, value]) => [printValue(key), { key, value }]));
  for (const [key, value] of old) {
    const there = { variable: path.variable, keys: [...path.keys, key] };
    const text = printValue(key);
    const match = rest.get(text);
    if (match === undefined) changes.push({ ...there, kind: "removed", before: value });
    else changes.push(...differences(there, value, match.value));
    rest.delete(text);
  }
  for (const { key, value } of rest.values()) {
    changes.push({ variable: path.variable, keys: [...path.keys, key], kind: "added", after: value });
  }
  return changes;
}

/**
 * Prints a change: `pc["r1"]: "idle" -> "Announce"`, `log[3]: new, 5`, `seen: gains r1`. `isIndex` says which string
 * keys stand for themselves rather than for a field's name.
 */
export function printChange(change: ValueChange, isIndex: (key: Value) => boolean = () => false): string {
  const path = change.keys.map((key) =>
    key.kind === "string" && /^\w+$/.test(key.value) && !isIndex(key)
      ? `.${key.value}`
      : `[${printValue(key)}]`,
  );
  const place = change.variable + path.join("");
  switch (change.kind) {
    case "changed":
      return `${place}: ${printValue(change.before)} -> ${printValue(change.after)}`;
    case "added":
      return `${place}: new, ${printValue(change.after)}`;
    case "removed":
      return `${place}: gone, was ${printValue(change.before)}`;
    case "elements": {
      const list = (values: readonly Value[]) => values.map(printValue).join(", ");
      const gains = change.gained.length > 0 ? [`gains ${list(change.gained)}`] : [];
      const loses = change.lost.length > 0 ? [`loses ${list(change.lost)}`] : [];
      return `${place}: ${[...gains, ...loses].join(", ")}`;
    }
  }
}
