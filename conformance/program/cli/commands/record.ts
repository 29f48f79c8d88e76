import { type Command, Option } from "commander";
import { UsageError } from "../../../../spec/tlc/base/errors.js";
import { programCommand, shellWord } from "../../../base/command.js";
import { createProgress } from "../../../base/terminal.js";
import type { IntoOptions } from "../../validation/record-into.js";
import { type CommandContext, EXIT, printJson, printSchema, wholeNumber } from "../shared/context.js";

interface RecordOptions {
  readonly out?: string;
  readonly history?: boolean;
  readonly ring?: boolean;
  readonly overwrite?: boolean;
  readonly mutant?: string;
  readonly seconds: number;
  readonly updaters?: number;
  readonly readers: number;
  readonly events?: number;
  readonly recordings?: number;
  readonly fences?: boolean;
  readonly drain?: number;
  readonly json?: boolean;
  readonly schema?: boolean;
}

/** `quiesce record`: free-running threads of the native library, each of whose steps is recorded in a box. */
export function addRecord(program: Command, context: CommandContext): void {
  const onlySteps = ["history"];
  program
    .command("record")
    .description("record what free-running threads of the native library do, step by step")
    .option(
      "--out <file>",
      "where the recordings go: .jsonl for JSON lines, anything else for the binary format",
    )
    .option("--history", "instead of steps, record sections, grace periods, what is read and what is freed")
    .addOption(
      new Option("--ring", "of a traced thread, its signal handlers, and the recorder of its ring").conflicts(
        ["history", "updaters", "readers"],
      ),
    )
    .option(
      "--overwrite",
      "with --ring: a full ring loses the oldest events, and the recorder takes one snapshot",
    )
    .option(
      "--mutant <name>",
      "of a mutant of the library (native/mutants.json; with --ring, native/drive/ring_mutants.json)",
    )
    .option("--seconds <n>", "stop after so many seconds", wholeNumber("--seconds", 1, 3600), 1)
    .option(
      "--updaters <n>",
      "updating threads (default: 1; 2 with --history)",
      wholeNumber("--updaters", 1, 32),
    )
    .option("--readers <n>", "reading threads", wholeNumber("--readers", 1, 32), 2)
    .option(
      "--events <n>",
      "events in each recording, about (default: 200; 1000000 with --history)",
      wholeNumber("--events", 8, 100_000_000),
    )
    .addOption(
      new Option("--recordings <n>", "stop after so many recordings (default: 100)")
        .argParser(wholeNumber("--recordings", 1, 1_000_000))
        .conflicts(onlySteps),
    )
    .addOption(
      new Option(
        "--fences",
        "a full fence at each step: boxes are exact, and hide what a fence hides",
      ).conflicts(onlySteps),
    )
    .addOption(
      new Option("--drain <ns>", "how long a store may take to be seen, added to all boxes (default: 1000)")
        .argParser(wholeNumber("--drain", 0, 1_000_000_000))
        .conflicts(onlySteps),
    )
    .option("--json", "print what was recorded as JSON on standard output")
    .option("--schema", "print the JSON schema for --json and exit")
    .addHelpText("after", HELP)
    .action(async (options: RecordOptions) => {
      if (options.schema) return printSchema("record");
      const { out } = options;
      if (out === undefined || out === "")
        throw new UsageError("--out must say where the recordings go", {
          hint: "quiesce record --out run.qsrec",
        });
      if (options.overwrite && !options.ring)
        throw new UsageError("--overwrite is about a ring", {
          hint: "quiesce record --ring --overwrite ...",
        });
      const { recordInto } = await import("../../validation/record-into.js");
      const progress = await createProgress(options.json === true && !process.stderr.isTTY);
      const report = await recordInto(out, {
        program: programOf(options),
        seconds: options.seconds,
        updaters: options.updaters ?? (options.history ? 2 : 1),
        readers: options.readers,
        events: options.events ?? (options.history ? 1_000_000 : 200),
        recordings: options.recordings ?? 100,
        fences: options.fences === true,
        drainNs: options.drain ?? 1000,
        signal: context.signal,
        progress,
        ...(options.mutant !== undefined && { mutant: options.mutant }),
      });
      if (options.json) printJson({ file: out, mutant: options.mutant ?? null, ...report });
      else {
        const { recordings, events, hung, stampMedian, ticksPerSecond } = report;
        const next = `${programCommand()} validate ${validatedBy(options)}${shellWord(out)}`;
        process.stdout.write(
          `${recordings} recording${recordings === 1 ? "" : "s"} of ${events} events in ${out}\n` +
            `A stamp takes ${Math.round((stampMedian * 1e9) / ticksPerSecond)} ns; a step has one.\n` +
            (report.interrupted ? "Interrupted: that is what was recorded by then.\n" : "") +
            (hung ? "A thread did not end in time: nobody woke it. The recording ends there.\n" : "") +
            `Next: ${next}\n`,
        );
      }
      if (report.interrupted) context.exitCode = EXIT.interrupted;
      else if (report.hung) context.exitCode = EXIT.notAsDeclared;
    });
}

function programOf({ history, ring, overwrite }: RecordOptions): IntoOptions["program"] {
  if (ring) return overwrite ? "overwriting-ring" : "ring";
  return history ? "history" : "steps";
}

/** What `quiesce validate` has to be told about such recordings. */
function validatedBy({ history, ring, overwrite }: RecordOptions): string {
  if (!ring) return history ? "--guarantee " : "";
  const claim = overwrite ? "tracing/ring/Ring-overwrite" : "tracing/ring/Ring";
  return (
    `--claim ${claim} --contract spec/tracing/ring/Ring-recorded.contract.json ` +
    "--constant Size=4 --constant Hits=1000000 "
  );
}

const HELP = `
The library is compiled with its step points, and each thread stamps each of its steps: a step happened between its
stamp and the thread's next one. A store may be seen by others later than that, when it has left the store buffer; no
fence waits for it, since that would hide what is looked for, so all boxes are longer by --drain nanoseconds. Beside
that, a stamp costs the read side one read of the time-stamp counter between two lfences, which order no store.
conformance/record/FORMAT.md describes the files.

Examples:
  quiesce record --out run.qsrec                              100 recordings of 200 steps
  quiesce record --events 5000 --recordings 1 --out run.jsonl one of 5,000, as text
  quiesce record --mutant early-return --out broken.qsrec     of a library that is broken
  quiesce record --history --seconds 5 --out history.qsrec    sections and grace periods, by the million
  quiesce record --ring --out ring.qsrec                      a traced thread, and who records its events

Exit codes: 0 recorded; 1 recorded, but a thread did not end; 2 usage error; 3 a compiler or membarrier is missing, or
the program died, as some mutants do; 130 interrupted: the
file has what was recorded by then; without any recording, there is none.`;
