/** The types of CTF 1.8. Alignments and sizes are in bits. */
export type CtfType =
  | IntegerType
  | { readonly kind: "float"; readonly size: number; readonly align: number; readonly big: boolean }
  | { readonly kind: "string"; readonly align: number }
  | {
      readonly kind: "enum";
      readonly align: number;
      readonly of: IntegerType;
      readonly ranges: readonly { readonly label: string; readonly from: bigint; readonly to: bigint }[];
    }
  | {
      readonly kind: "struct";
      readonly align: number;
      readonly fields: readonly CtfField[];
      /** Those that only say how many elements another one has. */
      readonly counts: ReadonlySet<string>;
    }
  | {
      readonly kind: "variant";
      readonly align: number;
      readonly tag: string;
      readonly fields: readonly CtfField[];
    }
  /** `count` is a number of elements, or the name of the field that has it. */
  | { readonly kind: "array"; readonly align: number; readonly of: CtfType; readonly count: number | string };

export interface IntegerType {
  readonly kind: "integer";
  readonly size: number;
  readonly align: number;
  readonly signed: boolean;
  readonly big: boolean;
  readonly base: number;
  /** Its elements are the characters of a text. */
  readonly text: boolean;
}

export interface CtfField {
  readonly name: string;
  readonly type: CtfType;
}

/** A value that was recorded. A text is its bytes, one a character; `shown` makes it readable. */
export type CtfValue =
  | bigint
  | number
  | { readonly text: string }
  | { readonly label: string | undefined; readonly value: bigint }
  | { readonly hex: bigint; readonly size: number }
  | readonly CtfValue[]
  | CtfRecord;

export interface CtfRecord {
  readonly fields: ReadonlyMap<string, CtfValue>;
  /** Those that only say how many elements another one has. */
  readonly counts: ReadonlySet<string>;
}

/** The trace that a metadata file describes. */
export interface Metadata {
  readonly packetHeader?: CtfType;
  readonly env: ReadonlyMap<string, string>;
  /** Nanoseconds from a clock's value to the time since 1970: value * multiplier / divisor + offset. */
  readonly clock: { readonly frequency: bigint; readonly offsetNs: bigint };
  readonly streams: ReadonlyMap<bigint, StreamClass>;
}

export interface StreamClass {
  packetContext?: CtfType;
  eventHeader?: CtfType;
  eventContext?: CtfType;
  readonly events: Map<bigint, EventClass>;
}

export interface EventClass {
  readonly name: string;
  readonly level: number | undefined;
  readonly context?: CtfType;
  readonly payload?: CtfType;
}

/** The number in a value, if it is one. */
export function numberIn(value: CtfValue | undefined): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== "object") return undefined;
  if ("hex" in value) return value.hex;
  return "value" in value ? value.value : undefined;
}
