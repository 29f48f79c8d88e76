import type { Claim } from "../claim/claim.js";
import { type Config, withOnlyProperty } from "../claim/config.js";
import type { ModuleClosure } from "../claim/modules.js";
import { COUNTED_STATES, type Coverage, mayBeVacuous } from "../look/counted.js";
import type { TlcOutcome } from "../run/outcome.js";
import { aloneLimitMs, Beside, hasHeld, type RunAlone } from "./alone.js";

/** What every behaviour violates, so that it is violated where there is one. */
const NEVER = "QuiesceNeverBehaves";

/** Up to this number of states it is asked: it doubles the time that a claim takes, and liveness takes most of it. */
const MOST_STATES: Readonly<Record<Coverage, number>> = { none: 0, small: COUNTED_STATES, all: 20_000 };

/** What asking needs. */
export interface Asked {
  readonly claim: Claim;
  readonly config: Config;
  readonly modules: ModuleClosure;
  readonly coverage: Coverage;
  /** Where the outcome is kept; the answer is kept beside it. */
  readonly file: string | undefined;
  /** Without it, only what is kept is known. */
  readonly run?: RunAlone;
}

/**
 * Is there a behaviour at all that the specification's fairness allows? One that demands what can't happen has none,
 * and then every liveness property holds of it; TLC does not say so. Asked where a claim holds that has properties, a
 * `SPECIFICATION`, fairness, and up to MOST_STATES. Undefined: nobody asked, or there was no certain answer.
 */
export async function behaves(outcome: TlcOutcome, asked: Asked): Promise<boolean | undefined> {
  const { claim, config, modules, coverage, file, run } = asked;
  const [model] = modules.files;
  const { success, statistics } = outcome.report;
  if (!success || statistics === undefined || model === undefined || !mayBeVacuous(claim)) return undefined;
  if (claim.run?.mode !== undefined || config.properties.length === 0 || config.specification === undefined)
    return undefined;
  // With these, a cycle that TLC does not find may be there all the same.
  if (config.symmetry.length > 0 || config.view !== undefined) return undefined;
  if (!modules.files.some(({ text }) => FAIRNESS.test(text))) return undefined;
  const place = new Beside(file, "behaves", "behaves");
  const kept = await place.read();
  if (typeof kept === "boolean") return kept;
  if (run === undefined || statistics.distinct > MOST_STATES[coverage]) return undefined;
  const name = `${model.name}${NEVER}`;
  const text = `---- MODULE ${name} ----\nEXTENDS ${model.name}\n${NEVER} == <>FALSE\n====\n`;
  const front = { name, path: `${name}.tla`, text };
  const alone = await run(withOnlyProperty(claim.config, NEVER), aloneLimitMs(outcome.seconds), front);
  if (alone.timedOut) return undefined;
  const found = alone.report.violated?.kind === "temporal" ? true : hasHeld(alone) ? false : undefined;
  if (found !== undefined) await place.keep(found);
  return found;
}

/** Where none of these stands, a specification demands nothing but steps. */
const FAIRNESS = /\b[WS]F_|<>|~>/;
