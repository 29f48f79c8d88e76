import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Figures } from "./bench-figures.js";
import { BenchError } from "./errors.js";

/** What a recorder has done with a program's events. */
export interface Written {
  /** Events that found no room. */
  readonly lost: number;
  /** Of all that it has written. */
  readonly bytes: number;
  /** Events, where the recorder counts them itself. */
  readonly events?: number;
}

/** The bytes of all files below a folder. */
export function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

/**
 * What a run beside a recorder comes to: events a microsecond that were written, bytes of each, and how many of a hundred
 * were lost.
 *
 * @throws BenchError where an event is neither written nor lost
 */
export function figuresToDisk(figures: Figures, { lost, bytes, events: counted }: Written): Figures {
  const { events = 0, us = 0 } = figures;
  const written = events - lost;
  if (counted !== undefined && counted !== written)
    throw new BenchError(`of ${events} events, ${counted} were written and ${lost} lost`);
  if (written <= 0 || us <= 0) throw new BenchError(`of ${events} events, ${lost} were lost`);
  return {
    written_us: written / us,
    bytes_event: bytes / written,
    lost_percent: (100 * lost) / events,
  };
}
