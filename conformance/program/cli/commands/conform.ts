import { type Command, Option } from "commander";
import { root, specRoot } from "../../../base/root.js";
import { createProgress } from "../../../base/terminal.js";
import type { Target } from "../../../targets/target.js";
import { TARGETS, targetNamed } from "../../../targets/targets.js";
import { type CommandContext, EXIT, printJson, printSchema } from "../shared/context.js";

interface ConformOptions {
  readonly target?: string;
  readonly mutant?: string;
  readonly mutants?: boolean;
  readonly cache: boolean;
  readonly json?: boolean;
  readonly schema?: boolean;
}

/** `quiesce conform`: drives the implementations along the specification's paths; `--mutants` measures the tests. */
export function addConform(program: Command, context: CommandContext): void {
  program
    .command("conform")
    .description(
      "drive real threads of each implementation along the specification's paths, one step at a time",
    )
    .addOption(
      new Option("--target <name>", "only this implementation").choices(TARGETS.map(({ name }) => name)),
    )
    .addOption(
      new Option("--mutants", "instead, run every mutant against every suite and print the matrix").conflicts(
        "mutant",
      ),
    )
    .option("--mutant <name>", "instead, run one mutant and show how replay sees it")
    .option("--no-cache", "with --mutants, ignore cached results and run TLC for every claim about a mutant")
    .option("--json", "print the results as JSON on standard output")
    .option("--schema", "print the JSON schema for --json and exit")
    .addHelpText("after", HELP)
    .action(async (options: ConformOptions) => {
      if (options.schema) return printSchema("conform");
      const { signal } = context;
      const { loadPlans } = await import("../../../plan/store.js");
      const { conformJson, notConformed, showConformance } = await import("../../../replay/report.js");
      const progress = await createProgress();
      const plans = await loadPlans({ root, signal, onBuild: (text) => progress.line(text) });
      const targets: readonly Target[] =
        options.target === undefined ? TARGETS : [targetNamed(options.target)];
      if (options.mutants) {
        const { findTools } = await import("../../../../spec/tlc/tools/tools.js");
        const { mutantMatrix } = await import("../../../mutants/matrix.js");
        const { mutantsJson, showMatrix } = await import("../../../mutants/show.js");
        const tools = await findTools({ signal, onFetch: (text) => progress.line(text) });
        const matrix = await mutantMatrix(plans, {
          specRoot,
          tools,
          targets,
          signal,
          progress,
          cache: options.cache,
        });
        if (options.json) printJson(conformJson(notConformed(plans), mutantsJson(matrix)));
        else process.stdout.write(`${showMatrix(matrix)}\n`);
        if (matrix.some(({ killedBy }) => killedBy === null)) context.exitCode = EXIT.notAsDeclared;
        return;
      }
      if (options.mutant !== undefined) {
        const { replayMutant } = await import("../../../mutants/one-mutant.js");
        const { mutantsJson } = await import("../../../mutants/show.js");
        const { text, rows, killed } = await replayMutant(options.mutant, plans, { targets, signal });
        if (options.json) printJson(conformJson(notConformed(plans), mutantsJson(rows)));
        else process.stdout.write(`${text}\n`);
        if (!killed) context.exitCode = EXIT.notAsDeclared;
        return;
      }
      const { conform } = await import("../../../replay/conform.js");
      const conformed = await conform(plans, { targets, signal, progress });
      if (options.json) printJson(conformJson(conformed));
      else process.stdout.write(`${showConformance(conformed)}\n`);
      if (conformed.some((one) => one.targets.some(({ conforms }) => !conforms)))
        context.exitCode = EXIT.notAsDeclared;
    });
}

const HELP = `
A step of the specification is a step point of the code. A path says which thread goes next; after each step the
shared state is compared, and a thread that is asleep in the specification must really be blocked.

Examples:
  quiesce conform                       both implementations
  quiesce conform --target native       one of them
  quiesce conform --mutants             which suite kills which mutant
  quiesce conform --mutants --json      the same as JSON
  quiesce conform --mutant not-raised   one mutant, and the steps at which replay sees it

Exit codes: 0 every path was followed (every mutant killed); 1 otherwise; 2 usage error; 3 Java, TLC or a compiler is
missing; 130 interrupted.`;
