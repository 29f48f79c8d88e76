#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { addCheck } from "./commands/check.js";
import { addConform } from "./commands/conform.js";
import { addDoctor } from "./commands/doctor.js";
import { addGenerate } from "./commands/generate.js";
import { addPaths } from "./commands/paths.js";
import { addSetup } from "./commands/setup.js";
import { addStart } from "./commands/start.js";
import { type CommandContext, EXIT, version } from "./context.js";
import { exitCodeOf, showFailure } from "./failure.js";

/** The command-line program: one file a command, and here what they share: signals, exit codes and errors. */
async function main(argv: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  const stop = (): void => {
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);

  const context: CommandContext = { signal: interrupt.signal, exitCode: EXIT.asDeclared };
  const program = new Command("quiesce")
    .description(
      "Model checks claims about RCU and membarrier, and drives implementations along the specification.",
    )
    .version(version())
    .showHelpAfterError("(add --help for the options and examples)")
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText("after", HELP);
  for (const add of [addCheck, addPaths, addConform, addDoctor, addGenerate, addStart, addSetup])
    add(program, context);
  for (const command of program.commands) command.exitOverride();

  try {
    await program.parseAsync([...argv]);
    return interrupt.signal.aborted ? EXIT.interrupted : context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.asDeclared : EXIT.badInput;
    if (interrupt.signal.aborted) {
      process.stderr.write("quiesce: interrupted\n");
      return EXIT.interrupted;
    }
    showFailure(error, argv.includes("--json"));
    return exitCodeOf(error);
  }
}

const HELP = `
Exit codes:
  0    as declared
  1    not as declared, or not certain
  2    wrong use, or bad input
  3    the environment lacks something (Java, a compiler, a system call)
  130  interrupted

Examples:
  quiesce check                       all claims of this repository
  quiesce check litmus rcu/number     some of them
  quiesce check ~/my-specs            anybody's folder of modules and claims
  quiesce conform --mutants           the matrix: mutant by suite
  quiesce doctor                      what this machine has and lacks`;

main(process.argv).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    showFailure(error, false);
    process.exitCode = exitCodeOf(error);
  },
);
