import type { Command } from "commander";
import { UsageError } from "../../../../spec/tlc/base/errors.js";
import { cores } from "../../../base/cores.js";
import { root } from "../../../base/root.js";
import { createProgress } from "../../../base/terminal.js";
import type { FileResult, LitmusSummary } from "../../../litmus/run.js";
import { type CommandContext, EXIT, printSchema, wholeNumber } from "../shared/context.js";
import { reporterOption } from "../shared/reporter-option.js";
import {
  jsonLinesOption,
  memoryOption,
  parallelOption,
  timeLimitOption,
  timeoutOption,
} from "../shared/run-options.js";
import { HELP } from "./litmus-help.js";
import {
  ENGINES,
  type EngineChoice,
  engineFrom,
  type LitmusOptions,
  ordersFrom,
  otherEngine,
  reasonsFrom,
  refuseTogether,
} from "./litmus-options.js";
import { addSiliconOptions, refuseWithoutRun, runSilicon } from "./silicon.js";

/** `quiesce litmus FILE...`: the possible outcomes, on the machine, of tests in the kernel's C litmus format. */
export function addLitmus(program: Command, context: CommandContext): void {
  const command = program
    .command("litmus")
    .description("decide litmus tests in the kernel's C format, under each memory order")
    .argument("[FILE...]", "files in the kernel's C litmus format")
    .option("--order <orders>", "memory orders, separated by commas (default: sc,tso,pso,weak)")
    .option("--brief", "print only the Result: line of each test")
    .option("--json", "print the results as JSON on standard output")
    .addOption(jsonLinesOption("file's result"))
    .addOption(reporterOption())
    .option("--schema", "print the JSON schema for --json and exit")
    .option(
      "--engine <engine>",
      `who decides: ${ENGINES.join(", ")} (see below)`,
      engineFrom,
      "auto" as EngineChoice,
    )
    .option(
      "--explain [form]",
      "say why, by the axioms: as text (default), or as a mermaid diagram",
      reasonsFrom,
    )
    .option(
      "--states <n>",
      "machine: give a test up after this many distinct states, under each order",
      wholeNumber("--states", 1, 100_000_000),
      500_000,
    )
    .addOption(parallelOption())
    .addOption(
      timeoutOption(
        "time limit of each test: those that a run of TLC does not finish together run again, at last alone",
      ).default(600),
    )
    .addOption(timeLimitOption())
    .addOption(memoryOption("heap size of each run (default: 1024)"));
  addSiliconOptions(command)
    .addHelpText("after", HELP)
    .action(async (files: string[], options: LitmusOptions) => {
      if (options.schema) return printSchema(options.run ? "silicon" : "litmus");
      refuseWithoutRun(options);
      refuseTogether(options);
      const limits = { states: options.states, choices: MOST_CHOICES };
      if (options.run) return await runSilicon(files, options, limits, context);
      if (files.length === 0)
        throw new UsageError("no file is given", {
          hint: "quiesce litmus FILE... ; --help has examples",
        });
      const { ORDERS } = await import("../../../litmus/model.js");
      const { runLitmus } = await import("../../../litmus/run.js");
      const { agreementOf } = await import("../../../litmus/declared.js");
      const { fileJson } = await import("../../../litmus/json.js");
      const { showRefused, showTests, showTotal } = await import("../../../litmus/show.js");
      const { Reports } = await import("../shared/reports.js");
      const reports = new Reports(options);
      const progress = await createProgress(reports.machine && !process.stderr.isTTY);
      const tellFile = (result: FileResult): void => {
        progress.done();
        reports.line("file", fileJson(result));
      };
      const summary = await runLitmus({
        files,
        root,
        orders: ordersFrom(options.order, ORDERS),
        limits,
        parallel: options.parallel ?? cores(),
        timeoutMs: options.timeout * 1000,
        timeLimit: options.timeLimit,
        ...(reports.wantsLines && { onFile: tellFile }),
        ...(options.memory !== undefined && { memoryMiB: options.memory }),
        ...(options.engine !== "machine" && { other: await otherEngine(options.engine, options) }),
        signal: context.signal,
        progress,
      });
      const total = {
        interrupted: summary.endedEarly !== undefined,
        ...(summary.endedEarly && { endedBy: summary.endedEarly }),
        seconds: summary.seconds,
      };
      const asked = options.explain === true ? undefined : options.explain;
      const form = asked?.form === "mermaid" ? "mermaid" : "text";
      if (asked?.folder !== undefined) {
        const { writePictures } = await import("../../report/litmus-pictures.js");
        const written = writePictures(summary, asked.folder);
        process.stderr.write(`${written} pictures are in ${asked.folder}\n`);
      }
      reports.line("summary", total);
      if (!reports.machine) process.stderr.write(showRefused(summary));
      const { litmusResults } = await import("../../report/of-litmus.js");
      await reports.finish(() => litmusResults(summary), {
        text: () => `${showTests(summary, options.brief === true, form)}${showTotal(summary)}\n`,
        json: () => ({ ...total, files: summary.files.map(fileJson) }),
      });
      context.exitCode = context.signal.aborted ? EXIT.interrupted : exitCodeFor(summary, agreementOf);
    });
}

/** The most combinations of compiler orders and branches that one test's threads may have. */
const MOST_CHOICES = 5_000;

function exitCodeFor(
  { files }: LitmusSummary,
  agreementOf: typeof import("../../../litmus/declared.js").agreementOf,
): number {
  if (files.some(({ kind }) => kind === "refused")) return EXIT.badInput;
  const asDeclared = files.every(
    (file) =>
      file.kind === "decided" &&
      (file.test.litmus.declared === undefined ||
        agreementOf(file.test.litmus.declared, file.results) !== "broken"),
  );
  return asDeclared ? EXIT.asDeclared : EXIT.notAsDeclared;
}
