import { accessSync, constants, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";

/**
 * The cores that this process may run on, if it can pin others to them: on Linux with util-linux's taskset.
 * Empty otherwise. Threads that hand each other the turn are twice as fast on one core as on two, and each
 * core can replay paths of its own.
 */
export function coresToPin(): { readonly taskset: string; readonly cores: readonly number[] } | null {
  const taskset = process.platform === "linux" ? found("taskset") : null;
  if (taskset === null) return null;
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "";
    const cores = parseCoreList(list);
    return cores.length === 0 ? null : { taskset, cores };
  } catch {
    return null;
  }
}

/** How many processes can replay side by side. */
export function coreCount(): number {
  return coresToPin()?.cores.length ?? availableParallelism();
}

/** The kernel's notation: "0-2,5" is 0, 1, 2, 5. */
export function parseCoreList(list: string): number[] {
  return list.split(",").flatMap((part) => {
    const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    if (from === undefined) return [];
    const first = Number(from);
    return Array.from({ length: Number(to ?? from) - first + 1 }, (_, i) => first + i);
  });
}

function found(program: string): string | null {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const file = join(folder, program);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here.
    }
  }
  return null;
}
