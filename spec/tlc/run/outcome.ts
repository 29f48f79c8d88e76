import type { RunResult } from "../base/process.js";
import type { TlcMessage } from "../output/messages.js";
import { readReport, type TlcReport } from "../output/report.js";

/** The outcome of a run. It is not a verdict (see verdict.ts). */
export interface TlcOutcome {
  /** Undefined when TLC was ended by a signal or could not be started. */
  readonly exitCode?: number;
  readonly signal?: string;
  readonly timedOut: boolean;
  /** Everything that TLC said, in order. */
  readonly messages: readonly TlcMessage[];
  readonly report: TlcReport;
  /** What Java wrote to its error output, shortened. */
  readonly stderr: string;
  /** Wall time. */
  readonly seconds: number;
}

/** The outcome of a process of TLC that was not aborted, from everything that it said. */
export function toOutcome(result: RunResult, messages: readonly TlcMessage[]): TlcOutcome {
  return {
    ...(result.exitCode !== undefined && { exitCode: result.exitCode }),
    ...(result.signal !== undefined && { signal: result.signal }),
    timedOut: result.timedOut,
    messages,
    report: readReport(messages),
    stderr: result.failure ?? result.stderr.slice(-4096),
    seconds: result.seconds,
  };
}
