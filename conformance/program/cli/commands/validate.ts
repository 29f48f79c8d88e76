import { type Command, Option } from "commander";
import { throwIfInterrupted, UsageError } from "../../../../spec/tlc/base/errors.js";
import { cores } from "../../../base/cores.js";
import { type EndedEarly, unlessInterrupted, withTimeLimit } from "../../../base/interrupted.js";
import { specRoot } from "../../../base/root.js";
import { createProgress, type Progress } from "../../../base/terminal.js";
import type { Guaranteed } from "../../../validate/guarantee.js";
import { type CommandContext, EXIT, printSchema, wholeNumber } from "../shared/context.js";
import { type AskedReport, reporterOption } from "../shared/reporter-option.js";
import type { Reports } from "../shared/reports.js";
import { memoryOption, parallelOption, timeLimitOption, timeoutOption } from "../shared/run-options.js";

interface ValidateOptions {
  readonly claim: string;
  readonly contract?: string;
  readonly constant?: readonly string[];
  readonly guarantee?: boolean;
  readonly explain: number;
  readonly diagram?: boolean;
  readonly hidden?: number;
  readonly json?: boolean;
  readonly reporter?: readonly AskedReport[];
  readonly schema?: boolean;
  readonly parallel?: number;
  readonly timeout: number;
  readonly timeLimit?: number;
  readonly memory?: number;
}

/** The claim that recordings of our own library are compared with. */
const OURS = "rcu/number-steps/Urcu-any-updates";

/** `quiesce validate FILE...`: are recorded runs behaviours of a specification, and do they keep RCU's promise? */
export function addValidate(program: Command, context: CommandContext): void {
  program
    .command("validate")
    .description("decide whether recorded runs are behaviours of a specification, or keep the promise of RCU")
    .argument("[FILE...]", "recordings, in JSON lines or in the binary format")
    .option("--claim <claim>", "the specification: a claim's .cfg or id", OURS)
    .option(
      "--contract <file>",
      "what the steps of recordings are (default: the one beside the claim or its module)",
    )
    .option("--constant <name=value>", "a constant of the claim, set otherwise; may be repeated", collect)
    .addOption(
      new Option(
        "--guarantee",
        "instead, check histories of sections, grace periods and what is freed; for millions of events",
      ).conflicts(["contract", "constant", "diagram", "hidden"]),
    )
    .option(
      "--explain <n>",
      "explain so many of the recordings that are rejected",
      wholeNumber("--explain", 0),
      3,
    )
    .option("--diagram", "draw what is explained for Mermaid, too")
    .option(
      "--hidden <n>",
      "so many hidden steps may stand in front of a recorded one (default: 12)",
      wholeNumber("--hidden", 1, 1000),
    )
    .option("--json", "print the results as JSON on standard output")
    .addOption(reporterOption())
    .option("--schema", "print the JSON schema for --json and exit")
    .addOption(parallelOption())
    .addOption(timeoutOption("time limit of each run of TLC").default(600))
    .addOption(timeLimitOption())
    .addOption(memoryOption("heap size of each run (default: 1024)"))
    .addHelpText("after", HELP)
    .action(async (files: string[], options: ValidateOptions) => {
      if (options.schema) return printSchema("validate");
      if (files.length === 0)
        throw new UsageError("no recording is given", {
          hint: "quiesce validate FILE... ; quiesce record --out FILE makes one",
        });
      const { Reports } = await import("../shared/reports.js");
      const reports = new Reports(options);
      const progress = await createProgress(reports.machine && !process.stderr.isTTY);
      if (options.guarantee) await guarantee(files, options, { reports, context, progress });
      else await steps(files, options, { reports, context, progress });
    });
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  if (/^\w+=.+$/.test(text)) return [...before, text];
  throw new UsageError(`--constant takes NAME=VALUE, not "${text}"`);
}

/** Where what is found goes. */
interface Telling {
  readonly reports: Reports;
  readonly context: CommandContext;
  readonly progress: Progress;
}

async function guarantee(
  files: readonly string[],
  { timeLimit }: ValidateOptions,
  { reports, context, progress }: Telling,
): Promise<void> {
  const { readRecordings } = await import("../../../record/read.js");
  const { checkGuarantee } = await import("../../../validate/guarantee.js");
  const { guaranteeJson, showGuarantee } = await import("../../validation/guarantee-report.js");
  const { signal, ended } = withTimeLimit(context.signal, timeLimit);
  const started = performance.now();
  const results: Guaranteed[] = [];
  const whole = await unlessInterrupted(signal, async () => {
    for (const file of files) {
      throwIfInterrupted(signal);
      progress.update([file], `reading ${file}`);
      for await (const recording of readRecordings(file)) {
        // A signal is heard only between two histories.
        await new Promise((resolve) => setImmediate(resolve));
        throwIfInterrupted(signal);
        results.push(checkGuarantee({ file, recording }));
      }
    }
    return true;
  });
  progress.done();
  const endedEarly = whole ? undefined : ended();
  const seconds = (performance.now() - started) / 1000;
  const report = { results, seconds, ...(endedEarly && { endedEarly }) };
  const { guaranteeResults } = await import("../../report/of-validate.js");
  await reports.finish(() => guaranteeResults(report), {
    text: () => `${showGuarantee(report)}\n`,
    json: () => guaranteeJson(report),
  });
  context.exitCode = exitCodeOf(
    endedEarly,
    results.every(({ verdict }) => verdict === "kept"),
  );
}

async function steps(
  files: readonly string[],
  options: ValidateOptions,
  { reports, context, progress }: Telling,
): Promise<void> {
  const { validateFiles } = await import("../../validation/validate-files.js");
  const { showSteps, stepsJson } = await import("../../validation/steps-report.js");
  const report = await validateFiles(files, {
    claim: options.claim,
    root: specRoot,
    // Our own recordings say by their lanes how many threads there are.
    lanesAsConstants: options.claim === OURS ? { updater: "Updaters", reader: "Readers" } : {},
    constants: options.constant ?? [],
    explain: options.explain,
    parallel: options.parallel ?? cores(),
    timeoutMs: options.timeout * 1000,
    ...(options.timeLimit !== undefined && { timeLimit: options.timeLimit }),
    signal: context.signal,
    progress,
    ...(options.contract !== undefined && { contract: options.contract }),
    ...(options.hidden !== undefined && { mostHidden: options.hidden }),
    ...(options.memory !== undefined && { memoryMiB: options.memory }),
  });
  const { stepsResults } = await import("../../report/of-validate.js");
  await reports.finish(() => stepsResults(report), {
    text: () => `${showSteps(report, options.diagram === true)}\n`,
    json: () => stepsJson(report),
  });
  context.exitCode = exitCodeOf(
    report.endedEarly,
    report.results.every(({ verdict }) => verdict === "explained"),
  );
}

function exitCodeOf(endedEarly: EndedEarly | undefined, good: boolean): number {
  if (endedEarly === "interrupted") return EXIT.interrupted;
  return good && endedEarly === undefined ? EXIT.asDeclared : EXIT.notAsDeclared;
}

const HELP = `
A recording has each step of each thread in a box: the step happened somewhere between the box's start and its end. TLC
decides whether some order of the steps inside their boxes is a behaviour of the specification. If none is, the longest
part of the recording that can be explained is shown, what comes next in it, and what the specification would have
allowed there. The contract, a JSON file, says which action each recorded step is. conformance/record/FORMAT.md
describes recordings and contracts.

The wider the boxes, the more is explained: their widths are printed. A run that hits a limit is inconclusive. When it is
interrupted (Ctrl-C), or --time-limit is over, what is known by then is reported in every format.

With --guarantee, no specification is needed: no section may span a whole grace period, and nobody may look at what has
been freed. Only what is broken wherever in their boxes the moments were is broken; what depends on that is inconclusive.

Examples:
  quiesce validate run.qsrec                     what quiesce record --out run.qsrec has made
  quiesce validate --diagram --explain 1 run.qsrec
  quiesce validate --claim my/Lock.cfg --contract my/Lock.contract.json run.jsonl
  quiesce validate --time-limit 300 --reporter junit=recorded.xml *.qsrec
  quiesce validate --guarantee history.qsrec     of quiesce record --history --out history.qsrec

Exit codes: 0 every recording is explained (kept); 1 one is not, or it is not certain, or --time-limit was reached; 2
usage error, or a file is no recording or does not fit the contract; 3 Java or TLC's jar is missing; 130 interrupted: what
is known is printed.`;
