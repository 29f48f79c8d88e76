import { EnvironmentError, Interrupted } from "../../spec/tlc/base/errors.js";
import { run } from "../../spec/tlc/base/process.js";
import { type KernelReport, reportOf } from "./report.js";
import { readTap } from "./tap.js";

export interface KernelRunOptions {
  /** Options of the program, see native/kernel/main.c. */
  readonly options?: readonly string[];
  /** A program that runs it, with its own arguments. */
  readonly through?: readonly [string, ...string[]];
  readonly signal?: AbortSignal;
  /** Called with each test's name, and how many there have been. */
  readonly onTest?: (name: string, count: number) => void;
}

/** What the program printed, and what it means. */
export interface KernelRun {
  readonly tap: string;
  readonly report: KernelReport;
}

/**
 * Runs the walking program to its end; it, and all that it has started, are gone then.
 *
 * @throws EnvironmentError when it gives no whole answer; Interrupted
 */
export async function runKernelProgram(file: string, options: KernelRunOptions = {}): Promise<KernelRun> {
  const [command, ...before] = [...(options.through ?? []), file];
  let tap = "";
  let count = 0;
  let rest = "";
  const result = await run(command ?? file, [...before, ...(options.options ?? [])], {
    ...(options.signal && { signal: options.signal }),
    onStdout(chunk) {
      tap += chunk;
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const name = /^(?:not )?ok \d+ - (.*)$/.exec(line)?.[1];
        if (name !== undefined) options.onTest?.(name, ++count);
      }
    },
  });
  if (result.aborted) throw new Interrupted();
  if (result.exitCode === undefined || result.failure !== undefined)
    throw new EnvironmentError(
      `the program that asks the kernel could not run: ${result.failure ?? result.signal ?? "unknown"}`,
      result.stderr.trim() === "" ? {} : { hint: result.stderr.trim() },
    );
  return { tap, report: reportOf(readTap(tap), result.exitCode) };
}
