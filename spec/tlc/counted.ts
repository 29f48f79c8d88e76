import type { Claim } from "./claim.js";
import { enabledModule } from "./enabled.js";
import { expectsTrace, withModule } from "./listing.js";
import type { ModuleClosure } from "./modules.js";
import { runTlc, type TlcOutcome, type TlcRun } from "./run.js";
import { mayBeVacuous } from "./vacuity.js";

/** Of which claims TLC counts how often each action is taken: see countsActions. */
export type Coverage = "small" | "all" | "none";

/** Up to this number of declared states, to count actions takes no time to speak of. */
const COUNTED_STATES = 20_000;

/** To count takes time: are the actions of this claim counted? `small` are those of unknown size, too. */
export function countsActions(claim: Claim, coverage: Coverage): boolean {
  if (coverage === "none" || !mayBeVacuous(claim)) return false;
  return coverage === "all" || (claim.declared.states ?? 0) <= COUNTED_STATES;
}

/**
 * Runs TLC on a claim and has it say how often each action is taken, and which properties are put to the test. It may
 * fail by that, where it would not fail otherwise: when it fails in itself, or in what was added, the run is made again
 * without.
 */
export async function runCounted(claim: Claim, modules: ModuleClosure, run: TlcRun): Promise<TlcOutcome> {
  // A counterexample is told from the model's own module.
  const enabled = expectsTrace(claim) ? undefined : enabledModule(claim, modules);
  const outcome = await withModule(run.module, enabled?.module, (module) =>
    runTlc({ ...run, module, config: enabled?.config ?? run.config, coverage: true }),
  );
  const failed = outcome.report.errors.some(
    ({ kind, message, location, context = [] }) =>
      kind === "internal" ||
      /NullPointerException|CostModel/.test(message) ||
      [location, ...context].some((one) => one !== undefined && one.module === enabled?.module.name),
  );
  return failed ? await runTlc(run) : outcome;
}
