import { totalmem } from "node:os";
import type { Decision } from "./verdict.js";

/** What a run of TLC may use. */
export interface Limits {
  readonly timeoutMs: number;
  /** Bound of the heap in MiB. */
  readonly memoryMiB: number;
}

/** Time limit of a run, where none is given. */
export const TEN_MINUTES = 600_000;

/** Half of what this machine, or the container that we are in, has; Java itself takes some beside its heap. */
export function defaultMemoryMiB(parallel: number): number {
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.min(8192, Math.max(256, Math.floor(bytes / 2 / parallel / 2 ** 20)));
}

/** Adds to a limit that was reached which one it was and how to raise it. */
export function withLimit(decision: Decision, { timeoutMs, memoryMiB }: Limits): Decision {
  if (decision.reason === "not decided within the time limit") {
    return { ...decision, reason: `not decided within ${timeoutMs / 1000} s` };
  }
  if (decision.reason === "TLC ran out of memory") {
    return { ...decision, reason: `TLC ran out of memory (${memoryMiB} MiB)` };
  }
  return decision;
}
