import { readdirSync, readFileSync } from "node:fs";

/** What a process's threads together have had of the processors, and have waited for them, in milliseconds. */
export interface Share {
  readonly ran: number;
  readonly waited: number;
}

const NANOSECONDS = 1e6;

/**
 * Reads it from /proc/PID/task/TID/schedstat; nothing where there is no such process, or the kernel keeps no such
 * figures. Threads that have ended are left out.
 */
export function shareOf(pid: number): Share | undefined {
  try {
    let [ran, waited] = [0, 0];
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const [own, others] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8")
        .split(" ")
        .map(Number);
      ran += (own ?? 0) / NANOSECONDS;
      waited += (others ?? 0) / NANOSECONDS;
    }
    return { ran, waited };
  } catch {
    return undefined;
  }
}

/** A program that others keep from the processors has less than this part of the time. */
const LITTLE = 1 / 4;
/** One that sleeps does not wait for them, whatever else runs. */
const MUCH = 1 / 2;

/**
 * Was a program silent for so many milliseconds because others had the processors? If it slept, or ran for long and still
 * said nothing, it was not.
 */
export function isStarved(
  before: Share | undefined,
  after: Share | undefined,
  milliseconds: number,
): boolean {
  if (before === undefined || after === undefined) return false;
  const [ran, waited] = [after.ran - before.ran, after.waited - before.waited];
  return ran < LITTLE * milliseconds && waited > MUCH * milliseconds;
}
