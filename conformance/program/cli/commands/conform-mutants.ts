import { UsageError } from "../../../../spec/tlc/base/errors.js";
import { requireClone } from "../../../base/clone.js";
import { withTimeLimit } from "../../../base/interrupted.js";
import { specRoot } from "../../../base/root.js";
import type { Progress } from "../../../base/terminal.js";
import type { StoredPlan } from "../../../plan/store.js";
import type { Target } from "../../../targets/target.js";
import { type CommandContext, EXIT } from "../shared/context.js";
import type { AskedReport } from "../shared/reporter-option.js";
import { Reports } from "../shared/reports.js";

/** What `conform` asks of mutants: of all, or of one; by the suite that is declared to kill each, or by every suite. */
export interface MutantOptions {
  readonly mutants?: boolean;
  readonly mutant?: string;
  readonly suites?: boolean;
  readonly only?: readonly string[];
  readonly suite?: readonly string[];
  readonly limit?: number;
  readonly timeLimit?: number;
  readonly page?: boolean;
  readonly kept?: boolean;
  readonly missing?: boolean;
  readonly cache: boolean;
  readonly json?: boolean;
  readonly reporter?: readonly AskedReport[];
}

/** Implementations whose mutants are tried along plans. */
export interface MutantRun {
  plans(): Promise<readonly StoredPlan[]>;
  readonly targets: readonly Target[];
  readonly context: CommandContext;
  readonly progress: Progress;
}

/** What each suite has for each mutant: ten times and more of what the slowest needs on a quiet machine. */
const LIMIT_S = 600;

/** Whether a command line is about mutants. */
export function isAboutMutants({ mutants, mutant, suites, ...rest }: MutantOptions): boolean {
  return mutants === true || mutant !== undefined || suites === true || ofSuites(rest).length > 0;
}

/** Options that only --suites has. */
function ofSuites(options: Omit<MutantOptions, "cache">): string[] {
  return (["only", "suite", "limit", "timeLimit", "page", "kept", "missing"] as const).filter(
    (name) => options[name] !== undefined,
  );
}

/** `conform --mutants`, `--mutant NAME`, and either with `--suites`. */
export function conformMutants(options: MutantOptions, run: MutantRun): Promise<void> {
  if (options.suites) return suites(options, run);
  for (const name of ofSuites(options))
    throw new UsageError(`--${name === "timeLimit" ? "time-limit" : name} needs --suites`);
  return options.mutant === undefined ? matrix(options, run) : oneMutant(options.mutant, options, run);
}

async function matrix(
  options: MutantOptions,
  { plans: load, targets, context, progress }: MutantRun,
): Promise<void> {
  const reports = new Reports(options);
  const started = performance.now();
  const plans = await load();
  const { findTools } = await import("../../../../spec/tlc/tools/tools.js");
  const { mutantMatrix } = await import("../../../mutants/matrix.js");
  const { mutantsJson, showMatrix } = await import("../../../mutants/show.js");
  const { conformJson, notConformed } = await import("../../../replay/report.js");
  const { signal } = context;
  const found = await mutantMatrix(plans, {
    specRoot,
    tools: await findTools({ signal, onFetch: (text) => progress.line(text) }),
    targets,
    signal,
    progress,
    cache: options.cache,
  });
  const { mutantResults } = await import("../../report/of-mutants.js");
  const isCut = found.untried.length > 0;
  await reports.finish(() => mutantResults(found, endOf(started, isCut)), {
    text: () => `${showMatrix(found)}\n`,
    json: () => conformJson(notConformed(plans), mutantsJson(found.rows), isCut),
  });
  if (isCut) context.exitCode = EXIT.interrupted;
  else if (found.rows.some(({ killedBy }) => killedBy === null)) context.exitCode = EXIT.notAsDeclared;
}

async function suites(
  options: MutantOptions,
  { plans, targets, context, progress }: MutantRun,
): Promise<void> {
  const { mutants, mutant, cache, only, suite, limit, timeLimit, page, kept = false, missing } = options;
  requireClone("conform --suites");
  const reports = new Reports(options);
  const started = performance.now();
  if (!mutants && mutant === undefined)
    throw new UsageError("--suites needs mutants", { hint: "--mutants --suites, or --mutant NAME --suites" });
  const { chooseRows, chooseSuites } = await import("../../suites/choose.js");
  const { isRight, suiteMatrix } = await import("../../suites/matrix.js");
  const { once } = await import("../../suites/once.js");
  const { showSuites, suitesJson } = await import("../../suites/show.js");
  const { findTools } = await import("../../../../spec/tlc/tools/tools.js");
  const { knownResults, readKept } = await import("../../suites/page.js");
  const { costsOf } = await import("../../suites/totals.js");
  const { signal, ended } = withTimeLimit(context.signal, timeLimit);
  const chosen = chooseSuites(suite ?? []);
  const rows = await chooseRows({ targets, names: mutant === undefined ? (only ?? []) : [mutant] });
  const found = await suiteMatrix(rows, {
    suites: chosen,
    limitMs: (limit ?? LIMIT_S) * 1000,
    ...{ signal, progress, cache, kept },
    ...(missing === true && { known: knownResults(readKept()) }),
    costs: costsOf(readKept()?.rows ?? []),
    plans: once(plans),
    tools: () => findTools({ signal, onFetch: (text) => progress.line(text) }),
  });
  const endedEarly = found.interrupted ? (ended() ?? "interrupted") : undefined;
  const { suitesResults } = await import("../../report/of-mutants.js");
  await reports.finish(() => suitesResults(found, (performance.now() - started) / 1000, endedEarly), {
    text: () => `${showSuites(found)}\n`,
    json: () => suitesJson(found),
  });
  if (page) {
    const { keepPage } = await import("../../suites/page.js");
    for (const file of await keepPage(found)) progress.line(`Written: ${file}`);
  }
  if (found.error !== undefined) throw found.error;
  if (found.interrupted && ended() !== "time limit") context.exitCode = EXIT.interrupted;
  else if (found.interrupted) context.exitCode = EXIT.notAsDeclared;
  else if (!found.rows.every(isRight)) context.exitCode = EXIT.notAsDeclared;
}

async function oneMutant(
  mutant: string,
  options: MutantOptions,
  { plans: load, targets, context }: MutantRun,
): Promise<void> {
  const reports = new Reports(options);
  const started = performance.now();
  const plans = await load();
  const { replayMutant } = await import("../../../mutants/one-mutant.js");
  const { mutantsJson, untriedLine } = await import("../../../mutants/show.js");
  const { conformJson, notConformed } = await import("../../../replay/report.js");
  const found = await replayMutant(mutant, plans, { targets, signal: context.signal });
  const isCut = found.untried.length > 0;
  const { mutantResults } = await import("../../report/of-mutants.js");
  await reports.finish(() => mutantResults(found, endOf(started, isCut)), {
    text: () => `${[...found.told.values(), ...(isCut ? [untriedLine(found.untried)] : [])].join("\n\n")}\n`,
    json: () => conformJson(notConformed(plans), mutantsJson(found.rows), isCut),
  });
  if (isCut) context.exitCode = EXIT.interrupted;
  else if (!found.killed) context.exitCode = EXIT.notAsDeclared;
}

/** How long a run has taken since it was started, and whether it was cut short. */
function endOf(started: number, isCut: boolean): { seconds: number; endedEarly?: "interrupted" } {
  const seconds = (performance.now() - started) / 1000;
  return isCut ? { seconds, endedEarly: "interrupted" } : { seconds };
}
