import { Command, type OutputConfiguration } from "commander";
import { version } from "../../base/root.js";
import { addBench } from "./commands/bench.js";
import { addCheck } from "./commands/check.js";
import { addConform } from "./commands/conform.js";
import { addDoctor } from "./commands/doctor.js";
import { addGenerate } from "./commands/generate.js";
import { addGraph } from "./commands/graph.js";
import { addKernel } from "./commands/kernel.js";
import { addLitmus } from "./commands/litmus.js";
import { addMatrix } from "./commands/matrix.js";
import { addPaths } from "./commands/paths.js";
import { addPlayground } from "./commands/playground.js";
import { addRecord } from "./commands/record.js";
import { addSetup } from "./commands/setup.js";
import { addSpeed } from "./commands/speed.js";
import { addStart } from "./commands/start.js";
import { addTrace } from "./commands/trace.js";
import { addValidate } from "./commands/validate.js";
import { addWorker } from "./commands/worker.js";
import type { CommandContext } from "./shared/context.js";

/** The program with all its commands, which import what they need when they run. */
export function createProgram(context: CommandContext, output: OutputConfiguration = {}): Command {
  const program = new Command("quiesce")
    .description(
      "Model-checks claims about RCU and membarrier, and drives implementations along the specification.",
    )
    .version(version())
    .showHelpAfterError("(add --help for the options and examples)")
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .configureOutput(output)
    .exitOverride()
    .addHelpText("after", HELP);
  const all = [
    addCheck,
    addLitmus,
    addPlayground,
    addPaths,
    addGraph,
    addMatrix,
    addConform,
    addRecord,
    addValidate,
    addSpeed,
    addBench,
    addTrace,
    addKernel,
    addWorker,
    addDoctor,
    addGenerate,
    addStart,
    addSetup,
  ];
  for (const add of all) add(program, context);
  return program;
}

const HELP = `
Exit codes:
  0    as declared
  1    not as declared, or not certain
  2    usage error, or bad input
  3    the environment lacks something (Java, a compiler, a system call)
  130  interrupted, whatever had been found by then: the report has it

Examples:
  quiesce check                       all claims in this repository
  quiesce check litmus rcu/number     some of them
  quiesce check ~/my-specs            any folder of modules and claims
  quiesce litmus MP.litmus            the possible outcomes of a litmus test
  quiesce conform --mutants           the matrix: mutants by suites
  quiesce record --out run.qsrec      what free-running threads do, step by step
  quiesce validate run.qsrec          whether that is a behaviour of the specification
  quiesce bench --quick               the native library beside liburcu
  quiesce trace list                  programs that can be traced
  quiesce kernel                      this kernel's membarrier beside its specification
  quiesce doctor                      what this machine has and lacks`;
