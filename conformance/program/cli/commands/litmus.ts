import type { Command } from "commander";
import { UsageError } from "../../../../spec/tlc/base/errors.js";
import { cores } from "../../../base/cores.js";
import { root } from "../../../base/root.js";
import { createProgress } from "../../../base/terminal.js";
import type { Order } from "../../../litmus/model.js";
import type { FileResult, LitmusSummary } from "../../../litmus/run.js";
import { type CommandContext, EXIT, printJson, printSchema, wholeNumber } from "../shared/context.js";
import { memoryOption, parallelOption, timeoutOption } from "../shared/run-options.js";

interface LitmusOptions {
  readonly order?: string;
  readonly json?: boolean;
  readonly schema?: boolean;
  readonly brief?: boolean;
  readonly states: number;
  readonly parallel?: number;
  readonly timeout: number;
  readonly memory?: number;
}

/** `quiesce litmus FILE...`: what tests in the kernel's C litmus format can end with on the machine. */
export function addLitmus(program: Command, context: CommandContext): void {
  program
    .command("litmus")
    .description("run litmus tests in the kernel's C format on the machine, under each memory order")
    .argument("[FILE...]", "files in the kernel's C litmus format")
    .option("--order <orders>", "memory orders, with commas between (default: sc,tso,pso,weak)")
    .option("--brief", "only the line Result: of each test")
    .option("--json", "the results as JSON on standard output")
    .option("--schema", "print the JSON schema of --json, and do nothing else")
    .option(
      "--states <n>",
      "distinct states after which a test is given up, under each order",
      wholeNumber("--states", 1, 100_000_000),
      500_000,
    )
    .addOption(parallelOption())
    .addOption(timeoutOption("time limit of each run of TLC, which has up to 60 tests").default(600))
    .addOption(memoryOption("memory of each run's heap (default: 1024)"))
    .addHelpText("after", HELP)
    .action(async (files: string[], options: LitmusOptions) => {
      if (options.schema) return printSchema("litmus");
      if (files.length === 0)
        throw new UsageError("there is no file to read", {
          hint: "quiesce litmus FILE... ; --help has examples",
        });
      const { ORDERS } = await import("../../../litmus/model.js");
      const { runLitmus } = await import("../../../litmus/run.js");
      const { agreementOf } = await import("../../../litmus/declared.js");
      const { placeOf, showRefused, showTests, showTotal } = await import("../../../litmus/show.js");
      const progress = await createProgress(options.json === true && !process.stderr.isTTY);
      const summary = await runLitmus({
        files,
        root,
        orders: ordersOf(options.order, ORDERS),
        limits: { states: options.states, choices: MOST_CHOICES },
        parallel: options.parallel ?? cores(),
        timeoutMs: options.timeout * 1000,
        ...(options.memory !== undefined && { memoryMiB: options.memory }),
        signal: context.signal,
        progress,
      });
      if (options.json)
        printJson({ seconds: summary.seconds, files: summary.files.map((file) => toJson(file, placeOf)) });
      else {
        process.stdout.write(showTests(summary, options.brief === true));
        process.stderr.write(showRefused(summary));
        process.stdout.write(`${showTotal(summary)}\n`);
      }
      context.exitCode = exitCodeFor(summary, agreementOf);
    });
}

/** Orders of the compiler, and ways of branches, that one test's threads may be combined in. */
const MOST_CHOICES = 5_000;

function ordersOf(text: string | undefined, known: readonly Order[]): readonly Order[] {
  if (text === undefined) return known;
  const asked = text.split(",").map((word) => word.trim());
  for (const word of asked)
    if (!known.some((order) => order === word))
      throw new UsageError(`--order takes ${known.join(", ")}, with commas between, not "${word}"`);
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
function toJson(file: FileResult, placeOf: typeof import("../../../litmus/show.js").placeOf): unknown {
  if (file.kind !== "decided") {
    const { message, position, hint } = file.error;
    return { file: file.file, error: { kind: file.kind, message, where: placeOf(file), ...position, hint } };
  }
  const { name, quantifier, declared } = file.test.litmus;
  return { file: file.file, name, quantifier, declared, results: file.results };
}

const HELP = `
A test begins with C and its name; then come initial values, threads and a condition:

  C MP+pooncerelease+poacquireonce
  {}
  P0(int *buf, int *flag) { WRITE_ONCE(*buf, 1); smp_store_release(flag, 1); }
  P1(int *buf, int *flag) { int r0; int r1; r0 = smp_load_acquire(flag); r1 = READ_ONCE(*buf); }
  exists (1:r0=1 /\\ 1:r1=0)

Threads may use READ_ONCE, WRITE_ONCE, plain accesses (*x, which the compiler may move), smp_mb,
smp_rmb, smp_wmb, smp_store_release, smp_load_acquire, barrier, xchg, cmpxchg and atomic_*, spin_lock
and spin_unlock, if and else, rcu_read_lock, rcu_read_unlock, rcu_dereference, rcu_assign_pointer,
synchronize_rcu, the same of srcu with a parameter as its srcu_struct (sections of one must be nested),
and smp_memb, which is membarrier(). RCU is this project's own: algorithm number of
spec/rcu/read-side/ReadSideProtocol.tla, with membarrier. There are no loops, arrays or structs. A condition may compare
places, too: 0:r0=1:r1, x=[y]. As in herd, x=y says that x holds the address of y.

The orders: sc; tso (x86); pso (stores may overtake stores); weak (ARMv8, RISC-V, and what compilers
do). On each of them a test is decided for all runs, not for some.

Result: Never, Sometimes or Always says whether the condition's body holds at the end of no run, of
some, or of all. A comment "Result: Never" or "Result: Always" in a file is compared: no order may
break it. "Result: Sometimes" is not held against this machine, whose limits (spec/machine/Machine.tla)
are: a store reaches all others at once, so that IRIW and WRC are as on x86 and ARMv8, not as the kernel's
model has them for POWER; compilers move accesses, but tear, repeat, drop and invent none; xchg and the
like are one step, and a cmpxchg that fails orders nothing, on tso either. Our synchronize_rcu interrupts
all threads, so it orders more than the kernel's must. Each limit, with the tests of the kernel's collections
that show it: spec/litmus/kernel-model.md.

Examples:
  quiesce litmus MP.litmus                           its outcomes under each order
  quiesce litmus --brief tools/memory-model/litmus-tests/*.litmus
  quiesce litmus --order tso,weak --json a.litmus b.litmus

Exit codes: 0 all are decided; 1 a test breaks its own "Result:", or is too large to decide; 2 wrong use,
or a file is refused (the others are decided all the same); 3 Java or TLC's jar is missing; 130 interrupted.`;
