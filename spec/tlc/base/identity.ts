import { readFileSync, readlinkSync } from "node:fs";

/** What no other process has, now or later: its number, when it was started, and where the number counts. */
export interface Identity {
  readonly pid: number;
  /** In ticks since the system was started. */
  readonly started?: string;
  readonly boot?: string;
  /** A container may have its own numbers. */
  readonly namespace?: string;
}

/** The identity of the process that has this number now; without a start where there is none, or none that we may see. */
export function identityOf(pid: number = process.pid): Identity {
  const stat = read(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses, and may have spaces.
  const started = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  const boot = read("/proc/sys/kernel/random/boot_id")?.trim();
  const namespace = link("/proc/self/ns/pid");
  return {
    pid,
    ...(started !== undefined && { started }),
    ...(boot !== undefined && { boot }),
    ...(namespace !== undefined && { namespace }),
  };
}

/** Whether the process that was written down, as JSON, still runs. Undefined where that can't be seen from here. */
export function stillRuns(text: string): boolean | undefined {
  const owner = parse(text);
  if (owner === undefined) return false;
  const now = identityOf(owner.pid);
  if (owner.boot !== now.boot) return false;
  if (owner.namespace !== now.namespace) return undefined;
  return now.started !== undefined && owner.started === now.started;
}

function parse(text: string): Identity | undefined {
  try {
    const value = JSON.parse(text) as Partial<Identity> | null;
    return Number.isInteger(value?.pid) ? (value as Identity) : undefined;
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function link(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
