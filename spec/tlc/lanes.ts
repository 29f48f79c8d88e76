import { printValue } from "./value.js";
import type { Value } from "./value-tree.js";

/**
 * What a module says of the lanes in which its counterexamples are to be told, in a comment line of its own:
 *
 *     \* Lanes: 0 = updater, n = reader n, else = the kernel, not = cell slot
 *
 * The keys are the arguments of the functions that are indexed by threads (or CPUs): a value as TLA+ has it, or `n` for
 * any other number. `else` is who takes the steps that change no one thread's part. `not` names the variables that are
 * indexed by something else, though it looks like threads.
 */
export interface Lanes {
  /** The title of a thread. */
  readonly titleOf: (thread: Value) => string;
  /** Are these, all of them, threads with a lane? Of a module that says nothing it is never said. */
  readonly areThreads: (keys: readonly Value[]) => boolean;
  /** Is a variable that looks as if it were indexed by threads indexed by something else? */
  readonly isOther: (variable: string) => boolean;
  /** Whose steps those of no one thread are. */
  readonly other?: string;
}

/** The line of a module that names its lanes; what it says is the first group. */
export const LANES_LINE = /^\s*(?:\\\*|\(\*)\s*Lanes:\s*(.*?)\s*(?:\*\))?\s*$/m;

/** Reads the lanes of a model: the first module that has such a line decides. */
export function readLanes(texts: readonly string[]): Lanes {
  const line = texts.map((text) => LANES_LINE.exec(text)?.[1]).find((found) => found !== undefined);
  const titles = new Map<string, string>();
  for (const [, key = "", title = ""] of (line ?? "").matchAll(/("[^"]*"|[^\s,=]+)\s*=\s*([^,]+)/g))
    titles.set(key, title.trim());
  const general = titles.get("n");
  const other = titles.get("else");
  const notThreads = new Set(titles.get("not")?.split(/\s+/));
  const titled = (value: Value): string | undefined =>
    titles.get(printValue(value)) ??
    (value.kind === "integer" && general !== undefined
      ? general.replace(/\bn\b/g, String(value.value))
      : undefined);
  return {
    titleOf: (thread) => titled(thread) ?? plainTitle(thread),
    areThreads: (keys) => titles.size > 0 && keys.every((key) => titled(key) !== undefined),
    isOther: (variable) => notThreads.has(variable),
    ...(other !== undefined && { other }),
  };
}

/** Lanes of a model that says nothing about them. */
export const NO_LANES: Lanes = readLanes([]);

function plainTitle(thread: Value): string {
  if (thread.kind === "string") return thread.value;
  return thread.kind === "integer" ? `thread ${thread.value}` : printValue(thread);
}
