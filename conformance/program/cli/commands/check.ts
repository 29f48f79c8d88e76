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

/** `quiesce check [PATH...]`: lets TLC decide claims, ours or anyone else's. */
export function addCheck(program: Command, context: CommandContext): void {
  program
    .command("check")
    .description(
      "model-check claims: .cfg files beside TLA+ modules, each with its declared verdict in its header",
    )
    .argument("[PATH...]", "folders, .cfg files, or ids of this repository's claims (default: all of them)")
    .option("--json", "print the results as JSON on standard output")
    .option("--schema", "print the JSON schema for --json and exit")
    .option("--no-cache", "ignore cached results and run TLC for every claim")
    .option("--strict", "fail when an action is never taken; also count the actions of large claims")
    .option("--full", "also check the claims of the full set, which take minutes")
    .option("--explain", "show the counterexample of every violated claim")
    .option("--list", "list the claims with their declared verdicts, without checking them")
    .addOption(parallelOption())
    .addOption(timeoutOption())
    .addOption(
      memoryOption("heap size of each run (default: half of the machine's memory, shared by the runs)"),
    )
    .option(
      "--workers <host...>",
      "use TLC's distributed mode: localhost:2, hosts reachable by ssh, or join (see quiesce worker)",
    )
    .option("--port <n>", "port of the distributed mode's server (default: any free port)", portNumber)
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: CheckOptions) => {
      if (options.schema) return printSchema("check");
      const { checkAll } = await import("../../check/run.js");
      const { readWorkerHost } = await import("../../../../spec/tlc/distributed/worker-host.js");
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
      const { reporterNamed } = await import("../../report/reporters.js");
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
A claim is a TLC configuration whose header declares the expected result:

  \\* Claim: readers never see freed memory
  \\* Verdict: holds                (or: violated, allowed, forbidden)
  \\* Violates: NoUseAfterFree      (required with violated and allowed)
  \\* States: 3336                  (optional: the number of distinct states, compared)
  \\* Idle: Enqueue, WakeUp         (optional: actions that it never takes, on purpose)
  \\* Module: ReadSide              (optional; default: the module of the same name beside it)
  SPECIFICATION Spec
  ...

Examples:
  quiesce check                                  all claims in this repository
  quiesce check litmus                           one topic
  quiesce check rcu/Urcu-not-raised --explain    one claim, with its counterexample
  quiesce check ~/my-specs --no-cache --json     any folder, with JSON output
  quiesce check --full --timeout 3600            the large ones, too
  quiesce check rcu/Urcu-large --workers localhost:2 buildhost    one claim, on several machines

No vacuous pass: a model without a state is inconclusive. For claims that hold, this command names, with its place, each
action of the next-state relation that no claim checked ever takes, and each property L => R or L ~> R (or one that says
so of all elements of a set) whose L is never true, unless Idle declares it. The rows of a sweep count together. It
examines the claims that declare up to 5,000 States, or none; with --strict, it examines all of them, and whatever it
names is a failure. It does not examine the actions of models of our machine, the properties of a model with a VIEW,
properties that are not written as such an implication, or anything checked with --workers.

Small claims are decided by Java processes that stay from one to the next; if anything goes wrong there, a plain start of
TLC decides. With QUIESCE_PLAIN_START=1 in the environment, every claim has a Java process of its own.

TLC saves its progress on a claim of the full set once a minute. If the run is interrupted, or runs out of time or memory,
the same command resumes it, provided that nothing it depends on has changed and --no-cache is not given. The saved runs
are in the cache's folder runs: at most 8 GiB, for at most 30 days.

--workers starts TLC's server here and workers on each HOST: HOST is one process with one thread per core, HOST:N is N
single-threaded processes. A host reached by ssh needs only Java. join starts no worker: it prints the command that joins.
The server and the workers trust anyone who can reach their ports: use them only on your own network.

Exit codes: 0 as declared; 1 not as declared or inconclusive, with --strict also vacuous; 2 usage error or bad input;
3 Java or TLC's jar is missing; 130 interrupted.`;
