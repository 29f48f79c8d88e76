import { readdir, readFile } from "node:fs/promises";
import { run } from "../../spec/tlc/base/process.js";

const DEBUGGER_MS = 20_000;
const MOST_LINES = 120;

/**
 * What the threads of a process and of its children are doing, for a person: their stacks where gdb is there, else what
 * the kernel says of them. Empty where nothing can be found out.
 */
export async function threadsOf(pid: number): Promise<string> {
  const parts: string[] = [];
  for (const one of [pid, ...(await childrenOf(pid))]) parts.push((await stacks(one)) ?? (await states(one)));
  return parts.filter((part) => part !== "").join("\n");
}

async function stacks(pid: number): Promise<string | undefined> {
  const { exitCode, stdout } = await run(
    "gdb",
    ["-p", String(pid), "-batch", "-nx", "-ex", "set pagination off", "-ex", "thread apply all backtrace 12"],
    { timeoutMs: DEBUGGER_MS, graceMs: 0 },
  );
  if (exitCode !== 0) return undefined;
  const lines = stdout.split("\n").filter((line) => /^(?:Thread |#)/.test(line));
  return lines.length === 0 ? undefined : withoutHosts(lines).slice(0, MOST_LINES).join("\n");
}

/** What of a stack says that its thread is Node's own or a lane between two calls, and what that it is in a driver. */
const HOSTS = /\b(?:uv_|uv__|node::|v8::)|\bwork \(argument=\S+\) at \S*\/drive\/host\.c:/;
const DRIVERS = /\bqs_host_|\bperform \(/;

/** The lines of all threads, without those that Node has for itself; all if it has all of them. */
export function withoutHosts(lines: readonly string[]): readonly string[] {
  const threads: string[][] = [];
  for (const line of lines) {
    if (line.startsWith("Thread ") || threads.length === 0) threads.push([]);
    threads.at(-1)?.push(line);
  }
  const own = threads.filter(
    (thread) => thread.some((line) => DRIVERS.test(line)) || !thread.some((line) => HOSTS.test(line)),
  );
  return own.length === 0 ? lines : own.flat();
}

async function states(pid: number): Promise<string> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lines: string[] = [];
  for (const thread of threads) {
    const read = (what: string): Promise<string> =>
      readFile(`/proc/${pid}/task/${thread}/${what}`, "utf8").then(
        (text) => text.trim(),
        () => "",
      );
    const [stat, place, call] = [await read("stat"), await read("wchan"), await read("syscall")];
    const [, name = "?", state = "?"] = /\((.*)\) (\S)/.exec(stat) ?? [];
    lines.push(
      `thread ${thread} (${name}): state ${state}${place === "" || place === "0" ? "" : `, in ${place}`}${/^\d/.test(call) ? `, system call ${call.split(" ")[0]}` : ""}`,
    );
  }
  return lines.join("\n");
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return text
    .split(/\s+/)
    .filter((word) => word !== "")
    .map(Number);
}
