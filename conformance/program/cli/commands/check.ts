import { type Command, Option } from "commander";
import { UsageError } from "../../../../spec/tlc/base/errors.js";
import type { Share } from "../../../../spec/tlc/claim/share.js";
import { requireClone } from "../../../base/clone.js";
import { cores } from "../../../base/cores.js";
import { decidedFile, specRoot } from "../../../base/root.js";
import { createProgress } from "../../../base/terminal.js";
import type { CheckRequest, CheckRow, CheckSummary } from "../../check/run.js";
import { type CommandContext, EXIT, printSchema, wholeNumber } from "../shared/context.js";
import { showFailure } from "../shared/failure.js";
import { type AskedReport, reporterOption } from "../shared/reporter-option.js";
import {
  jsonLinesOption,
  memoryOption,
  parallelOption,
  shareOption,
  timeLimitOption,
  timeoutOption,
} from "../shared/run-options.js";

const portNumber = wholeNumber("--port", 1, 65_535);

interface CheckOptions {
  readonly json?: boolean;
  readonly jsonLines?: boolean;
  readonly reporter?: readonly AskedReport[];
  readonly schema?: boolean;
  readonly cache: boolean;
  readonly strict?: boolean;
  readonly full?: boolean;
  readonly since?: string;
  readonly stale?: boolean;
  readonly record?: boolean;
  readonly share?: Share;
  readonly explain?: boolean;
  readonly verbose?: boolean;
  readonly fullTrace?: boolean;
  readonly list?: boolean;
  readonly undeclared?: boolean;
  readonly library?: readonly string[];
  readonly init?: boolean;
  readonly trust?: boolean;
  readonly watch?: boolean;
  readonly graph?: boolean;
  readonly parallel?: number;
  readonly timeout?: number;
  readonly timeLimit?: number;
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
    .addOption(jsonLinesOption("claim"))
    .addOption(reporterOption())
    .option("--schema", "print the JSON schema for --json and exit")
    .option("--no-cache", "ignore cached results and run TLC for every claim")
    .option("--strict", "fail when an action is never taken; also count the actions of large claims")
    .option("--full", "also check the claims of the full set, which take minutes")
    .option("--since <commit>", "also check those of the full set that a change since this commit touches")
    .addOption(shareOption())
    .option("--record", `record the commit at which each of our claims was decided (${DECIDED})`)
    .option("--stale", "only those of ours that changed since they were decided last, of either set")
    .option("--explain", "show the counterexample of every violated claim")
    .option("--full-trace", "show every step of a long counterexample; implies --explain")
    .option(
      "--graph",
      "put each claim's state graph into the page, to be explored (needs --reporter html=FILE)",
    )
    .option("--verbose", "show the figures of every claim, and what it printed (PrintT)")
    .option("--list", "list the claims with their declared verdicts, without checking them")
    .option(
      "--library <dir or jar>",
      "also look for modules there, and for operators in Java in a jar (may be repeated)",
      (path: string, before: readonly string[] = []) => [...before, path],
    )
    .option("--trust", "also follow what quiesce.json says about Java, jars and folders elsewhere")
    .option("--undeclared", "also run .cfg files without a header, and report what came out")
    .option("--init", "as --undeclared, and write what came out into these files as their header")
    .addOption(
      new Option("--watch", "stay, and decide again what each change touches, until Ctrl-C").conflicts([
        ...["json", "list", "init", "record", "stale", "timeLimit", "workers", "reporter", "graph"],
      ]),
    )
    .addOption(parallelOption())
    .addOption(timeoutOption())
    .addOption(timeLimitOption())
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
      if (options.record) requireClone("check --record");
      const { checkAll } = await import("../../check/run.js");
      const { readWorkerHost } = await import("../../../../spec/tlc/distributed/worker-host.js");
      const { checkJson, claimJson, summaryJson } = await import("../../check/json.js");
      const { Reports } = await import("../shared/reports.js");
      const { settingsFor } = await import("../../settings/settings.js");
      const reports = new Reports(options);
      if (options.graph && !reports.wantsRuns)
        throw new UsageError("--graph needs a page", { hint: "--graph --reporter html=FILE" });
      const progress = await createProgress(reports.machine && !process.stderr.isTTY);
      const tellRow = (row: CheckRow): void => {
        progress.done();
        reports.line("claim", claimJson(row));
      };
      let strict = options.strict === true;
      const ask = async (): Promise<CheckRequest> => {
        const settings = await settingsFor(paths, specRoot, options.trust === true);
        strict = options.strict === true || settings?.strict === true;
        return {
          paths,
          root: specRoot,
          full: options.full === true,
          ...(options.since !== undefined && { since: options.since }),
          ...(options.stale && { staleIn: decidedFile }),
          ...(options.record && { recordIn: decidedFile }),
          ...(options.share && { share: options.share }),
          settings,
          cache: options.cache && settings?.cache !== false,
          strict,
          onlyList: options.list === true,
          libraries: options.library ?? [],
          undeclared: options.undeclared === true || settings?.undeclared === true,
          init: options.init === true,
          parallel: options.parallel ?? settings?.parallel ?? cores(),
          timeoutMs: options.timeout && options.timeout * 1000,
          timeLimit: options.timeLimit ?? settings?.timeLimitS,
          memoryMiB: options.memory,
          workers: (options.workers ?? []).map(readWorkerHost),
          port: options.port,
          ...(reports.wantsLines && { onRow: tellRow }),
          signal: context.signal,
          progress,
        };
      };
      const graphsOf = async ({ rows, tools }: CheckSummary) => {
        if (tools === undefined) return undefined;
        const { claimGraphs } = await import("../../report/claim-graphs.js");
        const timeoutMs = options.timeout && options.timeout * 1000;
        return claimGraphs(rows, { tools, signal: context.signal, progress, timeoutMs });
      };
      const report = async (summary: CheckSummary): Promise<void> => {
        if (reports.wantsLines) {
          for (const row of summary.rows) if (row.result === undefined) tellRow(row);
          reports.line("summary", summaryJson(summary));
        }
        await reports.finish(
          async () => {
            const { checkResults } = await import("../../report/of-check.js");
            const { signal } = context;
            const graphs = options.graph ? await graphsOf(summary) : undefined;
            return checkResults(summary, {
              signal,
              strict,
              runs: reports.wantsRuns,
              ...(graphs && { graphs }),
            });
          },
          {
            json: () => checkJson(summary),
            text: async () => {
              const { checkText } = await import("../../check/text.js");
              return checkText(summary, {
                explain: options.explain === true || options.fullTrace === true,
                fullTrace: options.fullTrace === true,
                verbose: options.verbose === true,
                signal: context.signal,
                progress,
              });
            },
          },
        );
      };
      if (options.watch) {
        const { watchClaims } = await import("../../check/watch.js");
        const { showChange } = await import("../../check/show-change.js");
        await watchClaims(ask, context.signal, {
          changed(files, claims) {
            progress.done();
            reports.line("change", { files, claims });
            if (!reports.machine) process.stdout.write(showChange(files, claims));
          },
          decided: report,
          bad(error) {
            progress.done();
            showFailure(error, options.jsonLines ? "line" : false);
          },
        });
        context.exitCode = EXIT.interrupted;
        return;
      }
      const summary = await checkAll(await ask());
      await report(summary);
      if (context.signal.aborted) context.exitCode = EXIT.interrupted;
      else if (!summary.asDeclared || (strict && summary.vacuity.length + summary.translations.length > 0))
        context.exitCode = EXIT.notAsDeclared;
      if (summary.problems.length > 0 && !context.signal.aborted) context.exitCode = EXIT.badInput;
    });
}

const DECIDED = "spec/generated/decided.json";

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
  quiesce check ~/my-specs --undeclared          configurations that declare nothing yet
  quiesce check ~/my-specs --library ~/modules   with modules from elsewhere, or a jar of them
  quiesce check ~/my-specs --init                the same, and write what came out into them
  quiesce check                                  all claims in this repository
  quiesce check litmus                           one topic
  quiesce check rcu/Urcu-not-raised --explain    one claim, with its counterexample
  quiesce check ~/my-specs --no-cache --json     any folder, with JSON output
  quiesce check ~/my-specs --reporter html=report.html --graph   a page, on which state graphs are explored
  quiesce check --json-lines --time-limit 1200   for a script that reads along; what is decided in 20 minutes
  quiesce check ~/my-specs --watch               stay, and decide again what a change touches
  quiesce check --full --timeout 3600            the large ones, too
  quiesce check --full --share 2/4               the second of four parts, on the second of four machines
  quiesce check --since origin/main              those of each push, and whatever a change touches
  quiesce check rcu/Urcu-large --workers localhost:2 buildhost    one claim, on several machines

A repository may say how its claims are checked: quiesce.json, in the folder that is given or above it in its repository,
has "libraries", "ignore", "timeout", "timeLimit", "memory", "workers", "parallel", "cache", "strict", "undeclared" and
"java" (quiesce.schema.json describes them). The command line counts more than a claim's header, that more than these
settings, and they more than the environment. What they say about Java, jars and folders elsewhere takes --trust, since
they may be a stranger's. .quiesceignore, written as a .gitignore, says what is not looked at.

--watch decides again the claims whose configuration, modules, libraries or settings change, and says which files did. What
a model reads while it runs (IOUtils, Json) is not watched. A change to what is being decided begins it again.

A file that can't be read as a claim is named, and the others are decided all the same; the exit code is then 2. Without a
header, a configuration is no claim: --undeclared decides it, and what comes out is reported as found.

No vacuous pass: a model without a state is inconclusive. For claims that hold, this command names, with its place, each
action of the next-state relation that no claim checked ever takes, and each property L => R or L ~> R (or one that says
so of all elements of a set) whose L is never true, unless Idle declares it. The rows of a sweep count together. It
examines the claims that declare up to 5,000 States, or none; with --strict, it examines all of them, and whatever it
names is a failure. It also names each SPECIFICATION without a behaviour, whose fairness demands what can't happen: TLC
finds that every liveness property holds of it. That takes one more run, of up to 5,000 states; with --strict, of up to
20,000. It does not examine the actions of models of our machine, the properties of a model with a VIEW, properties that
are not written as such an implication, the fairness of a model with a VIEW or SYMMETRY, or anything checked with --workers.

--graph has TLC run once more for each claim, and dump all of its states, whether it is violated or not; the page then
shows which steps are enabled in a state, and where they lead. It has up to 20,000 states of a claim, and says so of larger
ones.

TLC decides about the translation of a PlusCal algorithm. A translation that is not what the translator makes of the
algorithm now is named (with --strict, a failure), and so is an algorithm without one.

Small claims are decided by Java processes that stay from one to the next; if anything goes wrong there, a plain start of
TLC decides. With QUIESCE_PLAIN_START=1 in the environment, every claim has a Java process of its own.

TLC saves its progress on a claim of the full set once a minute. If the run is interrupted, or runs out of time or memory,
the same command resumes it, provided that nothing it depends on has changed and --no-cache is not given. The saved runs
are in the cache's folder runs: at most 8 GiB, for at most 30 days.

--workers starts TLC's server here and workers on each HOST: HOST is one process with one thread per core, HOST:N is N
single-threaded processes. A host reached by ssh needs only Java. join starts no worker: it prints the command that joins.
The server and the workers trust anyone who can reach their ports: use them only on your own network.

When the check is interrupted (Ctrl-C, SIGTERM), or --time-limit is over, what has been decided by then is reported, and
which claims have not been; what never happens is then not looked for. A second Ctrl-C ends it at once.

Exit codes: 0 as declared; 1 not as declared, inconclusive or undecided, with --strict also vacuous; 2 usage error or bad
input; 3 Java or TLC's jar is missing; 130 interrupted.`;
