import { basename } from "node:path";
import { type Command, Option } from "commander";
import { BadInputError, UsageError } from "../../../../spec/tlc/base/errors.js";
import type { Tools } from "../../../../spec/tlc/tools/tools.js";
import { writeOutput } from "../../../base/output-file.js";
import { root, specRoot } from "../../../base/root.js";
import { createProgress, type Progress } from "../../../base/terminal.js";
import type { StoredPlan } from "../../../plan/store.js";
import type { Target } from "../../../targets/target.js";
import { ALL_TARGETS, TARGETS, targetNamed } from "../../../targets/targets.js";
import { type CommandContext, EXIT, printSchema, wholeNumber } from "../shared/context.js";
import { reporterOption } from "../shared/reporter-option.js";
import { Reports } from "../shared/reports.js";
import { timeLimitOption } from "../shared/run-options.js";
import { conformMutants, isAboutMutants, type MutantOptions } from "./conform-mutants.js";

interface ConformOptions extends MutantOptions {
  readonly claim?: string;
  readonly driver?: string;
  readonly target?: string;
  readonly contract?: string;
  readonly replay?: string;
  readonly save?: string | false;
  readonly draft?: boolean;
  readonly header?: boolean;
  readonly hang?: number;
  readonly seconds?: number;
  readonly schema?: boolean;
}

/** `quiesce conform`: drives implementations along a specification's paths; `--mutants` measures the tests. */
export function addConform(program: Command, context: CommandContext): void {
  program
    .command("conform")
    .description("drive an implementation along every path of a specification, one step at a time")
    .option(
      "--claim <name>",
      "a .cfg file or the id of a claim, with a contract (default: our own that are replayed)",
    )
    .option(
      "--driver <what>",
      "an implementation of ours by name, a driver's file (.ts, .js, .c, .cc, .so), or a command",
    )
    .addOption(
      new Option("--target <name>", "the same, by name only")
        .choices(ALL_TARGETS.map(({ name }) => name))
        .conflicts("driver"),
    )
    .option("--contract <file>", "another contract than the one beside the claim")
    .option("--draft", "instead, print a first version of the claim's contract")
    .option("--header", "instead, print the steps and words of the claim's contract as a C header")
    .option("--replay <file>", "instead, replay a failure that was saved")
    .option(
      "--save <file>",
      "where to save a failure, so that it can be replayed (default: conform-failure.json)",
    )
    .option("--no-save", "save no failure")
    .option("--hang <ms>", "a driver that owes an answer for so long hangs", wholeNumber("--hang", 1))
    .option("--seconds <n>", "end after so long, with what has been found", wholeNumber("--seconds", 1))
    .addOption(
      new Option(
        "--mutants",
        "instead, run every mutant of ours against every suite and print the matrix",
      ).conflicts(["mutant", "claim", "replay"]),
    )
    .option(
      "--suites",
      "with --mutants or --mutant: every suite on every mutant, not only the one that is declared to kill it",
    )
    .option("--only <names...>", "with --suites: these mutants, or all of native, kernel, litmus, ...")
    .option("--suite <names...>", "with --suites: these suites only")
    .option("--limit <seconds>", "with --suites: of each suite on each mutant", wholeNumber("--limit", 1))
    .addOption(timeLimitOption())
    .option("--kept", "with --suites: run nothing, and tell what earlier runs have found")
    .option("--page", "with --suites: keep the rows in conformance/mutants/generated/MATRIX.md")
    .option(
      "--missing",
      "with --suites: run only what this page has no result of, and what it missed on a busy machine",
    )
    .option("--mutant <name>", "instead, run one mutant and show how replay sees it")
    .option("--no-cache", "with --mutants, ignore cached results and run TLC for every claim about a mutant")
    .option("--json", "print the results as JSON on standard output")
    .addOption(reporterOption())
    .option("--schema", "print the JSON schema for --json and exit")
    .addHelpText("after", HELP)
    .action(async (options: ConformOptions) => {
      if (options.schema) return printSchema(options.suites ? "suites" : "conform");
      const progress = await createProgress();
      if (options.draft) return draft(options, context, progress);
      if (options.header) return header(options);
      const asked = options.replay === undefined ? options : { ...options, ...(await saved(options)) };
      await withTargets(asked, context, progress, async (targets) => {
        const plans = (): Promise<StoredPlan[]> => plansOf(asked, targets, context, progress);
        return isAboutMutants(options)
          ? conformMutants(options, { plans, targets, context, progress })
          : follow(await plans(), targets, asked, context, progress);
      });
    });
}

/** What a saved failure asks for; the command line wins. */
async function saved({
  replay = "",
  claim,
  driver,
  contract,
}: ConformOptions): Promise<Partial<ConformOptions>> {
  const { readFailureFile } = await import("../../../replay/failure-file.js");
  const file = readFailureFile(replay);
  const from = contract ?? file.contract;
  return {
    claim: claim ?? file.claim,
    driver: driver ?? file.driver,
    ...(from !== undefined && { contract: from }),
  };
}

async function draft(
  { claim }: ConformOptions,
  { signal }: CommandContext,
  progress: Progress,
): Promise<void> {
  if (claim === undefined) throw new UsageError("--draft needs a claim", { hint: "--claim FILE.cfg" });
  const { modelOf } = await import("../../../plan/model.js");
  const { draftContract } = await import("../../../plan/draft.js");
  const model = await modelOf(claim, specRoot);
  process.stdout.write(await draftContract(model, { tools: await tools(signal, progress), signal }));
}

async function header({ claim, contract }: ConformOptions): Promise<void> {
  if (claim === undefined) throw new UsageError("--header needs a claim", { hint: "--claim FILE.cfg" });
  const { modelOf } = await import("../../../plan/model.js");
  const { contractFileOf, readContract } = await import("../../../plan/read-contract.js");
  const { renderStepsHeader, renderWordsHeader } = await import("../../../plan/headers.js");
  const { stepIds } = await import("../../../plan/steps.js");
  const read = readContract(contract ?? (await contractFileOf(await modelOf(claim, specRoot))));
  const madeBy = `Made from ${basename(read.file)} by \`quiesce conform --header\`. Do not edit.`;
  const steps = stepIds(read.steps.map(({ name }) => name));
  process.stdout.write(`${renderStepsHeader(steps, madeBy)}\n${renderWordsHeader(read, madeBy)}`);
}

async function tools(signal: AbortSignal, progress: Progress): Promise<Tools> {
  const { findTools } = await import("../../../../spec/tlc/tools/tools.js");
  return findTools({ signal, onFetch: (text) => progress.line(text) });
}

/** The implementations that are asked for, for as long as `work` takes. */
async function withTargets<T>(
  options: ConformOptions,
  { signal }: CommandContext,
  progress: Progress,
  work: (targets: readonly Target[]) => Promise<T>,
): Promise<T> {
  const what = options.driver ?? options.target;
  if (what === undefined)
    return work(options.claim === undefined ? TARGETS : await drivingAll(options.claim));
  if (ALL_TARGETS.some(({ name }) => name === what)) return work([targetNamed(what)]);
  if (options.claim === undefined)
    throw new UsageError(`--driver "${what}" is none of ours, so it needs a claim`, {
      hint: `--claim FILE.cfg; ours are: ${ALL_TARGETS.map(({ name }) => name).join(", ")}`,
    });
  const { withForeign } = await import("../../../targets/stepped.js");
  return withForeign(what, (target) => work([target]), { signal, onStage: (text) => progress.line(text) });
}

/** All of ours that drive a claim's module. */
async function drivingAll(claim: string): Promise<readonly Target[]> {
  const { modelOf } = await import("../../../plan/model.js");
  const { module } = await modelOf(claim, specRoot);
  const driving = ALL_TARGETS.filter(({ drives }) => drives === basename(module, ".tla"));
  if (driving.length > 0) return driving;
  throw new BadInputError(`none of our implementations drives ${basename(module)}`, {
    hint: 'Say what does:  --driver FILE.ts, --driver FILE.c, --driver FILE.so, or --driver "a command"',
  });
}

async function plansOf(
  options: ConformOptions,
  targets: readonly Target[],
  { signal }: CommandContext,
  progress: Progress,
): Promise<StoredPlan[]> {
  const { loadPlan, loadPlans } = await import("../../../plan/store.js");
  const loading = {
    root,
    signal,
    stepped: targets.some(({ stepped }) => stepped),
    onBuild: (text: string) => progress.line(text),
    ...(options.contract !== undefined && { contract: options.contract }),
  };
  if (options.claim === undefined) {
    const { replayedBy } = await import("../../../plan/replayed.js");
    for (const target of targets) if (replayedBy([target]).length === 0) throw needsClaim(target);
    return loadPlans(loading, replayedBy(targets));
  }
  const stored = await loadPlan(options.claim, loading);
  if (options.replay === undefined) return [stored];
  const { planAlong, readFailureFile } = await import("../../../replay/failure-file.js");
  const plan = planAlong(stored.plan, readFailureFile(options.replay), options.replay);
  const [path = []] = plan.paths;
  const coverage = new Set(path).size / plan.edges.length;
  return [{ ...stored, plan, report: { ...stored.report, paths: 1, steps: path.length, coverage } }];
}

/** Without a claim it would be driven along nothing, and its mutants would seem to survive. */
function needsClaim({ name, drives }: Target): UsageError {
  return new UsageError(`--driver ${name} follows no claim unless one is named`, {
    hint: `--claim ID, one of the module ${drives}; quiesce check --list has them all`,
  });
}

async function follow(
  plans: readonly StoredPlan[],
  targets: readonly Target[],
  options: ConformOptions,
  context: CommandContext,
  progress: Progress,
): Promise<void> {
  const reports = new Reports(options);
  const started = performance.now();
  const { conform } = await import("../../../replay/conform.js");
  const { conformJson, showConformance } = await import("../../../replay/report.js");
  const conformed = await conform(plans, {
    targets,
    signal: context.signal,
    progress,
    ...(options.hang !== undefined && { hangMs: options.hang }),
    ...(options.seconds !== undefined && { limitMs: options.seconds * 1000 }),
  });
  const { conformResults } = await import("../../report/of-conform.js");
  const interrupted = context.signal.aborted;
  const seconds = (performance.now() - started) / 1000;
  await reports.finish(() => conformResults(conformed, { seconds, interrupted }), {
    text: () => `${showConformance(conformed)}\n`,
    json: () => conformJson(conformed, [], interrupted),
  });
  const results = conformed.flatMap((one) => one.targets);
  if (options.save !== false && options.replay === undefined) await save(conformed, options);
  if (context.signal.aborted) context.exitCode = EXIT.interrupted;
  else if (results.some(({ verdict }) => verdict === "fails")) context.exitCode = EXIT.notAsDeclared;
  else if (results.some(({ verdict }) => verdict === "inconclusive")) context.exitCode = EXIT.notAsDeclared;
  else if (results.every(({ verdict }) => verdict === "not run")) context.exitCode = EXIT.environment;
}

const FAILURE_FILE = "conform-failure.json";

/** Saves the first failure, so that it can be replayed. */
async function save(
  conformed: Awaited<ReturnType<typeof import("../../../replay/conform.js").conform>>,
  options: ConformOptions,
): Promise<void> {
  const { failureFile } = await import("../../../replay/failure-file.js");
  for (const { stored, targets } of conformed)
    for (const { target, trail } of targets) {
      if (trail === undefined) continue;
      const file = typeof options.save === "string" ? options.save : FAILURE_FILE;
      const from = {
        claim: options.claim ?? stored.claim,
        driver: options.driver ?? target,
        ...(options.contract !== undefined && { contract: options.contract }),
      };
      const text = `${JSON.stringify(failureFile(stored.plan, trail, from), null, 2)}\n`;
      writeOutput(file, text, "the failure", "--save");
      process.stderr.write(`The failure is in ${file}; replay it:  quiesce conform --replay ${file}\n`);
      return;
    }
}

const HELP = `
A contract beside the specification says what can be asked for and what can be seen; a driver does it. After each step
what can be seen is compared. Where the specification does not allow a step, the implementation has to refuse it; where
it has a thread asleep, the thread must be blocked. conformance/walkthrough/README.md leads from nothing to a verdict,
and conformance/drive/PROTOCOL.md says how a driver in another language speaks.

Examples:
  quiesce conform                                          our implementations, on the claims that they follow
  quiesce conform --driver native                          one of them
  quiesce conform --claim Queue.cfg --driver driver.ts     your specification, a class
  quiesce conform --claim Queue.cfg --driver ./driver.so   a C library, call by call (native/drive/driver.h)
  quiesce conform --claim Lock.cfg --driver target.c       C or C++, one step at a time (native/replay/target.h)
  quiesce conform --claim Queue.cfg --driver "python3 driver.py"
  quiesce conform --claim Queue.cfg --draft > Queue.contract.json
  quiesce conform --claim rcu/library/Library-readers      RCU libraries: ours and liburcu, each of their flavours
  quiesce conform --claim rcu/library/Library-fork --driver liburcu-memb
  quiesce conform --claim Queue.cfg --header > steps.h     the constants of a target in C
  quiesce conform --replay conform-failure.json            a failure once more
  quiesce conform --mutants                                which suite kills which mutant of ours
  quiesce conform --mutants --suites                       every suite on every mutant (takes hours; Ctrl-C, and
                                                           it goes on where it was when it is run again)
  quiesce conform --mutants --suites --page --time-limit 1800   half an hour of it, the cheapest suites first
  quiesce conform --mutants --suites --page --missing   what the page still lacks
  quiesce conform --mutants --suites --only no-fence-e kernel --suite litmus kernel
  quiesce conform --mutant not-raised                      one mutant, and the steps at which replay sees it

Verdicts: conforms; fails (state, step, refused, taken, unmapped, not-blocked, use-after-free, call, hang, crash, driver);
inconclusive (interrupted, a time limit, or paths that the implementation left for another way that is allowed, too);
not run (this machine lacks the library, or what it needs).

Exit codes: 0 every path was followed (every mutant killed); 1 otherwise; 2 usage error, or a contract that doesn't fit; 3
Java, TLC or a compiler is missing; 130 interrupted, whatever has been found.`;
