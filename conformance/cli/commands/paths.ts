import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { BadInputError } from "../../../spec/tlc/errors.js";
import { findTools } from "../../../spec/tlc/tools.js";
import { requireClaims } from "../../check/claims.js";
import { printReport } from "../../paths/report.js";
import { REPLAYED_CLAIM } from "../../plan/build.js";
import { pathsOf } from "../../plan/paths.js";
import { type CommandContext, printJson, printSchema, specRoot, wholeNumber } from "../context.js";
import { colour, createProgress } from "../terminal.js";

interface PathsOptions {
  readonly maxLength?: number;
  readonly output?: string;
  readonly json?: boolean;
  readonly schema?: boolean;
}

/** `quiesce paths [CLAIM]`: covers the edges of a claim's state graph by short paths. */
export function addPaths(program: Command, context: CommandContext): void {
  program
    .command("paths")
    .description(
      "cover a claim's state graph edge by edge with short paths, beside a baseline and the lower bound",
    )
    .argument("[CLAIM]", "a .cfg file or the id of a claim", REPLAYED_CLAIM)
    .option("--max-length <n>", "longest path, in steps (default: 150)", wholeNumber("--max-length", 1))
    .option(
      "--output <file>",
      "write the paths there: states, edges and paths as JSON, the same bytes each time",
    )
    .option("--json", "the figures as JSON on standard output")
    .option("--schema", "print the JSON schema of --json, and do nothing else")
    .addHelpText("after", HELP)
    .action(async (name: string, options: PathsOptions) => {
      if (options.schema) return printSchema("paths");
      const [claim, other] = await requireClaims([name], specRoot);
      if (claim === undefined) throw new BadInputError(`There is no claim in ${name}`);
      if (other !== undefined) {
        throw new BadInputError(`${name} is several claims (${claim.id}, ${other.id}, ...)`, {
          hint: "Name one of them.",
        });
      }
      const { signal } = context;
      const progress = createProgress();
      const tools = await findTools({ signal });
      const { report, text } = await pathsOf(claim, {
        tools,
        signal,
        onStage: (stage) => progress.line(stage),
        ...(options.maxLength !== undefined && { maxLength: options.maxLength }),
      });
      if (options.output !== undefined) {
        try {
          writeFileSync(options.output, text);
        } catch (error) {
          throw new BadInputError(
            `The paths can't be written: ${error instanceof Error ? error.message : error}`,
          );
        }
      }
      if (options.json) printJson({ claim: claim.id, ...report });
      else
        process.stdout.write(
          `${colour.bold("Paths")} of ${claim.id}\n${printReport(report).replace(/^/gm, "  ")}\n`,
        );
    });
}

const HELP = `
Examples:
  quiesce paths                                 the graph that the conformance tests walk
  quiesce paths rcu/Urcu --output paths.json    another one, with its paths
  quiesce paths ~/my-specs/Model.cfg --json     anybody's model

Exit codes: 0; 2 wrong use, or a model without a whole graph; 3 Java or TLC's jar is missing; 130 interrupted.`;
