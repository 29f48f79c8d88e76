import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { BadInputError, EnvironmentError, UsageError } from "../../../../spec/tlc/base/errors.js";
import { cores } from "../../../base/cores.js";
import { writeOutput } from "../../../base/output-file.js";
import { root } from "../../../base/root.js";
import { createProgress } from "../../../base/terminal.js";
import type { Limits } from "../../../litmus/model.js";
import { type CommandContext, EXIT, wholeNumber } from "../shared/context.js";
import { type ReportOptions, Reports } from "../shared/reports.js";

/** The options of `quiesce litmus` that belong to --run. */
export interface SiliconOptions {
  readonly run?: boolean;
  readonly cc?: string;
  readonly seconds?: number;
  readonly rounds?: number;
  readonly seed?: number;
  readonly mutants?: boolean;
  readonly emit?: string;
}

/** Those that `quiesce litmus` has anyway. */
interface OtherOptions extends ReportOptions {
  readonly brief?: boolean;
  readonly order?: string;
  readonly parallel?: number;
  readonly timeout: number;
  readonly memory?: number;
}

/** Time for each test and compiler. A mutant ends as soon as it is seen, so it may have more. */
const SECONDS = 0.5;
const SECONDS_OF_A_MUTANT = 10;
/** A program says something several times a second; on a busy machine, with many threads, that may take a while. */
const SILENCE_MS = 60_000;

export function addSiliconOptions(command: Command): Command {
  return command
    .option("--run", "run the tests on this processor, too, and compare with what the machine allows")
    .option("--cc <compilers>", "with --run: C compilers, separated by commas (default: gcc and clang)")
    .addOption(
      new Option(
        "--seconds <n>",
        `with --run: time for each test and compiler (default: ${SECONDS})`,
      ).argParser(seconds),
    )
    .option("--rounds <n>", "with --run: end a test after this many rounds", wholeNumber("--rounds", 1))
    .option(
      "--seed <n>",
      "with --run: the number that all chance comes from",
      wholeNumber("--seed", 0, 2 ** 31),
    )
    .option("--mutants", "with --run: leave out each barrier, and run until that shows")
    .option("--emit <file>", "with --run: write the C of one test instead of running it");
}

function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value >= 0.01 && value <= 1_000_000) return value;
  throw new UsageError(`--seconds takes a number from 0.01 to 1000000, not "${text}"`);
}

/** Refuses options that mean nothing without --run. */
export function refuseWithoutRun(options: SiliconOptions): void {
  const { run, ...others } = options;
  if (run === true) return;
  for (const name of ["cc", "seconds", "rounds", "seed", "mutants", "emit"] as const)
    if (others[name] !== undefined)
      throw new UsageError(`--${name} needs --run`, {
        hint: "quiesce litmus --run ... ; --help has examples",
      });
}

/** `quiesce litmus --run FILE...`: the tests on this processor. Without files, those of this repository. */
export async function runSilicon(
  given: readonly string[],
  options: SiliconOptions & OtherOptions,
  limits: Limits,
  context: CommandContext,
): Promise<void> {
  if (options.order !== undefined)
    throw new UsageError("--order and --run exclude each other: the order is that of this processor");
  if (options.emit !== undefined) return await emit(given, options.emit, context);
  const { orderOf } = await import("../../../silicon/verdict.js");
  const { findCompilers } = await import("../../../silicon/compilers.js");
  const order = orderOf(process.arch);
  if (order === undefined || process.platform !== "linux")
    throw new EnvironmentError(`there is no memory order for ${process.platform} on ${process.arch}`, {
      hint: "--run knows Linux on x64 (tso), and on arm64, riscv64 and ppc64 (weak).",
    });
  const reports = new Reports(options);
  const request = {
    files: given.length > 0 ? given : ownTests(),
    root,
    order,
    compilers: await findCompilers(options.cc, context.signal),
    limits,
    parallel: options.parallel ?? cores(),
    timeoutMs: options.timeout * 1000,
    ...(options.memory !== undefined && { memoryMiB: options.memory }),
    ...(options.seed !== undefined && { seed: options.seed }),
    each: {
      milliseconds: Math.round(1000 * (options.seconds ?? (options.mutants ? SECONDS_OF_A_MUTANT : SECONDS))),
      rounds: options.rounds ?? 0,
      silenceMs: SILENCE_MS,
    },
    signal: context.signal,
    progress: await createProgress(reports.machine && !process.stderr.isTTY),
  };
  const { placeOf } = await import("../../../litmus/show.js");
  const { mutantsJson, siliconJson } = await import("../../../silicon/json.js");
  const tellRefused = (refused: readonly Parameters<typeof placeOf>[0][]): void => {
    for (const one of refused)
      process.stderr.write(
        `${placeOf(one)}  refused: ${one.error.message}\n${one.error.hint === undefined ? "" : `  ${one.error.hint}\n`}`,
      );
  };
  if (options.mutants) {
    const { runMutants } = await import("../../../silicon/run-mutants.js");
    const { showMutants } = await import("../../../silicon/show-mutants.js");
    const summary = await runMutants(request);
    const { litmusMutantResults } = await import("../../report/of-litmus.js");
    await reports.finish(() => litmusMutantResults(summary), {
      text: () => showMutants(summary),
      json: () => mutantsJson(summary),
    });
    if (!reports.machine) tellRefused(summary.refused);
    const shown = summary.results.every((one) => one.shown > 0 && one.judged.verdict === "ok");
    context.exitCode = exitCode(
      summary.interrupted,
      summary.refused.length > 0,
      shown && summary.undecided === 0,
    );
    return;
  }
  const { runOnSilicon } = await import("../../../silicon/run.js");
  const { showSilicon, showTotal } = await import("../../../silicon/show.js");
  const summary = await runOnSilicon(request);
  const refused = summary.files.flatMap((one) => (one.kind === "refused" ? [one] : []));
  const { siliconResults } = await import("../../report/of-litmus.js");
  if (!reports.machine) tellRefused(refused);
  await reports.finish(() => siliconResults(summary), {
    text: () => `${showSilicon(summary, options.brief === true)}${showTotal(summary)}`,
    json: () => siliconJson(summary),
  });
  const ok = summary.files.every(
    (one) => one.kind !== "ran" || one.results.every(({ judged }) => judged.verdict === "ok"),
  );
  context.exitCode = exitCode(summary.interrupted, refused.length > 0, ok);
}

function exitCode(interrupted: boolean, refused: boolean, ok: boolean): number {
  if (interrupted) return EXIT.interrupted;
  if (refused) return EXIT.badInput;
  return ok ? EXIT.asDeclared : EXIT.notAsDeclared;
}

/** The tests of this repository: those with published results, and the programs of spec/litmus. */
function ownTests(): string[] {
  return ["litmus", "silicon"].flatMap((part) => {
    const folder = join(root, "conformance", part, "tests");
    return readdirSync(folder)
      .filter((name) => name.endsWith(".litmus"))
      .toSorted()
      .map((name) => join(folder, name));
  });
}

/** The C of one test, which needs nothing but a compiler. */
async function emit(files: readonly string[], output: string, context: CommandContext): Promise<void> {
  const [file, ...more] = files;
  if (file === undefined || more.length > 0)
    throw new UsageError("--emit takes one test", { hint: "quiesce litmus --run --emit SB.c SB.litmus" });
  const { readPrograms } = await import("../../../silicon/run.js");
  const { inOneFile } = await import("../../../silicon/sources.js");
  const [read] = await readPrograms([file], context.signal);
  if (read === undefined || "error" in read) {
    const { message = "it can't be read", position, hint } = read?.error ?? {};
    throw new BadInputError(message, {
      where: position === undefined ? file : `${file}:${position.line}:${position.column}`,
      ...(hint !== undefined && { hint }),
    });
  }
  writeOutput(output, inOneFile(read.program.text, read.program.needs), "the program");
}
