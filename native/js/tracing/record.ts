import { resolve } from "node:path";
import { throwIfInterrupted } from "../../../spec/tlc/base/errors.js";
import { controller, type TraceOptions } from "./control.js";
import { traceDirectory } from "./directory.js";
import { runLines } from "./lines.js";
import { type Recorded, recordedFrom } from "./told.js";

export interface RecordOptions extends TraceOptions {
  /** Only these processes; and only programs with these names, which may be patterns. */
  readonly pids?: readonly number[];
  readonly programs?: readonly string[];
  /** Take what is in the buffers, those included that overwrite, and end. */
  readonly snapshot?: boolean;
  /** End after so many seconds. */
  readonly seconds?: number;
  /** It has begun. */
  readonly onStart?: () => void;
  /** How far it is. */
  readonly onProgress?: (recorded: Recorded) => void;
}

/**
 * Records what traced programs record, also those that start later, into a folder, as CTF 1.8. Ends after `seconds`, or
 * when the signal is aborted: then what had been recorded by then is the result.
 */
export async function record(out: string, options: RecordOptions = {}): Promise<Recorded> {
  const { pids = [], programs = [], snapshot = false, seconds } = options;
  throwIfInterrupted(options.signal);
  let last: Recorded = { events: 0, bytes: 0, lost: 0, processes: 0 };
  await runLines({
    program: await controller(options),
    args: [
      ...pids.flatMap((pid) => ["--pid", String(pid)]),
      ...programs.flatMap((program) => ["--program", program]),
      ...(snapshot ? ["--snapshot"] : []),
      ...(seconds === undefined ? [] : ["--duration", String(seconds)]),
      ...["record", traceDirectory(options.directory), resolve(out)],
    ],
    signal: options.signal,
    endsWithSignal: true,
    onWarning: options.onWarning,
    onLine(line) {
      if ("recording" in line) options.onStart?.();
      const counts = line["progress"] ?? line["recorded"] ?? line["done"];
      if (counts === undefined) return;
      last = recordedFrom(counts);
      options.onProgress?.(last);
    },
  });
  return last;
}
