import { totalmem } from "node:os";

/** What a run of TLC may use. */
export interface Limits {
  /** Wall time in milliseconds; without one, a run may go on for ever. */
  readonly timeoutMs?: number;
  /** Bound of Java's heap in MiB. */
  readonly memoryMiB?: number;
}

/** Time limit of a run, where none is given. */
export const TEN_MINUTES = 600_000;

/** Half the memory of this machine, or of the container that we are in; Java itself needs some besides its heap. */
export function defaultMemoryMiB(parallel: number): number {
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.min(8192, Math.max(256, Math.floor(bytes / 2 / parallel / 2 ** 20)));
}
