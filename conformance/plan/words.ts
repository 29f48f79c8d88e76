import { BadInputError } from "../../spec/tlc/base/errors.js";
import type { Value } from "../../spec/tlc/value/value-tree.js";
import { ASLEEP, IDLE } from "../contract/plan.js";
import { stateWords } from "../contract/words.js";

/**
 * How a state of the specification becomes a vector of whole numbers that an implementation can be compared with: the
 * one place where each variable of Urcu is mapped to what the code has.
 *
 * Numbers of grace periods are relative, since the graph comes back to where it was after each update (see Any in
 * Urcu): the word `gp` is gp less the raises of the path so far, so always 1, and `announced` is the announcement's
 * age: 0 nothing, 1 older than gp, 2 as young as gp. The drivers look at an implementation in the same way.
 *
 * `number` and `depth` are left out: they are locals of the reader and show only in what it does next. `scanned`
 * belongs to the updater and shows in the same way.
 */
export interface Vocabulary {
  readonly readers: number;
  readonly cells: number;
  readonly words: readonly string[];
  /** The vector of a state, in the order of `words`. */
  vector(variables: ReadonlyMap<string, Value>): number[];
}

const CELL_CONTENT = ["empty", "live", "freed"];
const FIRST_GP = 1;

/** Steps at which an operation begins: a thread that reaches one is between operations, and shows as Idle. */
const BEGINS = new Set(["Idle", "Initialise", "Publish", "Done"]);

/**
 * @param steps step names by id
 * @throws BadInputError (from `vector`) when a state lacks the variables or values of Urcu
 */
export function vocabulary(readers: number, cells: number, steps: readonly string[]): Vocabulary {
  const slots = range(1, readers);
  const ids = new Map(steps.map((name, id) => [name, id]));
  const stepId = (name: string): number => {
    if (name === "Asleep") return ASLEEP;
    if (BEGINS.has(name)) return IDLE;
    const id = ids.get(name);
    if (id === undefined)
      throw new BadInputError(`A thread's pc is "${name}", which is not a step of the specification`);
    return id;
  };
  return {
    readers,
    cells,
    words: stateWords(readers, cells),
    vector(variables) {
      const at = (name: string, index: number): Value => apply(variable(variables, name), index, name);
      const gp = number(variable(variables, "gp"), "gp");
      const age = (announced: number): number => (announced === 0 ? 0 : announced < gp ? 1 : 2);
      return [
        FIRST_GP,
        number(variable(variables, "waiting"), "waiting"),
        number(variable(variables, "head"), "head"),
        ...range(0, cells - 1).map((c) => CELL_CONTENT.indexOf(text(at("cell", c), "cell"))),
        ...slots.map((s) => age(number(at("announced", s), "announced"))),
        ...slots.map((s) => number(at("owner", s), "owner")),
        ...slots.map((r) => number(at("slot", r), "slot")),
        ...slots.map((r) => number(at("held", r), "held")),
        ...range(0, readers).map((t) => stepId(text(at("pc", t), "pc"))),
      ];
    },
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

function variable(variables: ReadonlyMap<string, Value>, name: string): Value {
  const value = variables.get(name);
  if (value === undefined)
    throw new BadInputError(`The specification has no variable "${name}", which replay compares`);
  return value;
}

/** The function `value` at `index`; TLC prints a function on 1..n as a sequence, and others as pairs. */
function apply(value: Value, index: number, name: string): Value {
  const result =
    value.kind === "sequence"
      ? value.elements[index - 1]
      : value.kind === "function"
        ? value.entries.find(
            ([argument]) => argument.kind === "integer" && argument.value === BigInt(index),
          )?.[1]
        : undefined;
  if (result === undefined) throw new BadInputError(`The variable "${name}" has no entry ${index}`);
  return result;
}

function number(value: Value, name: string): number {
  if (value.kind !== "integer") throw new BadInputError(`The variable "${name}" is not a whole number`);
  return Number(value.value);
}

function text(value: Value, name: string): string {
  if (value.kind !== "string") throw new BadInputError(`The variable "${name}" is not a string`);
  return value.value;
}
