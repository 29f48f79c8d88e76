import type { Command } from "commander";
import { UsageError } from "../../../../spec/tlc/base/errors.js";
import { cores } from "../../../base/cores.js";
import { specRoot } from "../../../base/root.js";
import { createProgress } from "../../../base/terminal.js";
import { type CommandContext, EXIT, printSchema, wholeNumber } from "../shared/context.js";
import { type AskedReport, reporterOption } from "../shared/reporter-option.js";
import { jsonLinesOption, parallelOption, timeLimitOption, timeoutOption } from "../shared/run-options.js";

interface SpeedOptions {
  readonly json?: boolean;
  readonly jsonLines?: boolean;
  readonly timeLimit?: number;
  readonly schema?: boolean;
  readonly full?: boolean;
  readonly rounds?: number;
  readonly parallel?: number;
  readonly timeout?: number;
  readonly atMost?: number;
  readonly reporter?: readonly AskedReport[];
}

/** `quiesce speed [PATH...]`: times claims in Quiesce and in plain TLC, in one go. */
export function addSpeed(program: Command, context: CommandContext): void {
  program
    .command("speed")
    .description("measure how long claims take with Quiesce and with plain TLC run by hand, in one go")
    .argument("[PATH...]", "folders, .cfg files, or ids of this repository's claims (default: all of them)")
    .option("--rounds <n>", "how often to measure (default: 1)", wholeNumber("--rounds", 1, 1000))
    .option("--at-most <ratio>", "exit with 1 when the median ratio of the two is greater", ratio)
    .option("--full", "also measure the claims of the full set, which take minutes")
    .addOption(parallelOption("runs of TLC that Quiesce starts in parallel"))
    .addOption(timeoutOption())
    .addOption(timeLimitOption())
    .option("--json", "print the figures as JSON on standard output")
    .addOption(jsonLinesOption("claim, whenever it was decided both ways,"))
    .addOption(reporterOption())
    .option("--schema", "print the JSON schema for --json and exit")
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: SpeedOptions) => {
      if (options.schema) return printSchema("speed");
      const { findTools } = await import("../../../../spec/tlc/tools/tools.js");
      const { claimsOf } = await import("../../../../spec/tlc/claim/asked-claims.js");
      const { figuresOf, pairJson, showFigures } = await import("../../speed/figures.js");
      const { measureSpeed } = await import("../../speed/measure.js");

      const { signal } = context;
      const { claims } = await claimsOf(paths, specRoot, options.full === true);
      const { Reports } = await import("../shared/reports.js");
      const reports = new Reports(options);
      const started = performance.now();
      const progress = await createProgress(reports.machine && !process.stderr.isTTY);
      const tell = (text: string): void => progress.line(text);
      const tools = await findTools({ signal, onFetch: tell, onNotice: tell });
      const parallel = options.parallel ?? cores();
      const speed = await measureSpeed({
        claims,
        tools,
        parallel,
        rounds: options.rounds ?? 1,
        timeoutMs: (options.timeout ?? 600) * 1000,
        timeLimit: options.timeLimit,
        signal,
        onPair(pair) {
          if (!reports.wantsLines) return;
          progress.done();
          reports.line("pair", pairJson(pair));
        },
        onProgress({ who, claim, done, of }) {
          const head = `Speed  ${done} of ${of} runs   ${who}`;
          progress.update([head, `  ${claim}`], head);
        },
      }).finally(() => progress.done());
      const figures = figuresOf(speed, tools, parallel);
      const slow = options.atMost !== undefined && figures.ratio.median > options.atMost;
      const { pairs: _, ...summary } = figures;
      reports.line("summary", summary);
      const { speedResults } = await import("../../speed/results.js");
      const ratios = { median: figures.ratio.median, atMost: options.atMost };
      await reports.finish(() => speedResults(speed, ratios, (performance.now() - started) / 1000), {
        text: () =>
          `${showFigures(figures)}\n${slow ? `  The ratio is greater than ${options.atMost}.\n` : ""}`,
        json: () => figures,
      });
      if (signal.aborted) context.exitCode = EXIT.interrupted;
      else if (slow || !figures.agree || figures.interrupted) context.exitCode = EXIT.notAsDeclared;
    });
}

function ratio(text: string): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value > 0) return value;
  throw new UsageError(`--at-most takes a ratio such as 0.6, not "${text}"`);
}

const HELP = `
Quiesce does not use its cache. Plain TLC runs one claim after another, as a person would type it, with one worker per
core. The two take turns, so whatever else the machine is doing slows down both. Their verdicts must agree, and, where
nothing is violated, so must their counts of states.

When it is interrupted (Ctrl-C), or --time-limit is over, the claims and rounds measured by then are reported.

Examples:
  quiesce speed                           the claims checked on each push
  quiesce speed litmus --rounds 5         some of them, five times: median, least and greatest
  quiesce speed --at-most 0.6 --json      for a script to judge
  quiesce speed litmus --at-most 1 --reporter junit=speed.xml

Exit codes: 0 both agree; 1 they do not, a claim is not as declared, the ratio is greater than allowed, or --time-limit was
reached; 2 usage error or bad input; 3 Java or TLC's jar is missing; 130 interrupted.`;
