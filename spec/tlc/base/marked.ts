import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

const NAME = "QUIESCE_STARTED_BY";

/** A variable for the environment of a program; all that it starts inherits it, whatever session that is in. */
export function newMark(): Readonly<Record<string, string>> {
  return { [NAME]: randomUUID() };
}

/** Ends every process with this variable in its environment. Where there is no /proc, none is found. */
export function killMarked(mark: Readonly<Record<string, string>>): void {
  const wanted = `${NAME}=${mark[NAME]}`;
  // Somebody may be forking while we look.
  for (let found = true, rounds = 0; found && rounds < ROUNDS; rounds++) {
    found = false;
    for (const pid of processes()) {
      if (!environmentOf(pid).includes(wanted)) continue;
      try {
        process.kill(pid, "SIGKILL");
        found = true;
      } catch {
        // It has just ended.
      }
    }
  }
}

const ROUNDS = 10;

function processes(): number[] {
  try {
    return readdirSync("/proc")
      .map(Number)
      .filter((pid) => pid > 1 && pid !== process.pid);
  } catch {
    return [];
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}
