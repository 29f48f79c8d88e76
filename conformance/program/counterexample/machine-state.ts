import type { TraceState } from "../../../spec/tlc/output/trace.js";
import type { Value } from "../../../spec/tlc/value/value-tree.js";
import { elementsOf, entriesOf, numberOf, textOf } from "./machine-code.js";

/** A state of module Machine, as far as the table needs it; threads by their names. */
export interface MachineState {
  readonly memory: ReadonlyMap<string, number>;
  readonly register: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Positions of a thread's code that are performed, from 1. */
  readonly performed: ReadonlyMap<string, ReadonlySet<number>>;
  /** By sender: the threads that have taken the interrupt that it is sending. */
  readonly taken: ReadonlyMap<string, ReadonlySet<string>>;
  /** Signals sent and not yet handled: `thread word`. */
  readonly pending: readonly string[];
  /** Number of a thread's schedule, from 1. */
  readonly code: ReadonlyMap<string, number>;
  /** Threads that were killed, and those whose interrupt has reached nobody: of models that have such (Successor). */
  readonly dead: readonly string[];
  readonly missed: readonly string[];
}

/** @throws BadInputError when the state is not one of module Machine */
export function readState({ variables }: TraceState): MachineState {
  const map = <T>(name: string, read: (value: Value) => T): Map<string, T> =>
    new Map(entriesOf(variables.get(name)).map(([key, value]) => [key, read(value)]));
  const threads = (name: string): string[] =>
    variables.has(name) ? elementsOf(variables.get(name)).map(textOf) : [];
  return {
    memory: map("memory", numberOf),
    register: map("register", (value) => new Map(registersOf(value))),
    performed: map("performed", (value) => new Set(elementsOf(value).map(numberOf))),
    taken: map("taken", (value) => new Set(elementsOf(value).map(textOf))),
    pending: elementsOf(variables.get("pending")).map((signal) => elementsOf(signal).map(textOf).join(" ")),
    code: map("code", numberOf),
    dead: threads("dead"),
    missed: threads("missed"),
  };
}

/** A thread without registers has the empty function, which is printed as the empty sequence. */
function registersOf(value: Value): (readonly [string, number])[] {
  return entriesOf(value).map(([name, number]) => [name, numberOf(number)] as const);
}
