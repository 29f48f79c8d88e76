import type { Command } from "commander";
import { BadInputError, EnvironmentError, messageOf, UsageError } from "../../../../spec/tlc/base/errors.js";
import { readTextInput } from "../../../../spec/tlc/base/text-file.js";
import type { Claim } from "../../../../spec/tlc/claim/claim.js";
import { type Deadline, unlessInterrupted, withTimeLimit } from "../../../base/interrupted.js";
import { writeOutput } from "../../../base/output-file.js";
import { root, specRoot } from "../../../base/root.js";
import { createProgress, type Progress } from "../../../base/terminal.js";
import type { KernelReport } from "../../../kernel/report.js";
import type { GapText } from "../../../kernel/show.js";
import { type CommandContext, EXIT, printSchema, wholeNumber } from "../shared/context.js";
import { type AskedReport, reporterOption } from "../shared/reporter-option.js";
import { timeLimitOption } from "../shared/run-options.js";

interface KernelOptions {
  readonly json?: boolean;
  readonly reporter?: readonly AskedReport[];
  readonly tap?: boolean;
  readonly schema?: boolean;
  readonly emit?: string;
  readonly read?: string;
  readonly explain?: boolean;
  readonly answers?: boolean;
  readonly ordering: boolean;
  readonly rounds?: number;
  readonly patient?: boolean;
  readonly offlineCpu?: number;
  readonly timeLimit?: number;
}

/** `quiesce kernel`: compares the machine's membarrier(2) with the specification. */
export function addKernel(program: Command, context: CommandContext): void {
  program
    .command("kernel")
    .description("compare this kernel's membarrier with the specification, edge by edge, and try its order")
    .option("--json", "print the report as JSON on standard output")
    .option("--tap", "print what the C program prints (TAP)")
    .addOption(reporterOption())
    .option("--schema", "print the JSON schema for --json and exit")
    .option("--explain", "show the counterexample of each gap that is found (takes Java)")
    .option("--no-ordering", "compare answers only: takes some seconds")
    .option("--rounds <n>", "rounds of each ordering test (default: 5000)", wholeNumber("--rounds", 100, 1e8))
    .option("--patient", "take as long as it takes, also on a busy machine")
    .option(
      "--offline-cpu <n>",
      "take this CPU offline meanwhile, and put it back whatever happens (takes root)",
      wholeNumber("--offline-cpu", 0, 1e6),
    )
    .addOption(timeLimitOption())
    .option("--emit <file.c>", "write the program as one C file, for a machine without Node, and exit")
    .option("--read <file>", "report on what that program has printed elsewhere")
    .addHelpText("after", HELP)
    .action(async (options: KernelOptions) => {
      if (options.schema) return printSchema("kernel");
      if (options.json && options.tap) throw new UsageError("--json and --tap exclude each other");
      const { requireFreshPlan } = await import("../../../kernel/program.js");
      await requireFreshPlan(root);
      if (options.emit !== undefined) return emit(options.emit);
      const { exitOf } = await import("../../../kernel/report.js");
      const { showKernel } = await import("../../../kernel/show.js");
      const { Reports } = await import("../shared/reports.js");
      const reports = new Reports(options);
      const progress = await createProgress(reports.machine && !process.stderr.isTTY);
      const started = performance.now();
      const deadline = withTimeLimit(context.signal, options.timeLimit);
      try {
        const { tap, report } =
          options.read === undefined
            ? await ask(options, deadline, progress)
            : await readReport(options.read);
        const gaps = await gapsOf(report, options.explain === true, deadline.signal, progress);
        progress.done();
        const { endedEarly = deadline.ended(), ...known } = report;
        const { kernelResults } = await import("../../report/of-kernel.js");
        const seconds = (performance.now() - started) / 1000;
        await reports.finish(() => kernelResults(report, { seconds, ...(endedEarly && { endedEarly }) }), {
          text: () => (options.tap ? tap : showKernel(report, gaps)),
          json: () => ({ ...known, gaps, ...(endedEarly && { interrupted: true, endedBy: endedEarly }) }),
        });
        if (endedEarly === "interrupted") context.exitCode = EXIT.interrupted;
        else context.exitCode = exitOf(report.verdict) || (endedEarly ? EXIT.notAsDeclared : EXIT.asDeclared);
      } finally {
        progress.done();
      }
    });
}

interface Asked {
  readonly tap: string;
  readonly report: KernelReport;
}

async function ask(options: KernelOptions, { signal, ended }: Deadline, progress: Progress): Promise<Asked> {
  if (process.platform !== "linux")
    throw new EnvironmentError("membarrier is a system call of Linux, which this is not", {
      hint: "Take the program to a Linux machine:  npx quiesce kernel --emit quiesce-kernel.c",
    });
  const { buildKernelProgram } = await import("../../../kernel/program.js");
  const { runKernelProgram, runSoFar } = await import("../../../kernel/run.js");
  const built = await unlessInterrupted(signal, () =>
    buildKernelProgram({ signal, onBuild: () => progress.line("compiling it") }),
  );
  if (built === undefined) return runSoFar("TAP version 13", ended() ?? "interrupted");
  const { file, isStatic } = built;
  if (!isStatic) progress.line("there is no static C library here: the program is linked dynamically");
  return runKernelProgram(file, {
    options: [
      ...(options.ordering ? [] : ["--no-ordering"]),
      ...(options.patient ? ["--patient"] : []),
      ...(options.offlineCpu === undefined ? [] : ["--offline-cpu", String(options.offlineCpu)]),
      ...(options.rounds === undefined ? [] : ["--rounds", String(options.rounds)]),
    ],
    ...{ signal, ended },
    onTest: (name, count) =>
      progress.update([`Kernel  ${count} tests`, `  ${name}`], `Kernel  ${count} tests   ${name}`),
  });
}

const LONGEST = 1 << 26;

/** What the program has printed on another machine; how it ended is not known, so its own words have to do. */
async function readReport(file: string): Promise<Asked> {
  const { readTap } = await import("../../../kernel/tap.js");
  const { exitOf, reportOf } = await import("../../../kernel/report.js");
  const tap = readTextInput(file, LONGEST, "what the program printed");
  const said = /^# verdict: (conforms|gap|inconclusive|unavailable|differs)$/m.exec(tap)?.[1];
  try {
    const report = reportOf(
      readTap(tap),
      said === undefined ? undefined : exitOf(said as KernelReport["verdict"]),
    );
    return { tap, report };
  } catch (error) {
    throw new BadInputError(messageOf(error), {
      where: file,
      hint: "It takes all that the program printed:  ./quiesce-kernel > FILE",
    });
  }
}

/** Writes the single C file, whole or not at all. */
async function emit(file: string): Promise<void> {
  const { singleFile } = await import("../../../kernel/emit.js");
  if (!file.endsWith(".c")) throw new UsageError(`--emit takes the name of a C file, not "${file}"`);
  writeOutput(file, singleFile(), "the program", "--emit");
  process.stderr.write(
    `Written. Compile and run it:  cc -O2 -static -pthread ${file} -o quiesce-kernel && ./quiesce-kernel\n`,
  );
}

/** What the claims of the gaps say, with their counterexamples when these are asked for. */
async function gapsOf(
  report: KernelReport,
  explain: boolean,
  signal: AbortSignal,
  progress: Progress,
): Promise<GapText[]> {
  const ids = report.ordering.flatMap(({ result, why }) =>
    result === "gap" && why !== undefined ? [why] : [],
  );
  if (ids.length === 0) return [];
  const { requireClaims } = await import("../../../../spec/tlc/claim/asked-claims.js");
  const claims = await requireClaims(ids, specRoot);
  const texts = claims.map(({ id, sentence }): GapText => ({ claim: id, sentence }));
  if (!explain || signal.aborted) return texts;
  try {
    return await explained(claims, texts, signal, progress);
  } catch (error) {
    // What the kernel has answered is worth more than its explanation.
    if (!signal.aborted) throw error;
    return texts;
  }
}

async function explained(
  claims: readonly Claim[],
  texts: readonly GapText[],
  signal: AbortSignal,
  progress: Progress,
): Promise<GapText[]> {
  const { findTools } = await import("../../../../spec/tlc/tools/tools.js");
  const { checkClaims } = await import("../../../../spec/tlc/decide/check.js");
  const { explainClaim } = await import("../../counterexample/explain-claim.js");
  const tools = await findTools({ signal, onFetch: (text) => progress.line(text) });
  const results = await checkClaims(claims, tools, { signal });
  return Promise.all(
    texts.map(async (text, index) => {
      const result = results[index];
      return result === undefined
        ? text
        : { ...text, counterexample: await explainClaim(result, tools, signal) };
    }),
  );
}

const HELP = `
The answers of the system call are a state graph: module Api of spec/membarrier/registration. A C program, which this
command compiles and runs, takes each of its edges in child processes: commands, flags and CPUs that are there and not,
registrations, threads, fork, vfork, clone(CLONE_VM) and exec. After each it looks at what is registered. Which graph is
walked depends on what QUERY answers, never on a version. Then it tries the order that each command promises, between two
processors, beside a witness that calls QUERY, which is no barrier. What SYNC_CORE and RSEQ do beyond a barrier is not
tried, and neither is ENOMEM, which takes a kernel that is out of memory. Calls that name a CPU name an offline one, too:
one that is offline already, or the one of --offline-cpu; else a number that is no CPU stands for it.

Verdicts:
  conforms      each answer is the specification's, and no order was broken
  gap           the same, but a gap shows that the specification declares: a registered process is missed
  differs       an answer is another one, or an order was broken; with the state before, the call and the path
  unavailable   there is no such system call, or something refuses it; that is reported, too
  inconclusive  part of it could not be tried (one processor, an emulation), or its newest commands are not specified

Examples:
  quiesce kernel                             a report, in less than a minute on an idle machine
  quiesce kernel --explain                   with the counterexample of each gap
  quiesce kernel --no-ordering --json        the answers only, for a script
  sudo npx quiesce kernel --offline-cpu 1    names that CPU while it is offline, for the seconds of the walk
  quiesce kernel --emit quiesce-kernel.c     the same as one C file; it prints TAP
  quiesce kernel --read other-machine.tap    a report on what that has printed

Exit codes: 0 conforms, or has a declared gap; 1 differs or inconclusive, or --time-limit was reached; 2 usage error or bad
input; 3 there is no membarrier here, or no C compiler; 130 interrupted. Interrupted, or at its time limit, it reports what
it has found by then, in every format.`;
