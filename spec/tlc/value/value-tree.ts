/**
 * A TLA+ value as TLC prints it. Equal values have equal trees, whatever TLC chose to print: build them with the
 * functions of this file, which sort and choose the form. Sets are sorted, without duplicates; a function whose domain
 * is 1..n is a sequence, one whose domain is field names is a record; the empty function is the empty sequence.
 * `[S -> T]` and the like are sets that TLC did not enumerate.
 */
export type Value =
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "model"; readonly name: string }
  | { readonly kind: "set"; readonly elements: readonly Value[] }
  /** A set of more than `LONGEST_RUN` consecutive integers; shorter ones are plain sets. */
  | { readonly kind: "interval"; readonly from: bigint; readonly to: bigint }
  | { readonly kind: "sequence"; readonly elements: readonly Value[] }
  | { readonly kind: "record"; readonly fields: ReadonlyMap<string, Value> }
  | { readonly kind: "function"; readonly entries: readonly (readonly [Value, Value])[] }
  /** SUBSET S */
  | { readonly kind: "powerset"; readonly of: Value }
  /** [S -> T] */
  | { readonly kind: "functions"; readonly from: Value; readonly to: Value }
  /** [a: S, b: T] */
  | { readonly kind: "records"; readonly fields: ReadonlyMap<string, Value> }
  /** S \X T */
  | { readonly kind: "product"; readonly factors: readonly Value[] }
  /** Seq(S) */
  | { readonly kind: "sequences"; readonly of: Value }
  /** Nat, Int, Real, STRING */
  | { readonly kind: "builtin"; readonly name: string }
  /** What TLC prints as an expression of the source: `[n \in Nat |-> <expression ...>]`. */
  | { readonly kind: "opaque"; readonly text: string };

/**
 * The longest run of integers that is kept as a plain set. TLC prints 1..3 or {1, 2, 3} depending on how the set came
 * about.
 */
export const LONGEST_RUN = 16n;

export const boolean = (value: boolean): Value => ({ kind: "boolean", value });
export const integer = (value: bigint | number): Value => ({ kind: "integer", value: BigInt(value) });
export const string = (value: string): Value => ({ kind: "string", value });
export const model = (name: string): Value => ({ kind: "model", name });
export const sequence = (elements: readonly Value[]): Value => ({ kind: "sequence", elements });

/** The set from..to; empty if from > to. */
export function interval(from: bigint | number, to: bigint | number): Value {
  const first = BigInt(from);
  const last = BigInt(to);
  if (last - first >= LONGEST_RUN) return { kind: "interval", from: first, to: last };
  const elements: Value[] = [];
  for (let i = first; i <= last; i++) elements.push(integer(i));
  return { kind: "set", elements };
}

/** A finite set, in any order, duplicates allowed. */
export function set(elements: readonly Value[]): Value {
  const sorted = [...elements].sort(compareValues);
  const distinct = sorted.filter((v, i) => i === 0 || compareValues(v, sorted[i - 1] as Value) !== 0);
  const first = distinct[0];
  const last = distinct.at(-1);
  if (BigInt(distinct.length) > LONGEST_RUN && first?.kind === "integer" && last?.kind === "integer") {
    if (last.value - first.value === BigInt(distinct.length - 1)) return interval(first.value, last.value);
  }
  return { kind: "set", elements: distinct };
}

/** Field names as TLC prints them in a record: underscores, a letter, then letters, digits, underscores. */
const FIELD_NAME = /^_*\p{L}[\p{L}\p{N}_]*$/u;

/** A function from its pairs (argument, result), in any order; of equal arguments the first wins, as in @@. */
export function fn(entries: readonly (readonly [Value, Value])[]): Value {
  const sorted = [...entries]
    .sort((a, b) => compareValues(a[0], b[0]))
    .filter(([key], i, all) => i === 0 || !equalValues(key, (all[i - 1] as readonly [Value, Value])[0]));
  if (sorted.every(([key], i) => key.kind === "integer" && key.value === BigInt(i + 1))) {
    return sequence(sorted.map(([, value]) => value));
  }
  if (sorted.every(([key]) => key.kind === "string" && FIELD_NAME.test(key.value))) {
    const fields = sorted.map(([key, value]) => [(key as { value: string }).value, value] as const);
    return { kind: "record", fields: new Map(fields) };
  }
  return { kind: "function", entries: sorted };
}

/** A record from its fields, in any order. */
export function record(fields: Iterable<readonly [string, Value]>): Value {
  return fn([...fields].map(([name, value]) => [string(name), value] as const));
}

/** [a: S, b: T] from its fields, in any order. */
export function records(fields: Iterable<readonly [string, Value]>): Value {
  return { kind: "records", fields: new Map([...fields].sort(([a], [b]) => compareText(a, b))) };
}

const RANK: Record<Value["kind"], number> = {
  boolean: 0,
  integer: 1,
  string: 2,
  model: 3,
  set: 4,
  interval: 5,
  sequence: 6,
  record: 7,
  function: 8,
  powerset: 9,
  functions: 10,
  records: 11,
  product: 12,
  sequences: 13,
  builtin: 14,
  opaque: 15,
};

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const compareNumber = (a: bigint | number, b: bigint | number): number => (a < b ? -1 : a > b ? 1 : 0);

/** What a value consists of, in the order of comparison: texts and numbers compare, values recurse. */
function parts(v: Value): readonly (string | bigint | Value)[] {
  switch (v.kind) {
    case "boolean":
      return [v.value ? 1n : 0n];
    case "integer":
    case "string":
      return [v.value];
    case "model":
    case "builtin":
      return [v.name];
    case "opaque":
      return [v.text];
    case "interval":
      return [v.from, v.to];
    case "set":
    case "sequence":
      return v.elements;
    case "product":
      return v.factors;
    case "record":
    case "records":
      return [...v.fields].flat();
    case "function":
      return v.entries.flat();
    case "powerset":
    case "sequences":
      return [v.of];
    case "functions":
      return [v.from, v.to];
  }
}

/** A total order of all values, the same in every run: by kind, then by size, then by content. */
export function compareValues(a: Value, b: Value): number {
  if (a === b) return 0;
  if (a.kind !== b.kind) return compareNumber(RANK[a.kind], RANK[b.kind]);
  const left = parts(a);
  const right = parts(b);
  if (left.length !== right.length) return compareNumber(left.length, right.length);
  for (const [i, x] of left.entries()) {
    const y = right[i];
    let order: number;
    if (typeof x === "string") order = compareText(x, y as string);
    else if (typeof x === "bigint") order = compareNumber(x, y as bigint);
    else order = compareValues(x, y as Value);
    if (order !== 0) return order;
  }
  return 0;
}

/** Whether two values are equal in TLA+, as far as TLC printed them out. */
export function equalValues(a: Value, b: Value): boolean {
  return compareValues(a, b) === 0;
}
