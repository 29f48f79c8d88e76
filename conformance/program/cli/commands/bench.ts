import type { Command } from "commander";
import { UsageError } from "../../../../spec/tlc/base/errors.js";
import { requireClone } from "../../../base/clone.js";
import { root } from "../../../base/root.js";
import { createProgress } from "../../../base/terminal.js";
import type { BenchFigures } from "../../bench/figures.js";
import { type CommandContext, EXIT, printJson, printSchema, wholeNumber } from "../shared/context.js";

interface BenchCommandOptions {
  readonly json?: boolean;
  readonly schema?: boolean;
  readonly quick?: boolean;
  readonly only?: string;
  readonly rounds?: number;
  readonly rust?: boolean;
  readonly trace?: boolean;
  readonly svg?: string;
  readonly strict?: boolean;
  readonly list?: boolean;
  readonly keep?: string;
  readonly from?: string;
}

/** `quiesce bench`: the native library beside liburcu, in one run. */
export function addBench(program: Command, context: CommandContext): void {
  program
    .command("bench")
    .description(
      "measure the native library beside liburcu: read side, grace periods, updaters, deferral, memory",
    )
    .option("--quick", "shorter and fewer runs: all rows within 50 s, building apart")
    .option("--only <pattern>", "only the rows that have this in their names; * stands for anything")
    .option("--list", "print the names of the rows and exit")
    .option(
      "--rounds <n>",
      "how often to measure everything (default: 5, with --quick 3)",
      wholeNumber("--rounds", 1, 1000),
    )
    .option("--rust", "also measure crossbeam-epoch and seize, where cargo is installed")
    .option("--trace", "measure tracepoints beside LTTng-UST instead")
    .option("--svg <folder>", "write charts into this folder")
    .option(
      "--keep <name>",
      "keep the figures of all rows in native/bench/results, under this name for the machine",
    )
    .option("--from <file>", "measure nothing: show figures that were kept, and their charts with --svg")
    .option("--strict", "exit with 1 when an aim is missed")
    .option("--json", "print the figures as JSON on standard output")
    .option("--schema", "print the JSON schema for --json and exit")
    .addHelpText("after", HELP)
    .action(async (options: BenchCommandOptions) => {
      if (options.schema) return printSchema("bench");
      const { rowNames } = await import("../../bench/bench.js");
      if (options.list) {
        process.stdout.write(`${rowNames(options.trace).join("\n")}\n`);
        return;
      }
      requireAlone(options);
      if (options.keep !== undefined) requireClone("bench --keep");
      const { showBench } = await import("../../bench/show.js");
      const { makeFolder, writeCharts } = await import("../../bench/charts.js");
      if (options.svg !== undefined) makeFolder(options.svg);

      const { aboutKept, readKept } = await import("../../bench/kept.js");
      const kept = options.from === undefined ? undefined : readKept(options.from);
      const { figures, lines } =
        kept === undefined
          ? await measure(options, context)
          : { figures: kept.figures, lines: aboutKept(kept) };
      const written = options.svg === undefined ? [] : writeCharts(options.svg, figures);
      if (options.json) printJson(figures);
      else {
        process.stdout.write(`${showBench(figures)}\n`);
        for (const line of [...lines, ...written]) process.stdout.write(`  ${line}\n`);
      }
      const failed = figures.rows.some(({ problem }) => problem !== undefined);
      if (failed || (options.strict && figures.aims.missed > 0)) context.exitCode = EXIT.notAsDeclared;
    });
}

/** Refuses what can't be asked for together. */
function requireAlone({ from, keep, only, ...others }: BenchCommandOptions): void {
  if (keep !== undefined && only !== undefined)
    throw new UsageError("--keep needs the figures of all rows, so it goes without --only");
  const given = { "--keep": keep, "--only": only, "--trace": others.trace, "--quick": others.quick };
  const [name] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
  if (from !== undefined && name !== undefined)
    throw new UsageError(`--from shows what was measured, so it goes without ${name}`);
}

/** Measures, and keeps the figures where that is asked for: `lines` then say where. */
async function measure(
  options: BenchCommandOptions,
  context: CommandContext,
): Promise<{ readonly figures: BenchFigures; readonly lines: readonly string[] }> {
  const { bench } = await import("../../bench/bench.js");
  const { benchedCommit, keep, keptName } = await import("../../bench/kept.js");
  const { signal } = context;
  // Before minutes go by: a name that can't be one, and a package, which is of no commit.
  const name = options.keep === undefined ? undefined : keptName(options.keep, options.trace === true);
  const commit = name === undefined ? undefined : await benchedCommit(root, signal);
  const progress = await createProgress(options.json === true && !process.stderr.isTTY);
  const figures = await bench({
    quick: options.quick === true,
    rust: options.rust === true,
    trace: options.trace === true,
    signal,
    ...(options.only !== undefined && { only: options.only }),
    ...(options.rounds !== undefined && { rounds: options.rounds }),
    onBuild: (what) => progress.update([`Bench  building ${what}`], `Bench  building ${what}`),
    onProgress({ round, of, name: row }) {
      const head = `Bench  round ${round} of ${of}`;
      progress.update([head, `  ${row}`], `${head}   ${row}`);
    },
  }).finally(() => progress.done());
  if (name === undefined || commit === undefined) return { figures, lines: [] };
  const date = new Date().toISOString().slice(0, 10);
  const file = keep(root, { name, date, commit, figures });
  return { figures, lines: [`Kept in ${file}: commit it, and \`npm run docs\` draws it.`] };
}

const HELP = `
Each measuring program (native/bench) is one body compiled once for each library. Ours and theirs take turns, round by
round, so whatever else the machine is doing slows down both: measure on a quiet machine all the same. Interrupts are the
whole machine's function-call interrupts, less those that come without us; membarriers are counted call by call.

Examples:
  quiesce bench --quick                   the whole table within 50 s
  quiesce bench                           the same with longer runs: about 5 minutes
  quiesce bench --only "read pair"        some rows; --list names them
  quiesce bench --rust --svg charts       crossbeam-epoch and seize, too; and charts
  quiesce bench --quick --json            for a script
  quiesce bench --trace --json            tracepoints beside LTTng-UST
  quiesce bench --keep xeon-2-cores       for the site: on a quiet machine, in a clone
  quiesce bench --from FILE --svg charts  what was kept, and its charts

Exit codes: 0 measured; 1 a measuring program failed, or an aim is missed with --strict; 2 usage error; 3 a compiler is
missing, or refuses; 130 interrupted.`;
