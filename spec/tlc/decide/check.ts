import { availableParallelism } from "node:os";
import { BadInputError, throwIfInterrupted } from "../base/errors.js";
import { defaultMemoryMiB, TEN_MINUTES } from "../base/limits.js";
import { inParallel } from "../base/pool.js";
import type { Claim } from "../claim/claim.js";
import { readConfig } from "../claim/config.js";
import {
  chanceIn,
  closeModules,
  closeModulesOnce,
  hasAssumption,
  type ModuleClosure,
} from "../claim/modules.js";
import { hasTold } from "../look/counted.js";
import { placeRecursion } from "../look/recursion.js";
import { type Residents, withResidents } from "../resident/residents.js";
import type { TlcOutcome } from "../run/outcome.js";
import { recall, remember } from "../run/results.js";
import type { Tools } from "../tools/tools.js";
import { advise } from "./advice.js";
import type { RunAlone } from "./alone.js";
import { behaves } from "./behaviour.js";
import { nameByElimination } from "./broken-alone.js";
import { nameBroken } from "./broken-property.js";
import type { CheckOptions } from "./check-options.js";
import { type ClaimResult, toResult } from "./claim-result.js";
import { placeProblem } from "./problem-place.js";
import { lookAt, planRun, type RunPlan, runAlone, runClaim, type Settings } from "./run-claim.js";
import { decide } from "./verdict.js";

export type { CheckEvent, CheckOptions } from "./check-options.js";
export type { ClaimResult } from "./claim-result.js";

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
    // Those that want all cores share them, as far as they run at the same time.
    cores: coresEach(claims.filter(({ run }) => run?.workers === "all").length, parallel),
    override: options.override ?? {},
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

/** How many threads each of several runs has that want all cores. */
export function coresEach(runs: number, parallel: number, cores = availableParallelism()): number {
  return Math.max(1, Math.floor(cores / Math.max(1, Math.min(runs, parallel))));
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

/** An outcome with what only the modules can tell: where a recursion is, what they assume, and leave to chance. */
function inModules<T extends TlcOutcome>(
  outcome: T,
  modules: ModuleClosure,
): T & { readonly assumes: boolean; readonly chance?: string } {
  const chance = chanceIn(modules);
  const report = placeRecursion(outcome.report, modules);
  return { ...outcome, report, assumes: hasAssumption(modules), ...(chance !== undefined && { chance }) };
}

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
    const alone: RunAlone = (...run) => runAlone(claim, plan, tools, settings, ...run);
    const said = await told(claim, plan, tools, found, settings.signal, alone);
    const outcome = inModules(await withBehaviour(claim, plan, said, settings, alone), plan.modules);
    const { timeoutMs, memoryMiB, override } = settings;
    const ran = { timeoutMs, memoryMiB, ...claim.run, ...override };
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
  run?: RunAlone,
): Promise<TlcOutcome> {
  const { config: text, file: source } = claim;
  const config = readConfig(text);
  const advised = advise(outcome.report, { config, text, file: source, modules, abilities: tools.abilities });
  const errors = advised.errors.map((one) => placeProblem(one, { text, file: source, modules }));
  const report = { ...advised, errors };
  if (report.violated === undefined) return { ...outcome, report };
  const broken = { tools, config, modules, file, ...(signal && { signal }) };
  const named = await nameBroken(report.violated, broken);
  // What a bounded search does not find violated alone may be violated all the same.
  const violated =
    claim.run?.mode !== undefined
      ? named
      : await nameByElimination(named, text, { file, seconds: outcome.seconds, ...(run && { run }) });
  return { ...outcome, report: { ...report, violated } };
}

/** The outcome with whether the specification has a behaviour, where that is asked. */
async function withBehaviour(
  claim: Claim,
  { modules, file }: Pick<RunPlan, "modules" | "file">,
  outcome: TlcOutcome,
  { coverage, distributed }: Pick<Settings, "coverage" | "distributed">,
  run: RunAlone,
): Promise<TlcOutcome> {
  if (distributed) return outcome;
  const config = readConfig(claim.config);
  const found = await behaves(outcome, { claim, config, modules, coverage, file, run });
  return found === undefined ? outcome : { ...outcome, report: { ...outcome.report, behaves: found } };
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
