import type { Claim } from "../claim/claim.js";
import type { ModuleClosure } from "../claim/modules.js";
import type { TlcReport } from "../output/report.js";
import type { TlcOutcome } from "../run/outcome.js";
import { runTlc } from "../run/run.js";
import type { TlcRun } from "../run/tlc-run.js";
import { type Enabled, enabledModule } from "./enabled.js";
import { isOfMachine, withModule } from "./listing.js";

/** Which claims are examined for what never happens in them: see planLook. */
export type Coverage = "small" | "all" | "none";

/** What a run reports besides its verdict: how often each action is taken, and which properties are put to the test. */
export interface Look {
  readonly actions: boolean;
  readonly enabled?: Enabled;
}

/** Up to this number of declared states, counting actions takes hardly any time. */
export const COUNTED_STATES = 5_000;

/** Is it worth looking for what never happens? A claim that is violated already shows that something happens. */
export function mayBeVacuous({ declared: { verdict } }: Claim): boolean {
  return verdict === "holds" || verdict === "forbidden" || verdict === "undeclared";
}

/**
 * What to examine in a claim: nothing in one that can't be vacuous, and, since it takes time, nothing in a large one
 * unless all are asked for. The actions of what declares nothing are not counted: it may be of any size. The actions of
 * the machine are not counted: it has the same three for all programs, and when TLC counts, it evaluates the compiled
 * program again in every state, which takes ten times as long.
 */
export function planLook(claim: Claim, modules: ModuleClosure, coverage: Coverage): Look | undefined {
  if (coverage === "none" || !mayBeVacuous(claim) || claim.run?.mode !== undefined) return undefined;
  if (coverage === "small" && (claim.declared.states ?? 0) > COUNTED_STATES) return undefined;
  const enabled = enabledModule(claim, modules);
  const actions = !isOfMachine(modules) && claim.declared.verdict !== "undeclared";
  return actions || enabled ? { actions, ...(enabled && { enabled }) } : undefined;
}

/** Has a run reported what is examined? */
export function hasTold(look: Look | undefined, { actions, uses }: TlcReport): boolean {
  return (
    look === undefined || ((!look.actions || actions !== undefined) && (!look.enabled || uses !== undefined))
  );
}

/** A run that failed sooner than this is repeated without the extra reporting, whatever the reason. */
const SOON_S = 30;

/**
 * Runs TLC and has it report what is examined. That may make it fail where it otherwise would not: when it fails early,
 * internally, or in what was added, the run is repeated without the extra reporting.
 */
export async function runLooking({ actions, enabled }: Look, run: TlcRun): Promise<TlcOutcome> {
  const outcome = await withModule(run.module, enabled?.module, (module) =>
    runTlc({ ...run, module, config: enabled?.config ?? run.config, coverage: actions }),
  );
  const failed = outcome.report.errors.some(
    ({ kind, message, location, context = [] }) =>
      outcome.seconds < SOON_S ||
      kind === "internal" ||
      /NullPointerException|CostModel/.test(message) ||
      [location, ...context].some((one) => one !== undefined && one.module === enabled?.module.name),
  );
  return failed ? await runTlc(run) : outcome;
}
