import type { Command } from "commander";
import { UsageError } from "../../../../spec/tlc/base/errors.js";
import { cores } from "../../../base/cores.js";
import { root } from "../../../base/root.js";
import { createProgress } from "../../../base/terminal.js";
import type { Order } from "../../../litmus/model.js";
import type { Explanation } from "../../../litmus/result.js";
import type { FileResult, LitmusSummary, OtherEngine } from "../../../litmus/run.js";
import { type CommandContext, EXIT, printSchema, wholeNumber } from "../shared/context.js";
import { type AskedReport, reporterOption } from "../shared/reporter-option.js";
import {
  jsonLinesOption,
  memoryOption,
  parallelOption,
  timeLimitOption,
  timeoutOption,
} from "../shared/run-options.js";
import { addSiliconOptions, refuseWithoutRun, runSilicon, type SiliconOptions } from "./silicon.js";

interface LitmusOptions extends SiliconOptions {
  readonly order?: string;
  readonly json?: boolean;
  readonly reporter?: readonly AskedReport[];
  readonly jsonLines?: boolean;
  readonly timeLimit?: number;
  readonly schema?: boolean;
  readonly brief?: boolean;
  readonly engine: EngineChoice;
  readonly explain?: true | AskedReasons;
  readonly states: number;
  readonly parallel?: number;
  readonly timeout: number;
  readonly memory?: number;
}

/** `quiesce litmus FILE...`: the possible outcomes, on the machine, of tests in the kernel's C litmus format. */
export function addLitmus(program: Command, context: CommandContext): void {
  const command = program
    .command("litmus")
    .description("decide litmus tests in the kernel's C format, under each memory order")
    .argument("[FILE...]", "files in the kernel's C litmus format")
    .option("--order <orders>", "memory orders, separated by commas (default: sc,tso,pso,weak)")
    .option("--brief", "print only the Result: line of each test")
    .option("--json", "print the results as JSON on standard output")
    .addOption(jsonLinesOption("file's result"))
    .addOption(reporterOption())
    .option("--schema", "print the JSON schema for --json and exit")
    .option(
      "--engine <engine>",
      `who decides: ${ENGINES.join(", ")} (see below)`,
      (text) => {
        const engine = ENGINES.find((one) => one === text);
        if (engine !== undefined) return engine;
        throw new UsageError(`--engine takes ${ENGINES.join(", ")}, not "${text}"`);
      },
      "auto" as EngineChoice,
    )
    .option(
      "--explain [form]",
      "say why, by the axioms: as text (default), or as a mermaid diagram",
      explained,
    )
    .option(
      "--states <n>",
      "machine: give a test up after this many distinct states, under each order",
      wholeNumber("--states", 1, 100_000_000),
      500_000,
    )
    .addOption(parallelOption())
    .addOption(
      timeoutOption(
        "time limit of each test: those that a run of TLC does not finish together run again, at last alone",
      ).default(600),
    )
    .addOption(timeLimitOption())
    .addOption(memoryOption("heap size of each run (default: 1024)"));
  addSiliconOptions(command)
    .addHelpText("after", HELP)
    .action(async (files: string[], options: LitmusOptions) => {
      if (options.schema) return printSchema(options.run ? "silicon" : "litmus");
      refuseWithoutRun(options);
      for (const name of ["jsonLines", "timeLimit"] as const)
        if (options.run && options[name] !== undefined)
          throw new UsageError(`--${name === "jsonLines" ? "json-lines" : "time-limit"} is not for --run`, {
            hint: "--run takes --json, and --seconds is its time limit.",
          });
      const limits = { states: options.states, choices: MOST_CHOICES };
      if (options.run && options.engine !== "auto")
        throw new UsageError("--engine is not for --run", {
          hint: "With --run, the processor is compared with the machine.",
        });
      if (options.explain && (options.run || options.engine === "machine"))
        throw new UsageError("--explain is not for --run, nor for --engine machine", {
          hint: "The axioms explain: leave out --engine machine.",
        });
      if (options.run) return await runSilicon(files, options, limits, context);
      if (files.length === 0)
        throw new UsageError("no file is given", {
          hint: "quiesce litmus FILE... ; --help has examples",
        });
      const { ORDERS } = await import("../../../litmus/model.js");
      const { runLitmus } = await import("../../../litmus/run.js");
      const { agreementOf } = await import("../../../litmus/declared.js");
      const { placeOf, showRefused, showTests, showTotal } = await import("../../../litmus/show.js");
      const { Reports } = await import("../shared/reports.js");
      const reports = new Reports(options);
      const progress = await createProgress(reports.machine && !process.stderr.isTTY);
      const tellFile = (result: FileResult): void => {
        progress.done();
        reports.line("file", toJson(result, placeOf));
      };
      const summary = await runLitmus({
        files,
        root,
        orders: ordersOf(options.order, ORDERS),
        limits,
        parallel: options.parallel ?? cores(),
        timeoutMs: options.timeout * 1000,
        timeLimit: options.timeLimit,
        ...(reports.wantsLines && { onFile: tellFile }),
        ...(options.memory !== undefined && { memoryMiB: options.memory }),
        ...(options.engine !== "machine" && { other: await otherEngine(options.engine, options) }),
        signal: context.signal,
        progress,
      });
      const total = {
        interrupted: summary.endedEarly !== undefined,
        ...(summary.endedEarly && { endedBy: summary.endedEarly }),
        seconds: summary.seconds,
      };
      const asked = options.explain === true ? undefined : options.explain;
      const form = asked?.form === "mermaid" ? "mermaid" : "text";
      if (asked?.folder !== undefined) {
        const { writePictures } = await import("../../report/litmus-pictures.js");
        const written = writePictures(summary, asked.folder);
        process.stderr.write(`${written} pictures are in ${asked.folder}\n`);
      }
      reports.line("summary", total);
      if (!reports.machine) process.stderr.write(showRefused(summary));
      const { litmusResults } = await import("../../report/of-litmus.js");
      await reports.finish(() => litmusResults(summary), {
        text: () => `${showTests(summary, options.brief === true, form)}${showTotal(summary)}\n`,
        json: () => ({ ...total, files: summary.files.map((file) => toJson(file, placeOf)) }),
      });
      context.exitCode = context.signal.aborted ? EXIT.interrupted : exitCodeFor(summary, agreementOf);
    });
}

/** The most combinations of compiler orders and branches that one test's threads may have. */
const MOST_CHOICES = 5_000;

/** How reasons are shown; pictures go into a folder. */
interface AskedReasons {
  readonly form: "text" | "mermaid" | "svg";
  readonly folder?: string;
}

function explained(text: string): AskedReasons {
  const [, form = "", folder] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  if (form === "svg" && folder !== undefined && folder !== "") return { form, folder };
  if ((form === "text" || form === "mermaid") && folder === undefined) return { form };
  throw new UsageError(`--explain takes text, mermaid or svg=FOLDER, not "${text}"`, {
    hint: "Name the files before --explain.",
  });
}

/** Who may be asked to decide. */
const ENGINES = ["auto", "axioms", "machine", "both"] as const;
type EngineChoice = (typeof ENGINES)[number];

/** What the axioms get of a test's time if the machine comes after them. */
const FIRST_SECONDS = 10;

async function otherEngine(
  engine: Exclude<EngineChoice, "machine">,
  { timeout, parallel, explain }: LitmusOptions,
): Promise<OtherEngine> {
  const { axiomsEngine } = await import("../../../axioms/workers.js");
  return axiomsEngine({
    role: engine === "auto" ? "first" : engine === "axioms" ? "only" : "both",
    parallel: parallel ?? cores(),
    explain: explain !== undefined,
    timeoutMs: 1000 * (engine === "auto" ? Math.min(timeout, FIRST_SECONDS) : timeout),
  });
}

function ordersOf(text: string | undefined, known: readonly Order[]): readonly Order[] {
  if (text === undefined) return known;
  const asked = text.split(",").map((word) => word.trim());
  for (const word of asked)
    if (!known.some((order) => order === word))
      throw new UsageError(`--order takes ${known.join(", ")}, separated by commas, not "${word}"`);
  return known.filter((order) => asked.includes(order));
}

function exitCodeFor(
  { files }: LitmusSummary,
  agreementOf: typeof import("../../../litmus/declared.js").agreementOf,
): number {
  if (files.some(({ kind }) => kind === "refused")) return EXIT.badInput;
  const asDeclared = files.every(
    (file) =>
      file.kind === "decided" &&
      (file.test.litmus.declared === undefined ||
        agreementOf(file.test.litmus.declared, file.results) !== "broken"),
  );
  return asDeclared ? EXIT.asDeclared : EXIT.notAsDeclared;
}

/** The documented form of a file's result (schema/litmus.schema.json). */
function toJson(file: FileResult, placeOf: typeof import("../../../litmus/show.js").placeOf): object {
  if (file.kind !== "decided") {
    const { message, position, hint } = file.error;
    return { file: file.file, error: { kind: file.kind, message, where: placeOf(file), ...position, hint } };
  }
  const { name, quantifier, declared } = file.test.litmus;
  const results = file.results.map((result) => {
    const reason = file.explained.find(({ order }) => order === result.order);
    return { ...result, ...(reason && { explanation: reasonJson(reason) }) };
  });
  return { file: file.file, name, quantifier, declared, engine: file.engine, results };
}

function reasonJson({ kind, text, mermaid, more }: Explanation): object {
  return {
    ...{ kind, text, mermaid },
    ...(more && { more: more.map((one) => ({ text: one.text, mermaid: one.mermaid })) }),
  };
}

const HELP = `
A test begins with C and its name; then come initial values, threads and a condition:

  C MP+pooncerelease+poacquireonce
  {}
  P0(int *buf, int *flag) { WRITE_ONCE(*buf, 1); smp_store_release(flag, 1); }
  P1(int *buf, int *flag) { int r0; int r1; r0 = smp_load_acquire(flag); r1 = READ_ONCE(*buf); }
  exists (1:r0=1 /\\ 1:r1=0)

Threads may use READ_ONCE, WRITE_ONCE, plain accesses (*x, which the compiler may move, unless x is a
volatile int *), smp_mb, smp_rmb, smp_wmb, smp_store_release, smp_load_acquire, barrier, xchg, cmpxchg,
atomic_*, atomic64_* and atomic_long_*, spin_lock and spin_unlock, down_read, down_write and their like,
mutex_lock and mutex_unlock, rcu_read_lock, rcu_read_unlock, rcu_dereference, rcu_assign_pointer,
synchronize_rcu, the same for srcu with a parameter as the srcu_struct (sections of one srcu_struct must
nest), and smp_memb, which is membarrier(). RCU is this project's own: the algorithm number in
spec/rcu/read-side/ReadSideProtocol.tla, with membarrier. A condition may also compare places: 0:r0=1:r1,
x=[y]. As in herd, x=y says that x holds the address of y. There need be no condition.

Expressions have C's operators, with C's types: an int has 32 bits and wraps around, a long has 64, and
what is unsigned has no sign. The machine's numbers are TLC's, of 32 bits: a long from -2147483648 to
2147483647, an unsigned long there or as far below 2^64. A test with a larger one is refused with the place
or not decided, as are a division by zero and a shift by too much. A local without a type is a long.

if, else and loops are followed. A loop that ends by a number, for (int i = 0; i < 3; i++), is taken apart,
up to 64 rounds. One that only waits, while (READ_ONCE(*x) == 0) ; or while (cmpxchg(x, 0, 1) != 0) ;, is
one instruction: it stores nothing before its end, and keeps nothing from an earlier round. Other loops,
goto, arrays and fields of structs are refused with their place, and with what can be written instead.

The orders: sc; tso (x86); pso (stores may overtake stores); weak (ARMv8, RISC-V, and what compilers
do). Under each of them, a test is decided for all runs, not just for some.

Result: Never, Sometimes or Always says whether the condition's body holds at the end of no run, of
some, or of all. If a file has the comment "Result: Never" or "Result: Always", no order may break it.
"Result: Sometimes" is not enforced, since this machine has limits (spec/machine/Machine.tla): a store
reaches all other threads at the same time, so IRIW and WRC behave as on x86 and ARMv8, not as in the
kernel's model for POWER; compilers move accesses, but never tear, repeat, drop or invent them; xchg and
the like are one step, and a cmpxchg that fails orders nothing, not even on tso. Our synchronize_rcu
interrupts all threads, so it orders more than the kernel's must. spec/litmus/kernel-model.md lists each
limit with the tests of the kernel's collections that show it.

Two engines know this machine. The axioms (conformance/axioms) look at who may read from whom, and at what
must then come before what; they take milliseconds, and need no Java. The machine itself is run by TLC. With
--engine auto, the default, the axioms decide; what they refuse, or do not decide within 10 s (or --timeout,
if that is less), the machine does. --engine axioms or machine asks that one alone. With --engine both each
decides every test, and where they differ, or only one decides, the test is undecided: use it where much
hangs on a verdict. The limits above are those of both. --states and --memory concern the machine alone,
which also takes no more than 8 threads; the axioms take 64. Where they find more outcomes than anybody
reads (thousands, or fewer if each is hard to find), they only decide whether the condition can hold and
whether it can fail, and show an example of each: "examples" with --json.
With --explain, the axioms say why: an execution that ends so (for forall: that breaks it), or, where none
does, a circle of events that each must come before the next. Its edges are po (program order), rf (read
from), co (stored before), fr (read before that is stored), fence, dep, ctrl, acquire, release, membarrier,
rcu. --explain mermaid gives a diagram instead, and --json has both, and circles of other kinds where several
forbid it. --explain svg=FOLDER also draws each of them, into NAME.ORDER.svg.

With --run, each test is made into a C program that runs it on this processor for many rounds, and each
outcome is compared with what the machine allows under this processor's order: tso on x86-64, weak on
arm64, riscv64 and ppc64 (which reorders more than the machine: there a violation may be a limit of the
machine). A forbidden outcome that is seen is "violated". One that is allowed need not be seen. The C is
made from what was parsed, and nothing of the file is pasted into it. READ_ONCE is a volatile relaxed
load, smp_memb the system call membarrier(), RCU the library in native/; native/silicon/README.md has the
table. Without files, the tests of this repository are run. Ctrl-C ends it with what was seen so far.
With --mutants, each barrier is left out in turn: where the machine allows an outcome then that it forbids
the test, the mutant runs until that is seen, or --seconds are over. Some never is: where a test has more
threads than there are processors, or a compiler or C's function does more than it must.

Examples:
  quiesce litmus MP.litmus                           the test's outcomes under each order
  quiesce litmus --brief tools/memory-model/litmus-tests/*.litmus
  quiesce litmus --order tso,weak --json a.litmus b.litmus
  quiesce litmus SB+mbs.litmus --explain             and why an outcome is forbidden, or allowed
  quiesce litmus SB+mbs.litmus --explain svg=why     and as pictures
  quiesce litmus --engine both *.litmus              two engines, which must agree
  quiesce litmus --run --seconds 10 --cc clang SB.litmus   on this processor
  quiesce litmus --run --mutants SB+mbs.litmus       is what a barrier prevents seen without it?
  quiesce litmus --run --emit SB.c SB.litmus         a program that needs only cc -O2 -pthread

When it is interrupted (Ctrl-C), or --time-limit is over, the tests decided by then are reported, the others
as undecided.

Exit codes: 0 every test is decided; 1 a test breaks its own "Result:", or is too large to decide, or with --run
has a forbidden outcome, crashes or hangs, or a mutant is not seen; 2 usage error, or a file is refused (the
others are still decided); 3 Java, TLC's jar or a compiler is missing; 130 interrupted.`;
