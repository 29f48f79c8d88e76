import type { Claim } from "../claim/claim.js";
import { closeModules, type ModuleClosure } from "../claim/modules.js";
import { runDistributed } from "../distributed/distributed.js";
import { planLook, runLooking } from "../look/counted.js";
import { expectsTrace, inFrontOf, listingModule, withModule } from "../look/listing.js";
import type { TlcProgress } from "../output/report.js";
import type { Residents } from "../resident/residents.js";
import type { TlcOutcome } from "../run/outcome.js";
import { resultFile } from "../run/results.js";
import { isResumable, runResumably } from "../run/resume.js";
import { runTlc } from "../run/run.js";
import type { Tools } from "../tools/tools.js";
import type { RunAlone } from "./alone.js";
import type { CheckOptions } from "./check-options.js";

/** How claims are run, with everything filled in. */
export type Settings = Required<Omit<CheckOptions, "parallel" | "smallFirst" | "distributed" | "residents">> &
  Pick<CheckOptions, "distributed"> & {
    readonly residents: Residents | undefined;
    /** How many threads a run has that wants all cores. */
    readonly cores: number;
    readonly close: typeof closeModules;
  };

/** Up to this number of declared states, a run is over before optimised code would pay off. */
const SHORT_STATES = 30_000;

/** A claim's run: its modules, the one that TLC runs in the model's place, and where its outcome is kept. */
export async function planRun(claim: Claim, tools: Tools, close = closeModules) {
  const modules = await close(claim.module, claim.root, claim.libraries);
  const listing = expectsTrace(claim) ? listingModule(modules) : undefined;
  return { modules, listing, file: resultFile(tools, claim.config, inFrontOf(modules, listing), claim.run) };
}

/** What planRun plans. */
export type RunPlan = Awaited<ReturnType<typeof planRun>>;

/** What to look at in a claim's run for what never happens; nothing, where workers elsewhere decide. */
export function lookAt(claim: Claim, modules: ModuleClosure, { distributed, coverage }: Settings) {
  return distributed ? undefined : planLook(claim, modules, coverage);
}

/** Runs a claim's model with another configuration, without a look for deadlock: see RunAlone. */
export async function runAlone(
  claim: Claim,
  { modules }: RunPlan,
  tools: Tools,
  settings: Settings,
  ...[config, limit, front]: Parameters<RunAlone>
): Promise<TlcOutcome> {
  const model = modelOf(claim, modules, tools, settings);
  const timeoutMs = Math.min(limit, model.timeoutMs);
  return await withModule(claim.module, front, (module) =>
    runTlc({ ...model, module, config, timeoutMs, options: ["-deadlock"] }),
  );
}

/** A claim's model, and how its header and the command line want it to be run. */
function modelOf(claim: Claim, modules: ModuleClosure, tools: Tools, settings: Settings) {
  const { signal, timeoutMs, memoryMiB, residents, cores, override } = settings;
  const { workers, noDeadlock, ...how } = claim.run ?? {};
  return {
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
    ...override,
    ...(workers !== undefined && { workers: workers === "all" ? cores : workers }),
    ...(noDeadlock && { options: ["-deadlock"] }),
  };
}

/** Runs TLC: by workers elsewhere, or here; one of the full set goes on from where it was interrupted. */
export async function runClaim(
  claim: Claim,
  { modules, listing, file }: RunPlan,
  tools: Tools,
  settings: Settings,
  onDone: () => void,
): Promise<TlcOutcome> {
  const { distributed } = settings;
  const { mode } = claim.run ?? {};
  const model = {
    ...modelOf(claim, modules, tools, settings),
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
      claim.set === "full" && settings.cache && mode === undefined && isResumable(modules.files);
    if (file === undefined || !resumes) return look ? runLooking(look, run) : runTlc(run);
    return runResumably({ ...run, coverage: look?.actions ?? false }, tools.cache, file, (states) =>
      settings.onEvent({ kind: "resumed", claim, states }),
    );
  });
}
