import type { TraceState } from "../../../spec/tlc/output/trace.js";
import { printValue } from "../../../spec/tlc/value/value.js";
import type { Value } from "../../../spec/tlc/value/value-tree.js";

/** A step of a trace: from the state before to the state after. */
export interface TraceStep {
  readonly before: TraceState;
  readonly after: TraceState;
}

/** The threads of a trace, and each step's thread; undefined where that is unknown. */
export interface TraceThreads {
  /** Those that functions are indexed by. */
  readonly threads: readonly Value[];
  /** The titles of all threads: of these, then of those whose position a variable of the model holds. */
  readonly titles: readonly string[];
  /** The index of a step's thread in `titles`. */
  readonly threadOf: (step: TraceStep) => number | undefined;
}

/**
 * How a module names the lanes of its counterexamples, in a separate comment line:
 *
 *     \* Lanes: r <= Readers = reader r, u > Readers = updater u, else = the worker, not = cell before
 *
 * A key is an argument of the functions that are indexed by threads (or CPUs), as TLA+ has it; or any number, under the
 * name that the actions give it (`Scan(u)`), and within a bound, a number or a constant of the configuration. It may
 * also be a variable that says where a thread is when no function is indexed by that thread (`worker = the worker`).
 * `else` is who takes the steps that change no one thread's part. `not` names the variables that are indexed by
 * something else, though it looks like threads, or that only watch the threads.
 */
export interface Lanes {
  /** The title of a thread. */
  readonly titleOf: (thread: Value) => string;
  /** Are all of these threads with a lane? Never true for a module that names no lanes. */
  readonly areThreads: (keys: readonly Value[]) => boolean;
  /** Is a variable that seems to be indexed by threads indexed by something else? */
  readonly isOther: (variable: string) => boolean;
  /** May this thread take the steps of the action? Undefined for an action whose arguments have no lanes. */
  readonly mayTake: (action: string, thread: Value) => boolean | undefined;
  /** The title of the thread whose position a variable holds; undefined for any other variable. */
  readonly titleOfVariable: (variable: string) => string | undefined;
  /** Who takes the steps that belong to no one thread. */
  readonly other?: string;
  /** Does the module name lanes at all? */
  readonly named: boolean;
  /** The threads and what each of them did, where that need not be guessed. */
  readonly known?: TraceThreads;
}

/** The line of a module that names its lanes; the first group is its content. */
export const LANES_LINE = /^\s*(?:\\\*|\(\*)\s*Lanes:\s*(.*?)\s*(?:\*\))?\s*$/m;

/** The threads whose numbers lie on one side of a bound, and the name that actions give to one of them. */
interface Numbered {
  readonly name: string;
  readonly title: string;
  readonly includes: (n: bigint) => boolean;
}

/**
 * Reads the lanes of a model: the first module that has such a line decides.
 *
 * @param texts its modules
 * @param config its configuration, for the constants that are bounds
 */
export function readLanes(texts: readonly string[], config = ""): Lanes {
  const line = texts.map((text) => LANES_LINE.exec(text)?.[1]).find((found) => found !== undefined) ?? "";
  const titles = new Map<string, string>();
  const numbered: Numbered[] = [];
  for (const item of line.split(",")) {
    const [, key, sign, bound, title] =
      /^\s*("[^"]*"|[\w-]+)(?:\s*(<=|>=|<|>)\s*(\w+))?\s*=\s*(.+?)\s*$/.exec(item) ?? [];
    if (key === undefined || title === undefined) continue;
    if (sign === undefined && (key.length > 1 || /\d/.test(key))) titles.set(key, title);
    else numbered.push({ name: key, title, includes: within(sign, bound, config) });
  }
  const other = titles.get("else");
  const watching = new Set(titles.get("not")?.split(/\s+/));
  const laneOf = (value: Value): Numbered | undefined =>
    value.kind === "integer" && !titles.has(String(value.value))
      ? numbered.find(({ includes }) => includes(value.value))
      : undefined;
  const titled = (value: Value): string | undefined => {
    const lane = laneOf(value);
    return lane === undefined
      ? titles.get(printValue(value))
      : lane.title.replace(new RegExp(`\\b${lane.name}\\b`, "g"), printValue(value));
  };
  return {
    titleOf: (thread) => titled(thread) ?? plainTitle(thread),
    areThreads: (keys) => keys.every((key) => titled(key) !== undefined),
    titleOfVariable: (variable) =>
      variable === "else" || variable === "not" ? undefined : titles.get(variable),
    isOther: (variable) => watching.has(variable),
    mayTake: (action, thread) => {
      const names = argumentsOf(action, texts);
      const lanes = numbered.filter(({ name }) => names.includes(name));
      if (lanes.length === 0) return undefined;
      return thread.kind === "integer" && lanes.some(({ includes }) => includes(thread.value));
    },
    ...(other !== undefined && { other }),
    named: line !== "",
  };
}

/** Lanes of a model that says nothing about them. */
export const NO_LANES: Lanes = readLanes([]);

function within(sign: string | undefined, bound: string | undefined, config: string): (n: bigint) => boolean {
  if (sign === undefined || bound === undefined) return () => true;
  const text = /^\d+$/.test(bound) ? bound : new RegExp(`\\b${bound}\\s*=\\s*(\\d+)`).exec(config)?.[1];
  if (text === undefined) return () => false;
  const limit = BigInt(text);
  return (n) => (n === limit ? sign.endsWith("=") : sign.startsWith(">") === n > limit);
}

/** The names that the definition of an action gives to its arguments. */
function argumentsOf(action: string, texts: readonly string[]): string[] {
  if (!/^\w+$/.test(action)) return [];
  const definition = new RegExp(`^\\s*${action}\\(([^)]*)\\)\\s*==`, "m");
  const found = texts.map((text) => definition.exec(text)?.[1]).find((names) => names !== undefined);
  return (found ?? "").split(",").map((name) => name.trim());
}

function plainTitle(thread: Value): string {
  if (thread.kind === "string") return thread.value;
  return thread.kind === "integer" ? `thread ${thread.value}` : printValue(thread);
}
