import { availableParallelism } from "node:os";
import { BadInputError, throwIfInterrupted } from "../base/errors.js";
import { defaultMemoryMiB, type Limits, TEN_MINUTES } from "../base/limits.js";
import { inParallel } from "../base/pool.js";
import type { Claim } from "../claim/claim.js";
import { readConfig } from "../claim/config.js";
import { closeModules, closeModulesOnce, hasAssumption, type ModuleClosure } from "../claim/modules.js";
import { runDistributed } from "../distributed/distributed.js";
import type { DistributedRun } from "../distributed/server.js";
import { type Coverage, hasTold, planLook, runLooking } from "../look/counted.js";
import { expectsTrace, inFrontOf, listingModule, withModule } from "../look/listing.js";
import { placeRecursion } from "../look/recursion.js";
import type { TlcProgress } from "../output/report.js";
import { type Residents, withResidents } from "../resident/residents.js";
import type { TlcOutcome } from "../run/outcome.js";
import { recall, remember, resultFile } from "../run/results.js";
import { isResumable, runResumably } from "../run/resume.js";
import { runTlc } from "../run/run.js";
import type { Tools } from "../tools/tools.js";
import { advise } from "./advice.js";
import { nameBroken } from "./broken-property.js";
import { type ClaimResult, toResult } from "./claim-result.js";
import { decide } from "./verdict.js";

export type { ClaimResult } from "./claim-result.js";

/** What happens while claims are checked. */
export type CheckEvent =
  | { readonly kind: "started"; readonly claim: Claim }
  /** TLC resumes an interrupted run, which had found this many states. */
  | { readonly kind: "resumed"; readonly claim: Claim; readonly states: number }
  | { readonly kind: "progress"; readonly claim: Claim; readonly progress: TlcProgress }
  | { readonly kind: "finished"; readonly result: ClaimResult };

/** How claims are checked. The limits apply to each run: by default ten minutes, and its share of half the memory. */
export interface CheckOptions extends Limits {
  /** Runs of TLC in parallel (default: the number of cores). */
  readonly parallel?: number;
  readonly signal?: AbortSignal;
  /** False: ignore cached results (new ones are still cached). */
  readonly cache?: boolean;
  /** Which claims are examined for what never happens in them (default: the small ones; see vacuity.ts). */
  readonly coverage?: Coverage;
  /** Lets TLC's distributed mode decide, one claim after another. */
  readonly distributed?: Pick<DistributedRun, "hosts" | "port" | "aloneMs" | "onEvent">;
  /** Begins with the claims with the fewest states, so that there is soon something to see (default: with the most). */
  readonly smallFirst?: boolean;
  /** Java processes that stay (default: some of its own, until all claims are checked). */
  readonly residents?: Residents;
  readonly onEvent?: (event: CheckEvent) => void;
}

/**
 * Lets TLC decide claims, in parallel, the ones with most states first; the results are in the order of the claims.
 * Throws Interrupted when the signal is aborted; then, too, no process and no folder is left.
 */
export async function checkClaims(
  claims: readonly Claim[],
  tools: Tools,
  options: CheckOptions = {},
): Promise<ClaimResult[]> {
  const { residents: given, parallel = availableParallelism() } = options;
  if (given !== undefined) return await checkAll(claims, tools, options, given);
  // A process that stays takes longer to start: it pays from its second run on.
  const once = claims.length <= parallel;
  return await withResidents(tools, (residents) => checkAll(claims, tools, options, residents), once);
}

async function checkAll(
  claims: readonly Claim[],
  tools: Tools,
  options: CheckOptions,
  residents: Residents | undefined,
): Promise<ClaimResult[]> {
  const parallel = options.distributed ? 1 : (options.parallel ?? availableParallelism());
  // When a run fails and no claim is to blame, the others are stopped.
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const settings = {
    signal,
    timeoutMs: options.timeoutMs ?? TEN_MINUTES,
    memoryMiB: options.memoryMiB ?? tools.java.choices?.heapMiB ?? defaultMemoryMiB(parallel),
    cache: options.cache ?? true,
    coverage: options.coverage ?? "small",
    ...(options.distributed && { distributed: options.distributed }),
    onEvent: options.onEvent ?? (() => undefined),
    residents,
    close: closeModulesOnce(),
  };
  // A claim of unknown size may be a large one.
  const size = ({ declared }: Claim): number => declared.states || Number.POSITIVE_INFINITY;
  const order = claims
    .map((_, i) => i)
    .sort((a, b) => {
      const [left, right] = [size(claims[a] as Claim), size(claims[b] as Claim)];
      return left === right ? a - b : right > left ? 1 : -1;
    });
  if (options.smallFirst) order.reverse();
  const results: ClaimResult[] = [];
  await inParallel(
    order,
    parallel,
    async (index, _, release) => {
      throwIfInterrupted(options.signal);
      const claim = claims[index] as Claim;
      settings.onEvent({ kind: "started", claim });
      const result = await checkClaim(claim, tools, settings, release);
      results[index] = result;
      settings.onEvent({ kind: "finished", result });
    },
    () => stop.abort(),
  );
  return results;
}

/** Up to this number of declared states, a run is over before optimised code would pay off. */
const SHORT_STATES = 30_000;

/** A claim's run: its modules, the one that TLC runs in the model's place, and where its outcome is kept. */
async function planRun(claim: Claim, tools: Tools, close = closeModules) {
  const modules = await close(claim.module, claim.root, claim.libraries);
  const listing = expectsTrace(claim) ? listingModule(modules) : undefined;
  return { modules, listing, file: resultFile(tools, claim.config, inFrontOf(modules, listing), claim.run) };
}

/**
 * The result of a claim as it is now, if it is cached; TLC does not run.
 *
 * @throws BadInputError when a module is missing or ambiguous
 */
export async function recallClaim(
  claim: Claim,
  tools: Tools,
  close = closeModules,
): Promise<ClaimResult | undefined> {
  const { file, modules } = await planRun(claim, tools, close);
  const kept = file === undefined ? undefined : await recall(file, modules);
  const outcome = kept && inModules(await told(claim, { modules, file }, tools, kept), modules);
  return (
    outcome &&
    toResult(
      claim,
      modules,
      outcome,
      decide(claim.declared, readConfig(claim.config), outcome, claim.run),
      true,
    )
  );
}

/** An outcome with what only the modules can tell: where a recursion is, and whether they assume anything. */
function inModules<T extends TlcOutcome>(
  outcome: T,
  modules: ModuleClosure,
): T & { readonly assumes: boolean } {
  return { ...outcome, report: placeRecursion(outcome.report, modules), assumes: hasAssumption(modules) };
}

type Settings = Required<Omit<CheckOptions, "parallel" | "smallFirst" | "distributed" | "residents">> &
  Pick<CheckOptions, "distributed"> & {
    readonly residents: Residents | undefined;
    readonly close: typeof closeModules;
  };

/** Decides one claim: from what is remembered, if that tells enough, or by running TLC. */
async function checkClaim(
  claim: Claim,
  tools: Tools,
  settings: Settings,
  onDone: () => void,
): Promise<ClaimResult> {
  try {
    const known = settings.cache ? await planRun(claim, tools, settings.close) : undefined;
    const kept = known && (await recallEnough(claim, known, settings));
    // Read again what TLC is going to read: it may have been edited since the claims before this one began.
    const plan = known !== undefined && kept !== undefined ? known : await planRun(claim, tools);
    const found = kept ?? (await runClaim(claim, plan, tools, settings, onDone));
    const outcome = inModules(await told(claim, plan, tools, found, settings.signal), plan.modules);
    const { timeoutMs, memoryMiB } = settings;
    const ran = { timeoutMs, memoryMiB, ...claim.run };
    const decision = decide(claim.declared, readConfig(claim.config), outcome, ran);
    // The distributed mode reports a violation from a different run than the one that the cache would have.
    const same = !settings.distributed || (plan.listing === undefined && outcome.report.success);
    if (kept === undefined && plan.file !== undefined && decision.verdict !== "inconclusive" && same) {
      await remember(plan.file, found);
    }
    return toResult(claim, plan.modules, outcome, decision, kept !== undefined);
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    const where = error.where === undefined ? "" : `${error.where}: `;
    const reason = `${where}${error.message}`;
    return { claim, verdict: "inconclusive", asDeclared: false, reason, seconds: 0, fromCache: false };
  }
}

/** The outcome with errors that say what is missing, and with the name of what is broken. */
async function told(
  claim: Claim,
  { modules, file }: Pick<RunPlan, "modules" | "file">,
  tools: Tools,
  outcome: TlcOutcome,
  signal?: AbortSignal,
): Promise<TlcOutcome> {
  const { config: text, file: source } = claim;
  const config = readConfig(text);
  const report = advise(outcome.report, { config, text, file: source, modules, abilities: tools.abilities });
  if (report.violated === undefined) return { ...outcome, report };
  const broken = { tools, config, modules, file, ...(signal && { signal }) };
  return { ...outcome, report: { ...report, violated: await nameBroken(report.violated, broken) } };
}

type RunPlan = Awaited<ReturnType<typeof planRun>>;

/** What to look at in a claim's run for what never happens; nothing, where workers elsewhere decide. */
function lookAt(claim: Claim, modules: ModuleClosure, { distributed, coverage }: Settings) {
  return distributed ? undefined : planLook(claim, modules, coverage);
}

/** What is remembered of a run, unless more is asked for than it tells. */
async function recallEnough(
  claim: Claim,
  { file, modules }: RunPlan,
  settings: Settings,
): Promise<TlcOutcome | undefined> {
  const kept = file === undefined ? undefined : await recall(file, modules);
  if (kept === undefined || settings.coverage !== "all") return kept;
  return hasTold(lookAt(claim, modules, settings), kept.report) ? kept : undefined;
}

/** Runs TLC: by workers elsewhere, or here; one of the full set goes on from where it was interrupted. */
async function runClaim(
  claim: Claim,
  { modules, listing, file }: RunPlan,
  tools: Tools,
  settings: Settings,
  onDone: () => void,
): Promise<TlcOutcome> {
  const { signal, timeoutMs, memoryMiB, residents, distributed } = settings;
  const { workers, noDeadlock, ...how } = claim.run ?? {};
  const model = {
    ...{
      tools,
      config: claim.config,
      libraries: modules.folders,
      jars: modules.jars,
      signal,
      timeoutMs,
      memoryMiB,
      residents,
    },
    ...how,
    ...(workers !== undefined && { workers: workers === "all" ? availableParallelism() : workers }),
    ...(noDeadlock && { options: ["-deadlock"] }),
    onProgress: (progress: TlcProgress) => settings.onEvent({ kind: "progress", claim, progress }),
  };
  // Workers elsewhere know nothing of how a claim wants to be run.
  const ordinary =
    claim.run === undefined || Object.keys(claim.run).every((key) => /^(timeout|memory)/.test(key));
  if (distributed && ordinary)
    return await runDistributed({ ...model, ...distributed, module: claim.module });
  const short = (claim.declared.states || Number.POSITIVE_INFINITY) <= SHORT_STATES;
  return await withModule(claim.module, listing, (module) => {
    const run = { ...model, module, short, onDone };
    const look = lookAt(claim, modules, settings);
    const resumes =
      claim.set === "full" && settings.cache && how.mode === undefined && isResumable(modules.files);
    if (file === undefined || !resumes) return look ? runLooking(look, run) : runTlc(run);
    return runResumably({ ...run, coverage: look?.actions ?? false }, tools.cache, file, (states) =>
      settings.onEvent({ kind: "resumed", claim, states }),
    );
  });
}
