import { readFileSync } from "node:fs";

/** Processor time so far, in ticks of the kernel's. */
interface Ticks {
  /** Of all processes together. */
  readonly busy: number;
  /** Busy or not. */
  readonly all: number;
  /** Of this process and of those that it has started and that have ended. */
  readonly own: number;
}

/** undefined where /proc says nothing. */
function ticks(): Ticks | undefined {
  try {
    const [, ...times] = (readFileSync("/proc/stat", "utf8").split("\n")[0] ?? "").trim().split(/\s+/);
    const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft = 0, steal = 0] =
      times.map(Number);
    const stat = readFileSync("/proc/self/stat", "utf8");
    // Behind the name, which may have anything in it: utime, stime, cutime and cstime are the fields 14 to 17.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const own = fields.slice(11, 15).reduce((sum, one) => sum + Number(one), 0);
    const busy = user + nice + system + irq + soft + steal;
    return Number.isFinite(busy + own) ? { busy, all: busy + idle + wait, own } : undefined;
  } catch {
    return undefined;
  }
}

/** The part of the machine's time that others had between two moments, from 0 to 1. */
export function othersShare(before: Ticks, after: Ticks): number {
  const all = after.all - before.all;
  const others = after.busy - before.busy - (after.own - before.own);
  return all <= 0 ? 0 : Math.min(1, Math.max(0, others / all));
}

/** From here on a machine is so busy that what depends on its speed may be missed, or be seen by mistake. */
export const BUSY = 0.25;

/**
 * Watches how much of the machine's time others have: what this process does itself, and the processes that it starts
 * and waits for, is not in it, as it would be in a load average.
 *
 * @returns the share since the call; undefined where nothing can be found out
 */
export function watchOthers(): () => number | undefined {
  const before = ticks();
  return () => {
    const after = ticks();
    return before === undefined || after === undefined ? undefined : othersShare(before, after);
  };
}
