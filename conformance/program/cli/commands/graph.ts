import type { Command } from "commander";
import { UsageError } from "../../../../spec/tlc/base/errors.js";
import { writeOutput } from "../../../base/output-file.js";
import { specRoot } from "../../../base/root.js";
import { createProgress } from "../../../base/terminal.js";
import { type CommandContext, printJson, printSchema, wholeNumber } from "../shared/context.js";

interface GraphOptions {
  readonly around?: number;
  readonly output?: string;
  readonly json?: boolean;
  readonly schema?: boolean;
}

/** `quiesce graph CLAIM`: draws a claim's state graph. */
export function addGraph(program: Command, context: CommandContext): void {
  program
    .command("graph")
    .description(
      "draw the state graph of a small claim, or what lies around its counterexample, as an SVG picture",
    )
    .argument("<CLAIM>", "a .cfg file or the id of a claim")
    .option(
      "--around <n>",
      "only the states up to n steps from the counterexample, or from the initial states if there is none",
      wholeNumber("--around", 0, 1000),
    )
    .option("--output <file>", "write the picture to this file instead of to standard output")
    .option("--json", "print the figures as JSON on standard output; needs --output")
    .option("--schema", "print the JSON schema for --json and exit")
    .addHelpText("after", HELP)
    .action(async (name: string, options: GraphOptions) => {
      if (options.schema) return printSchema("graph");
      if (options.json && options.output === undefined)
        throw new UsageError("--json needs --output, since the picture would go to the same place", {
          hint: `quiesce graph ${name} --output graph.svg --json`,
        });
      const { findTools } = await import("../../../../spec/tlc/tools/tools.js");
      const { graphOfClaim } = await import("../../picture/graph-of-claim.js");
      const { stateGraphSvg } = await import("../../picture/state-graph.js");
      const { signal } = context;
      const progress = await createProgress(options.json === true && !process.stderr.isTTY);
      const { picture, ...figures } = await graphOfClaim(name, specRoot, {
        tools: await findTools({ signal, onFetch: (line) => progress.line(line) }),
        signal,
        onStage: (stage) => progress.line(stage),
        ...(options.around !== undefined && { around: options.around }),
      });
      const text = stateGraphSvg(picture);
      progress.done();
      if (options.output === undefined) {
        process.stdout.write(text);
        return;
      }
      writeOutput(options.output, text, "the picture");
      const drawn = picture.states.length;
      if (options.json) {
        printJson({ ...figures, violated: figures.violated ?? null, drawn, file: options.output });
        return;
      }
      const count = (n: number): string => n.toLocaleString("en-US");
      const part = drawn === figures.states ? "" : `, ${count(drawn)} of them drawn`;
      const broken = figures.violated === undefined ? "" : `; ${figures.violated} is violated`;
      process.stdout.write(
        `${figures.claim}: ${count(figures.states)} states${part}, ${count(figures.edges)} steps${broken}\n${options.output}\n`,
      );
    });
}

const HELP = `
A double border is an initial state; thick with numbers is the counterexample; a pointer shows all variables of a state.
Larger graphs are refused, with the part that can be drawn: \`quiesce paths\` says how large a graph is.

Examples:
  quiesce graph membarrier/costs/Payers-pictured.private --output graph.svg
  quiesce graph membarrier/costs/Costs-interrupts.private.3.1 --around 0 --output graph.svg
  quiesce graph ~/my-specs/Model.cfg > model.svg

Exit codes: 0 the picture is drawn; 2 usage error, or a graph that is too large or not complete; 3 Java or TLC's jar is
missing; 130 interrupted.`;
