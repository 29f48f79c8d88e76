import { BenchError } from "./errors.js";

/** A measuring program and its first words. */
export type Command = readonly [string, ...string[]];

/** What a measuring program says: numbers by name. */
export type Figures = Readonly<Record<string, number>>;

/** How a measuring program has ended. */
export interface EndedBench {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The figures of a measuring program that has ended.
 *
 * @throws BenchError
 */
export function figuresFrom({ code, signal, stdout, stderr }: EndedBench): Figures {
  if (signal === "SIGALRM") throw new BenchError("it did not end in time");
  if (signal !== null) throw new BenchError(`it was ended by ${signal}`);
  if (code !== 0) throw new BenchError(stderr.trim() || `it ended with exit code ${code}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(stdout);
  } catch (cause) {
    throw new BenchError(`what it says is not JSON: ${stdout.slice(0, 80)}`, { cause });
  }
  if (typeof parsed !== "object" || parsed === null) throw new BenchError("what it says is not an object");
  const figures: Record<string, number> = {};
  for (const [name, value] of Object.entries(parsed)) {
    if (typeof value === "number" && Number.isFinite(value)) figures[name] = value;
  }
  return figures;
}
