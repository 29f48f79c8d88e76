import { BadInputError, EnvironmentError } from "../../spec/tlc/base/errors.js";
import { run } from "../../spec/tlc/base/process.js";
import type { EndedEarly } from "../base/interrupted.js";
import { type KernelReport, reportOf, reportSoFar } from "./report.js";
import { readTap, readTapSoFar } from "./tap.js";

export interface KernelRunOptions {
  /** Options of the program, see native/kernel/main.c. */
  readonly options?: readonly string[];
  /** A program that runs it, with its own arguments. */
  readonly through?: readonly [string, ...string[]];
  readonly signal?: AbortSignal;
  /** What has ended it, once the signal is aborted; by default it was interrupted. */
  readonly ended?: () => EndedEarly | undefined;
  /** Called with each test's name, and how many there have been. */
  readonly onTest?: (name: string, count: number) => void;
}

/** What the program printed, and what it means. */
export interface KernelRun {
  readonly tap: string;
  readonly report: KernelReport;
}

/** What the program had printed when it was ended, and how TAP says that nothing more comes. */
export function runSoFar(tap: string, endedBy: EndedEarly): KernelRun {
  return { tap: `${tap}\nBail out! ${endedBy}\n`, report: reportSoFar(readTapSoFar(tap), endedBy) };
}

/**
 * Runs the walking program to its end; it, and all that it has started, are gone then. Interrupted, it returns what the
 * program had found out by then.
 *
 * @throws EnvironmentError when it gives no whole answer
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
  if (result.aborted) return runSoFar(tap, options.ended?.() ?? "interrupted");
  if (result.exitCode === undefined || result.failure !== undefined)
    throw new EnvironmentError(
      `the program that asks the kernel could not run: ${result.failure ?? result.signal ?? "unknown"}`,
      result.stderr.trim() === "" ? {} : { hint: result.stderr.trim() },
    );
  // It has said why it did nothing.
  const said =
    result.stderr
      .trim()
      .split("\n")[0]
      ?.replace(/^quiesce-kernel: /, "") ?? "";
  if (tap === "" && said !== "" && result.exitCode === 2) throw new BadInputError(said);
  if (tap === "" && said !== "") throw new EnvironmentError(said);
  return { tap, report: reportOf(readTap(tap), result.exitCode) };
}
