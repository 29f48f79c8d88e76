import { COMMAND_BITS } from "../../native/js/membarrier-bits.js";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import { printValue, type Value } from "../../spec/tlc/value/value.js";

/** The variable `last` of Api, while a call has its answer. */
export interface StepRecord {
  readonly by: number;
  readonly step: string;
  readonly command: number;
  readonly flags: number;
  readonly cpu: string;
  readonly answer: number;
}

type Variables = ReadonlyMap<string, Value>;

/** Api's names of what a kernel has, and the bits that QUERY shows for each: a use, and its registration. */
const BITS: Readonly<Record<string, number>> = {
  QUERY: 0,
  GLOBAL: COMMAND_BITS.GLOBAL,
  GE: COMMAND_BITS.GLOBAL_EXPEDITED | COMMAND_BITS.REGISTER_GLOBAL_EXPEDITED,
  PE: COMMAND_BITS.PRIVATE_EXPEDITED | COMMAND_BITS.REGISTER_PRIVATE_EXPEDITED,
  SC: COMMAND_BITS.PRIVATE_EXPEDITED_SYNC_CORE | COMMAND_BITS.REGISTER_PRIVATE_EXPEDITED_SYNC_CORE,
  RS: COMMAND_BITS.PRIVATE_EXPEDITED_RSEQ | COMMAND_BITS.REGISTER_PRIVATE_EXPEDITED_RSEQ,
  GET: COMMAND_BITS.GET_REGISTRATIONS,
};

/** A kernel's part of QUERY's mask; -1 for one that has no such system call. */
export function kernelMask(variables: Variables): number {
  const kinds = elements(variables, "has").map((kind) => (kind.kind === "string" ? kind.value : ""));
  if (!kinds.includes("QUERY")) return -1;
  return kinds.reduce((mask, kind) => {
    const bits = BITS[kind];
    if (bits === undefined) throw new BadInputError(`Api has a kernel with "${kind}", which has no bits`);
    return mask | bits;
  }, 0);
}

/** The step that a state has the answer of; undefined between calls. */
export function stepOf(variables: Variables): StepRecord | undefined {
  const last = variables.get("last");
  if (last?.kind !== "record") throw new BadInputError("Api's states have no record `last`");
  const text = (name: string): string => {
    const value = last.fields.get(name);
    if (value?.kind !== "string") throw new BadInputError(`Api's last.${name} is not a string`);
    return value.value;
  };
  const number = (name: string): number => {
    const value = last.fields.get(name);
    if (value?.kind !== "integer") throw new BadInputError(`Api's last.${name} is not a number`);
    return Number(value.value);
  };
  const step = text("step");
  if (step === "none") return undefined;
  return {
    by: number("by"),
    step,
    command: number("command"),
    flags: number("flags"),
    cpu: text("cpu"),
    answer: number("answer"),
  };
}

/** A step without its answer, in one word for each part; `parseStep` reads it again. */
export function stepText({ by, step, command, flags, cpu }: StepRecord): string {
  return [by, step, command, flags, cpu].join(" ");
}

/** The parts of what `stepText` wrote. */
export function parseStep(text: string): Omit<StepRecord, "answer"> {
  const [by = "", step = "", command = "", flags = "", cpu = ""] = text.split(" ");
  return { by: Number(by), step, command: Number(command), flags: Number(flags), cpu };
}

/** A state for a person: who is there, and each address space's registrations. */
export function stateText(variables: Variables): string {
  const bits = elements(variables, "bits");
  const groups = elements(variables, "group").map(numberOf);
  const spaces = elements(variables, "space").map(numberOf);
  const registered = (space: number): string => {
    const set = bits[space - 1];
    const pairs = set?.kind === "set" ? set.elements.map(pairText) : [];
    const kinds = pairs.filter((pair) => pair.endsWith(" intent")).map((pair) => pair.split(" ")[0] ?? "");
    const named = kinds.map((kind) => (pairs.includes(`${kind} ready`) ? kind : `${kind} (intent only)`));
    return named.length === 0 ? "nothing registered" : `registered: ${named.join(", ")}`;
  };
  const waits = variables.get("waits");
  const there = spaces.flatMap((space, index) => (space === 0 ? [] : [index]));
  const [one, two] = there;
  if (one === undefined) return "nobody is there";
  if (two === undefined) return registered(spaces[one] ?? 0);
  const same = spaces[one] === spaces[two];
  const how =
    groups[two] === groups[one]
      ? "a thread beside it"
      : waits?.kind === "boolean" && waits.value
        ? "its vfork runs"
        : same
          ? "a process that shares its memory"
          : "another process";
  const first = registered(spaces[one] ?? 0);
  return same ? `${how}; ${first}` : `${how}; 1: ${first}; 2: ${registered(spaces[two] ?? 0)}`;
}

function pairText(pair: Value): string {
  if (pair.kind !== "sequence") return printValue(pair);
  return pair.elements.map((part) => (part.kind === "string" ? part.value : printValue(part))).join(" ");
}

function numberOf(value: Value): number {
  return value.kind === "integer" ? Number(value.value) : 0;
}

function elements(variables: Variables, name: string): readonly Value[] {
  const value = variables.get(name);
  if (value?.kind !== "set" && value?.kind !== "sequence")
    throw new BadInputError(`Api's states have no ${name} that is a set or a function of numbers`);
  return value.elements;
}
