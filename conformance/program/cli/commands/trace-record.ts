import type { Command } from "commander";
import { UsageError } from "../../../../spec/tlc/base/errors.js";
import { programCommand, shellWord } from "../../../base/command.js";
import { createProgress } from "../../../base/terminal.js";
import { type CommandContext, printJson, printSchema, wholeNumber } from "../shared/context.js";
import { addDirectory } from "./trace-switch.js";

interface RecordCommandOptions {
  readonly out?: string;
  readonly directory?: string;
  readonly pid: readonly number[];
  readonly program: readonly string[];
  readonly seconds?: number;
  readonly snapshot?: boolean;
  readonly json?: boolean;
  readonly schema?: boolean;
}

/** `quiesce trace record`: what is switched on, into a folder. */
export function addTraceRecord(trace: Command, context: CommandContext): void {
  const pid = wholeNumber("--pid", 1, 0x7fffffff);
  addDirectory(
    trace
      .command("record")
      .description("record what is switched on, of running programs and of those to come"),
  )
    .option("--out <folder>", "where the recording goes; an older one there goes on")
    .option(
      "--pid <n>",
      "only this process; may be given again",
      (text: string, all: readonly number[]) => [...all, pid(text)],
      [],
    )
    .option(
      "--program <pattern>",
      "only programs with this name; may be given again",
      (text: string, all: readonly string[]) => [...all, text],
      [],
    )
    .option("--seconds <n>", "end after so many seconds", wholeNumber("--seconds", 1, 1_000_000_000))
    .option("--snapshot", "take what is in the buffers, and end: for channels that overwrite")
    .option("--json", "print what was recorded as JSON on standard output")
    .option("--schema", "print the JSON schema for --json and exit")
    .addHelpText("after", HELP)
    .action(async (options: RecordCommandOptions) => {
      if (options.schema) return printSchema("trace");
      const { out, directory, seconds } = options;
      if (out === undefined || out === "")
        throw new UsageError("--out must say where the recording goes", {
          hint: "quiesce trace record --out recorded",
        });
      const { record, TraceError } = await import("../../../../native/js/tracing/index.js");
      const { showRecorded } = await import("../../tracing/show.js");
      const progress = await createProgress(options.json === true && !process.stderr.isTTY);
      const until = seconds === undefined ? "until Ctrl-C" : `for ${seconds} s`;
      const recorded = await record(out, {
        signal: context.signal,
        onWarning: (message) => progress.line(`warning: ${message}`),
        ...(directory !== undefined && { directory }),
        ...(seconds !== undefined && { seconds }),
        ...(options.snapshot && { snapshot: true }),
        pids: options.pid,
        programs: options.program,
        onStart: () => {
          if (!options.snapshot) progress.line(`Recording into ${out} ${until}.`);
        },
        onProgress: (so) =>
          progress.update([`Recording  ${showRecorded(so)}`], `Recording  ${showRecorded(so)}`),
      })
        .catch((error: unknown) => {
          // All that is said after Ctrl-C is that it was; what could not be written is worth more words.
          if (context.signal.aborted && error instanceof TraceError)
            progress.line(`warning: ${error.message}${error.hint === undefined ? "" : `. ${error.hint}`}`);
          throw error;
        })
        .finally(() => progress.done());
      if (options.json) return printJson({ recorded: { folder: out, ...recorded } });
      process.stdout.write(
        `${showRecorded(recorded)}, in ${out}\nNext: ${programCommand()} trace view ${shellWord(out)}\n`,
      );
    });
}

const HELP = `
The recording is CTF 1.8: a folder for each process, which babeltrace2 and Trace Compass read, too. It may begin before the
programs do. Ended by Ctrl-C, it has everything that was recorded by then.

Examples:
  quiesce trace record --out recorded                    until Ctrl-C
  quiesce trace record --out recorded --seconds 10
  quiesce trace record --out recorded --program server
  quiesce trace record --out last --snapshot             what the buffers hold: the last moments

Exit codes: 0 recorded; 2 usage error; 3 the environment lacks something: a compiler, room, a right; 130 ended by Ctrl-C,
with what was recorded by then.`;
