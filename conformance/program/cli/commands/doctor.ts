import type { Command } from "commander";
import { type CommandContext, EXIT, printJson, printSchema } from "../shared/context.js";

/** `quiesce doctor`: what this machine has, what it lacks, and what to do about it. */
export function addDoctor(program: Command, context: CommandContext): void {
  program
    .command("doctor")
    .description(
      "what this machine has and lacks: Java, TLC and its abilities, membarrier, a C compiler, cores",
    )
    .option("--json", "print the findings as JSON on standard output")
    .option("--schema", "print the JSON schema for --json and exit")
    .addHelpText(
      "after",
      "\nExamples:\n  quiesce doctor\n  quiesce doctor --json\n\nExit codes: 0 nothing is missing; 3 something is missing; 130 interrupted.",
    )
    .action(async (options: { json?: boolean; schema?: boolean }) => {
      if (options.schema) return printSchema("doctor");
      const { examine } = await import("../../doctor/examine.js");
      const { showExamination } = await import("../../doctor/show.js");
      const findings = await examine(context.signal);
      if (options.json) printJson(findings);
      else process.stdout.write(showExamination(findings));
      if (!findings.ok) context.exitCode = EXIT.environment;
    });
}
