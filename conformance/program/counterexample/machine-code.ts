import { BadInputError } from "../../../spec/tlc/base/errors.js";
import type { Value } from "../../../spec/tlc/value/value-tree.js";

/** An instruction of the machine as compiled: what module Machine prints of it in `Listing`. */
export interface Instruction {
  /** In words: `announced1 <- gp1`. */
  readonly text: string;
  /** The ordering point that it represents, or "". */
  readonly letter: string;
  readonly op: string;
  readonly addr: string;
  /** Words that a pointer may point to. */
  readonly base: readonly string[];
  readonly dst: string;
  readonly use: string;
  readonly val: number;
  /** The register of the condition that it depends on, or "", and the values for which it runs. */
  readonly guard: string;
  readonly given: readonly number[];
  /** The threads that an interrupt goes to; empty: every other one. */
  readonly scope: readonly string[];
  /** Positions of earlier stores of its thread to the same word; what it may read from before they are performed. */
  readonly from: readonly number[];
  /** The fences between it and the instruction before it. */
  readonly fences: readonly { readonly text: string; readonly letter: string }[];
}

/** The code of each thread, by thread, number of the schedule and position, both from 1. */
export type Listing = ReadonlyMap<string, readonly (readonly Instruction[])[]>;

/** Reads what `PrintT(Listing)` printed. Threads are named as TLC prints them, without quotes. */
export function readListing(value: Value): Listing {
  return new Map(
    entriesOf(value).map(([thread, schedules]) => [
      thread,
      elementsOf(schedules).map((s) => elementsOf(s).map(instruction)),
    ]),
  );
}

function instruction(value: Value): Instruction {
  const field = (name: string): Value => {
    const found = value.kind === "record" ? value.fields.get(name) : undefined;
    if (found === undefined)
      throw new BadInputError(`The machine's listing has an instruction without "${name}"`);
    return found;
  };
  return {
    text: textOf(field("text")),
    letter: textOf(field("letter")),
    op: textOf(field("op")),
    addr: textOf(field("addr")),
    base: elementsOf(field("base")).map(textOf),
    dst: textOf(field("dst")),
    use: textOf(field("use")),
    val: numberOf(field("val")),
    guard: textOf(field("guard")),
    given: elementsOf(field("given")).map(numberOf),
    scope: elementsOf(field("scope")).map(textOf),
    from: elementsOf(field("from")).map(numberOf),
    fences: elementsOf(field("fences")).map((fence) => {
      const fields = new Map(entriesOf(fence));
      return { text: textOf(fields.get("text")), letter: textOf(fields.get("letter")) };
    }),
  };
}

/** The pairs of a record, or of a function, its arguments as text. */
export function entriesOf(value: Value | undefined): (readonly [string, Value])[] {
  if (value?.kind === "record") return [...value.fields];
  if (value?.kind === "function") return value.entries.map(([key, result]) => [textOf(key), result]);
  if (value?.kind === "sequence") return value.elements.map((element, i) => [String(i + 1), element]);
  throw new BadInputError("The machine printed something other than a function");
}

/** The elements of a sequence or a set. */
export function elementsOf(value: Value | undefined): readonly Value[] {
  if (value?.kind === "sequence" || value?.kind === "set") return value.elements;
  if (value?.kind === "interval") {
    const length = Math.max(0, Number(value.to - value.from) + 1);
    return Array.from({ length }, (_, i) => ({ kind: "integer", value: value.from + BigInt(i) }));
  }
  throw new BadInputError("The machine printed something other than a sequence or a set");
}

/** The text of a string, a model value or a number; throws a BadInputError for another value. */
export function textOf(value: Value | undefined): string {
  if (value?.kind === "string") return value.value;
  if (value?.kind === "model") return value.name;
  if (value?.kind === "integer") return String(value.value);
  throw new BadInputError("The machine printed something other than a string");
}

/** A whole number; throws a BadInputError for another value. */
export function numberOf(value: Value | undefined): number {
  if (value?.kind === "integer") return Number(value.value);
  throw new BadInputError("The machine printed something other than a whole number");
}
