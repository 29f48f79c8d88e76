import type { Command } from "commander";
import { BadInputError } from "../../../../spec/tlc/base/errors.js";
import { writeOutput } from "../../../base/output-file.js";
import { root, specRoot } from "../../../base/root.js";
import { colour, createProgress } from "../../../base/terminal.js";
import type { CoverReport } from "../../../paths/report.js";
import { type CommandContext, EXIT, printJson, printSchema, wholeNumber } from "../shared/context.js";

interface PathsOptions {
  readonly maxLength?: number;
  readonly output?: string;
  readonly json?: boolean;
  readonly schema?: boolean;
}

/** `quiesce paths [CLAIM]`: covers the edges of a claim's state graph with short paths. */
export function addPaths(program: Command, context: CommandContext): void {
  program
    .command("paths")
    .description(
      "cover every edge of a claim's state graph with short paths, and compare with a baseline and the lower bound",
    )
    .argument("[CLAIM]", "a .cfg file or the id of a claim (default: all that `quiesce conform` walks)")
    .option("--max-length <n>", "longest path, in steps (default: 150)", wholeNumber("--max-length", 1))
    .option(
      "--output <file>",
      "write the states, edges and paths to this file as JSON, the same bytes each time",
    )
    .option("--json", "print the figures as JSON on standard output")
    .option("--schema", "print the JSON schema for --json and exit")
    .addHelpText("after", HELP)
    .action(async (name: string | undefined, options: PathsOptions) => {
      if (options.schema) return printSchema("paths");
      const { printReport } = await import("../../../paths/report.js");
      const { signal } = context;
      const progress = await createProgress(options.json === true && !process.stderr.isTTY);
      const figures: unknown[] = [];
      const print = (claim: string, report: CoverReport): void => {
        figures.push({ claim, ...report });
        if (!options.json)
          process.stdout.write(
            `${colour.bold("Paths")} of ${claim}\n${printReport(report).replace(/^/gm, "  ")}\n`,
          );
      };
      if (name === undefined) {
        if (options.output !== undefined)
          throw new BadInputError(
            "what `quiesce conform` walks stands for several claims, each with its own graph",
            {
              hint: "Name one of them: quiesce paths CLAIM --output FILE",
            },
          );
        const { loadPlan } = await import("../../../plan/store.js");
        const { replayedClaims } = await import("../../../plan/replayed.js");
        for (const claim of replayedClaims()) {
          const plan = await loadPlan(claim, { root, signal, onBuild: (text) => progress.line(text) }).catch(
            (error: unknown) => {
              // What is known of the others is printed all the same.
              if (signal.aborted && figures.length > 0) return undefined;
              throw error;
            },
          );
          if (plan === undefined) {
            context.exitCode = EXIT.interrupted;
            break;
          }
          print(plan.claim, plan.report);
        }
      } else {
        const { findTools } = await import("../../../../spec/tlc/tools/tools.js");
        const { modelOf } = await import("../../../plan/model.js");
        const { pathsOf } = await import("../../../plan/paths.js");
        const model = await modelOf(name, specRoot);
        const { report, text } = await pathsOf(model, {
          tools: await findTools({ signal, onFetch: (line) => progress.line(line) }),
          signal,
          onStage: (stage) => progress.line(stage),
          ...(options.maxLength !== undefined && { maxLength: options.maxLength }),
        });
        if (options.output !== undefined) writeOutput(options.output, text, "the paths");
        print(model.id, report);
      }
      if (options.json)
        printJson({ claims: figures, ...(context.exitCode === EXIT.interrupted && { interrupted: true }) });
    });
}

const HELP = `
Examples:
  quiesce paths                                 the graphs that the conformance tests walk
  quiesce paths rcu/Urcu --output paths.json    another one, with its paths
  quiesce paths ~/my-specs/Model.cfg --json     any model

Exit codes: 0 every edge is covered; 2 usage error, or a model without a complete graph; 3 Java or TLC's jar is missing;
130 interrupted.`;
