import { BadInputError } from "../../spec/tlc/base/errors.js";
import type { Value } from "../../spec/tlc/value/value-tree.js";
import { ASLEEP, IDLE } from "../contract/plan.js";
import { stateWords } from "../contract/words.js";
import type { Threads } from "./instances.js";

/**
 * How a state of the specification becomes a vector of whole numbers that an implementation can be compared with: the
 * one place where each variable of Urcu is mapped to what the code has (contract/plan.ts says what the words mean). The
 * drivers look at an implementation in the same way.
 *
 * The threads' locals are left out (number, depth, want, bell, left, scanned, mark, late): they show only in what a
 * thread does next.
 */
export interface Vocabulary {
  readonly cells: number;
  readonly words: readonly string[];
  /** The vector of a state, in the order of `words`. */
  vector(variables: ReadonlyMap<string, Value>): number[];
}

const CELL_CONTENT = ["empty", "live", "freed"];
/** Relative to the raises and the rings of the path so far. */
const GP = 1;
const DOORBELL = 0;

const SLEEPS = new Set(["Asleep", "AsleepAtDoorbell"]);
/** Steps at which an operation begins: a thread that reaches one is between operations, and shows as Idle. */
const BEGINS = new Set(["Idle", "Initialise", "Publish", "Done"]);

/**
 * @param steps step names by id
 * @throws BadInputError (from `vector`) when a state lacks the variables or values of Urcu
 */
export function vocabulary({ updaters, readers }: Threads, steps: readonly string[]): Vocabulary {
  // The one that is published, and one an updater.
  const cells = updaters + 1;
  const slots = range(1, readers);
  const readerThreads = range(updaters, readers);
  const ids = new Map(steps.map((name, id) => [name, id]));
  const stepId = (name: string): number => {
    if (SLEEPS.has(name)) return ASLEEP;
    if (BEGINS.has(name)) return IDLE;
    const id = ids.get(name);
    if (id === undefined)
      throw new BadInputError(`A thread's pc is "${name}", which is not a step of the specification`);
    return id;
  };
  return {
    cells,
    words: stateWords(updaters, readers, cells),
    vector(variables) {
      const once = (name: string): number => number(variable(variables, name), name);
      const at = (name: string, index: number): Value => apply(variable(variables, name), index, name);
      const each = (name: string, indices: readonly number[]): number[] =>
        indices.map((index) => number(at(name, index), name));
      const gp = once("gp");
      const age = (announced: number): number => (announced === 0 ? 0 : announced < gp ? 1 : 2);
      return [
        ...[GP, once("begun") - gp, gp - once("ended")],
        ...[once("leader"), DOORBELL, once("sleepers"), once("registered"), once("used"), once("head")],
        ...range(0, cells).map((c) => CELL_CONTENT.indexOf(text(at("cell", c), "cell"))),
        ...each("announced", slots).map(age),
        ...each("notice", slots),
        ...each("owner", slots),
        ...each("slot", readerThreads),
        ...each("held", readerThreads),
        ...each("mine", range(0, updaters)),
        ...range(0, updaters + readers).map((t) => stepId(text(at("pc", t), "pc"))),
      ];
    },
  };
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
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
