import type { Command } from "commander";
import { cores } from "../../../base/cores.js";
import { specRoot } from "../../../base/root.js";
import { createProgress } from "../../../base/terminal.js";
import { type CommandContext, EXIT, printSchema, wholeNumber } from "../shared/context.js";
import { memoryOption, parallelOption, timeoutOption } from "../shared/run-options.js";

const portNumber = wholeNumber("--port", 1, 65_535);

interface CheckOptions {
  readonly json?: boolean;
  readonly schema?: boolean;
  readonly cache: boolean;
  readonly strict?: boolean;
  readonly full?: boolean;
  readonly explain?: boolean;
  readonly list?: boolean;
  readonly parallel?: number;
  readonly timeout?: number;
  readonly memory?: number;
  readonly workers?: readonly string[];
  readonly port?: number;
}

/** `quiesce check [PATH...]`: TLC decides claims, ours or anybody's. */
export function addCheck(program: Command, context: CommandContext): void {
  program
    .command("check")
    .description(
      "model check claims: .cfg files beside TLA+ modules, with the declared verdict in their header",
    )
    .argument("[PATH...]", "folders, .cfg files, or ids of our claims (default: all of ours)")
    .option("--json", "the results as JSON on standard output")
    .option("--schema", "print the JSON schema of --json, and do nothing else")
    .option("--no-cache", "answer nothing from memory: run TLC for every claim")
    .option("--strict", "fail when an action is never taken; count the actions of large claims, too")
    .option("--full", "also the claims of the full set, which take minutes")
    .option("--explain", "show the counterexample of every violated claim")
    .option("--list", "list the claims with their declared verdicts, and check nothing")
    .addOption(parallelOption())
    .addOption(timeoutOption())
    .addOption(memoryOption("memory of each run's heap (default: half of the machine's, shared by the runs)"))
    .option(
      "--workers <host...>",
      "use TLC's distributed mode: localhost:2, hosts that ssh reaches, or join (see quiesce worker)",
    )
    .option("--port <n>", "port of the distributed mode's server (default: a free one)", portNumber)
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: CheckOptions) => {
      if (options.schema) return printSchema("check");
      const { checkAll } = await import("../../check/run.js");
      const { readWorkerHost } = await import("../../../../spec/tlc/distributed/worker-host.js");
      const { reporterNamed } = await import("../../report/reporters.js");
      const progress = await createProgress(options.json === true && !process.stderr.isTTY);
      const summary = await checkAll({
        paths,
        root: specRoot,
        full: options.full === true,
        cache: options.cache,
        strict: options.strict === true,
        onlyList: options.list === true,
        parallel: options.parallel ?? cores(),
        timeoutMs: (options.timeout ?? 600) * 1000,
        memoryMiB: options.memory,
        workers: (options.workers ?? []).map(readWorkerHost),
        port: options.port,
        signal: context.signal,
        progress,
      });
      const reporter = reporterNamed(options.json ? "json" : "text");
      process.stdout.write(
        await reporter.report(summary, {
          explain: options.explain === true,
          signal: context.signal,
          progress,
        }),
      );
      if (!summary.asDeclared || (options.strict && summary.vacuity.length > 0))
        context.exitCode = EXIT.notAsDeclared;
    });
}

const HELP = `
A claim is a TLC configuration whose header declares what is expected:

  \\* Claim: readers never see freed memory
  \\* Verdict: holds                (or: violated, allowed, forbidden)
  \\* Violates: NoUseAfterFree      (needed with violated and allowed)
  \\* States: 3336                  (optional: distinct states, compared)
  \\* Idle: Enqueue, WakeUp         (optional: actions that it never takes, and is not to)
  \\* Module: ReadSide              (optional: the module beside it with its name)
  SPECIFICATION Spec
  ...

Examples:
  quiesce check                                  all claims of this repository
  quiesce check litmus                           a topic
  quiesce check rcu/Urcu-not-raised --explain    one claim, with its counterexample
  quiesce check ~/my-specs --no-cache --json     anybody's folder, for a machine
  quiesce check --full --timeout 3600            the large ones too
  quiesce check rcu/Urcu-large --workers localhost:2 buildhost    one claim, by several machines

No vacuous pass: a model without a state is inconclusive. Of a claim that holds, an action of the next-state relation
that neither it nor any other claim checked ever takes is named with its place, and so is a property L => R or L ~> R (or
that of all elements of a set) whose L is never true, unless Idle declares it. The rows of a sweep are looked at together.
TLC looks at claims that declare up to 5,000 States, or none, and with --strict at all; with --strict, what is named is a
failure. Not looked at: the actions of models of our machine, properties of a model with a VIEW or that are not such an
implication as they stand, and what workers elsewhere check.

Claims of the full set are kept once a minute. When one is interrupted, or its time or memory is used up, the same
command goes on from there, if nothing that it depends on has changed and without --no-cache. What is kept is in the
cache's folder runs: at most 8 GiB, at most 30 days.

--workers starts TLC's server here and workers on each HOST: HOST is one process with a thread a core, HOST:N is N
processes of one thread. By ssh a host needs only Java. join starts none: it prints the command that joins. The server
and the workers trust whoever reaches their ports: use it in a network of your own.

Exit codes: 0 as declared; 1 not as declared or inconclusive, with --strict also vacuous; 2 wrong use or bad input;
3 Java or TLC's jar is missing; 130 interrupted.`;
