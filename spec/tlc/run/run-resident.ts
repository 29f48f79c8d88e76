import { Interrupted } from "../base/errors.js";
import type { LinkedLibraries } from "./library-links.js";
import { type TlcOutcome, toOutcome } from "./outcome.js";
import { RunOutput } from "./run-output.js";
import type { TlcRun } from "./tlc-run.js";

/**
 * Makes a run in a Java process that stays. Undefined when it has to be made by a plain start of TLC: because something
 * about it is special, or because what came of it was not to be believed. Throws Interrupted.
 */
export async function runResident(
  model: TlcRun,
  arguments_: readonly string[],
  libraries: LinkedLibraries,
): Promise<TlcOutcome | undefined> {
  if (model.residents === undefined || !isOrdinary(model)) return undefined;
  const started = performance.now();
  const output = new RunOutput(libraries, { onProgress: model.onProgress });
  const answer = await model.residents.run({
    heapMiB: model.memoryMiB ?? model.tools.java.choices?.heapMiB ?? 1024,
    coverage: model.coverage ?? false,
    libraries: libraries.folders,
    arguments: arguments_,
    onOutput: (chunk) => output.push(chunk),
    ...(model.signal && { signal: model.signal }),
    ...(model.timeoutMs !== undefined && { timeoutMs: model.timeoutMs }),
  });
  if (answer.kind === "aborted") throw new Interrupted();
  if (answer.kind === "failed") return undefined;
  output.end();
  const timedOut = answer.kind === "timed out";
  return toOutcome(
    {
      ...(answer.kind === "ended" ? { exitCode: answer.exitCode } : { signal: "SIGKILL" }),
      timedOut,
      aborted: false,
      missing: false,
      stdout: "",
      stderr: "",
      seconds: (performance.now() - started) / 1000,
    },
    output.messages,
  );
}

/** Does the process that stays do all that is asked for? What it is told of each run is the model, and no more. */
function isOrdinary(model: TlcRun): boolean {
  return (
    model.short === true &&
    (model.workers ?? 1) === 1 &&
    (model.options ?? []).length === 0 &&
    (model.jars ?? []).length === 0 &&
    model.stackMiB === undefined &&
    model.javaProperties === undefined &&
    model.environment === undefined &&
    model.mode === undefined &&
    model.dotFile === undefined &&
    model.checkpoint === undefined &&
    model.onMessage === undefined
  );
}
