import { statSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * The folder in which traced processes and their controllers meet: what is given, else as the library itself finds it,
 * $QUIESCE_TRACE_DIR, quiesce-trace in $XDG_RUNTIME_DIR if that is ours, or one of our own in shared memory.
 */
export function traceDirectory(given?: string, env: NodeJS.ProcessEnv = process.env): string {
  const named = given ?? env["QUIESCE_TRACE_DIR"];
  if (named !== undefined && named !== "") return resolve(named);
  const user = process.geteuid?.() ?? 0;
  const runtime = env["XDG_RUNTIME_DIR"];
  if (runtime !== undefined && runtime !== "") {
    const found = statSync(runtime, { throwIfNoEntry: false });
    if (found?.isDirectory() === true && found.uid === user) return join(runtime, "quiesce-trace");
  }
  return `/dev/shm/quiesce-trace-${user}`;
}
