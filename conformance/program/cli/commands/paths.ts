import type { Command } from "commander";
import { BadInputError } from "../../../../spec/tlc/base/errors.js";
import { writeOutput } from "../../../base/output-file.js";
import { specRoot } from "../../../base/root.js";
import { colour, createProgress } from "../../../base/terminal.js";
import { type CommandContext, printJson, printSchema, wholeNumber } from "../shared/context.js";

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
    .argument("[CLAIM]", "a .cfg file or the id of a claim (default: what `quiesce conform` walks)")
    .option("--max-length <n>", "longest path, in steps (default: 150)", wholeNumber("--max-length", 1))
    .option(
      "--output <file>",
      "write the paths there: states, edges and paths as JSON, the same bytes each time",
    )
    .option("--json", "the figures as JSON on standard output")
    .option("--schema", "print the JSON schema of --json, and do nothing else")
    .addHelpText("after", HELP)
    .action(async (name: string | undefined, options: PathsOptions) => {
      if (options.schema) return printSchema("paths");
      const { findTools } = await import("../../../../spec/tlc/tools/tools.js");
      const { requireClaims } = await import("../../../../spec/tlc/claim/asked-claims.js");
      const { printReport } = await import("../../../paths/report.js");
      const { REPLAYED_CLAIM } = await import("../../../plan/build.js");
      const { pathsOf } = await import("../../../plan/paths.js");

      const wanted = name ?? REPLAYED_CLAIM;
      const [claim, ...others] = await requireClaims([wanted], specRoot);
      if (claim === undefined) throw new BadInputError(`there is no claim in ${wanted}`);
      if (others.length > 0) {
        const some = [claim, ...others].slice(0, 3).map(({ id }) => id);
        throw new BadInputError(`${wanted} is ${others.length + 1} claims, and each has a graph of its own`, {
          hint: `Name one of them: ${some.join(", ")}${others.length > 2 ? ", ..." : ""}`,
        });
      }
      const { signal } = context;
      const progress = await createProgress(options.json === true && !process.stderr.isTTY);
      const tools = await findTools({ signal, onFetch: (text) => progress.line(text) });
      const { report, text } = await pathsOf(claim, {
        tools,
        signal,
        onStage: (stage) => progress.line(stage),
        ...(options.maxLength !== undefined && { maxLength: options.maxLength }),
      });
      if (options.output !== undefined) writeOutput(options.output, text, "the paths");
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

Exit codes: 0 all is covered; 2 wrong use, or a model without a whole graph; 3 Java or TLC's jar is missing;
130 interrupted.`;
