import { printValue } from "./value.js";
import type { Value } from "./value-tree.js";

/**
 * What a module says of the lanes in which its counterexamples are to be told, in a comment line of its own:
 *
 *     \* Lanes: 0 = updater, n = reader n, else = the kernel
 *
 * The keys are the arguments of the functions that are indexed by threads (or CPUs): a value as TLA+ has it, or `n` for
 * any other number. `else` is who takes the steps that change no one thread's part.
 */
export interface Lanes {
  /** The title of a thread. */
  readonly titleOf: (thread: Value) => string;
  /** Are these, all of them, threads with a lane? Of a module that says nothing it is never said. */
  readonly areThreads: (keys: readonly Value[]) => boolean;
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
  const titled = (value: Value): string | undefined =>
    titles.get(printValue(value)) ??
    (value.kind === "integer" && general !== undefined
      ? general.replace(/\bn\b/g, String(value.value))
      : undefined);
  return {
    titleOf: (thread) => titled(thread) ?? plainTitle(thread),
    areThreads: (keys) => titles.size > 0 && keys.every((key) => titled(key) !== undefined),
    ...(other !== undefined && { other }),
  };
}

/** Lanes of a model that says nothing about them. */
export const NO_LANES: Lanes = readLanes([]);

function plainTitle(thread: Value): string {
  if (thread.kind === "string") return thread.value;
  return thread.kind === "integer" ? `thread ${thread.value}` : printValue(thread);
}
