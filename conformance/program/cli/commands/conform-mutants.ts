import { BadInputError, UsageError } from "../../../../spec/tlc/base/errors.js";
import { specRoot } from "../../../base/root.js";
import type { Progress } from "../../../base/terminal.js";
import type { StoredPlan } from "../../../plan/store.js";
import type { Target } from "../../../targets/target.js";
import { type CommandContext, EXIT, printJson } from "../shared/context.js";

/** What `conform` asks of mutants: of all, or of one; by the suite that is declared to kill each, or by every suite. */
export interface MutantOptions {
  readonly mutants?: boolean;
  readonly mutant?: string;
  readonly suites?: boolean;
  readonly cache: boolean;
  readonly json?: boolean;
}

/** Implementations whose mutants are tried along plans. */
export interface MutantRun {
  readonly plans: readonly StoredPlan[];
  readonly targets: readonly Target[];
  readonly context: CommandContext;
  readonly progress: Progress;
}

/** Whether a command line is about mutants. */
export function isAboutMutants({ mutants, mutant, suites }: MutantOptions): boolean {
  return mutants === true || mutant !== undefined || suites === true;
}

/** `conform --mutants`, `--mutant NAME`, and either with `--suites`. */
export function conformMutants(options: MutantOptions, run: MutantRun): Promise<void> {
  if (options.suites) return suites(options, run);
  return options.mutant === undefined ? matrix(options, run) : oneMutant(options.mutant, options, run);
}

async function matrix(
  { cache, json }: MutantOptions,
  { plans, targets, context, progress }: MutantRun,
): Promise<void> {
  const { findTools } = await import("../../../../spec/tlc/tools/tools.js");
  const { mutantMatrix } = await import("../../../mutants/matrix.js");
  const { mutantsJson, showMatrix } = await import("../../../mutants/show.js");
  const { conformJson, notConformed } = await import("../../../replay/report.js");
  const { signal } = context;
  const rows = await mutantMatrix(plans, {
    specRoot,
    tools: await findTools({ signal, onFetch: (text) => progress.line(text) }),
    targets,
    signal,
    progress,
    cache,
  });
  if (json) printJson(conformJson(notConformed(plans), mutantsJson(rows)));
  else process.stdout.write(`${showMatrix(rows)}\n`);
  if (rows.some(({ killedBy }) => killedBy === null)) context.exitCode = EXIT.notAsDeclared;
}

async function suites(
  { mutants, mutant: only, json }: MutantOptions,
  { plans, targets, context, progress }: MutantRun,
): Promise<void> {
  if (!mutants && only === undefined)
    throw new UsageError("--suites needs mutants", { hint: "--mutants --suites, or --mutant NAME --suites" });
  const { listCandidates } = await import("../../../mutants/matrix.js");
  const { isKilled, showSuites, suiteMatrix, suitesJson } = await import("../../suites/matrix.js");
  const all = await listCandidates(targets);
  const candidates = all.filter(({ mutant }) => only === undefined || mutant.name === only);
  if (candidates.length === 0) throw new BadInputError(`there is no mutant "${only}"`);
  const found = await suiteMatrix(candidates, { plans, signal: context.signal, progress });
  if (json) printJson(suitesJson(found));
  else process.stdout.write(`${showSuites(found)}\n`);
  if (found.interrupted) context.exitCode = EXIT.interrupted;
  else if (!found.rows.every(isKilled)) context.exitCode = EXIT.notAsDeclared;
}

async function oneMutant(
  mutant: string,
  { json }: MutantOptions,
  { plans, targets, context }: MutantRun,
): Promise<void> {
  const { replayMutant } = await import("../../../mutants/one-mutant.js");
  const { mutantsJson } = await import("../../../mutants/show.js");
  const { conformJson, notConformed } = await import("../../../replay/report.js");
  const { text, rows, killed } = await replayMutant(mutant, plans, { targets, signal: context.signal });
  if (json) printJson(conformJson(notConformed(plans), mutantsJson(rows)));
  else process.stdout.write(`${text}\n`);
  if (!killed) context.exitCode = EXIT.notAsDeclared;
}
