import { BUSY, watchOthers } from "../base/others.js";
import type { ReplayFailure } from "../contract/result.js";
import type { StoredPlan } from "../plan/store.js";
import { drivesModule, type Mutant, type Target } from "../targets/target.js";

/** How replay sees a mutant. */
export interface Seen {
  readonly stored: StoredPlan;
  readonly failure: ReplayFailure;
  /** It seemed to hang, while others had this share of the machine's time, from 0 to 1: that it does is not certain. */
  readonly others?: number;
}

/** Whether replay has noticed something for certain. */
export function isCertain(seen: Seen | undefined): boolean {
  return seen !== undefined && seen.others === undefined;
}

/** An implementation, or one of its mutants. */
export interface Replayed {
  readonly target: Pick<Target, "drives" | "replay">;
  readonly mutant?: Pick<Mutant, "name" | "hangs"> | undefined;
}

/** Who is only kept from the processors goes on, when it is given so much longer. */
const PATIENT_MS = 30_000;

/**
 * Drives a mutant, or an implementation as it is, along each of the plans that are for it, up to its first failure;
 * undefined when it follows all of them. One that hangs beside much other work, and is not declared to, is tried once
 * more with patience.
 *
 * @param watch how busy others keep the machine, for tests
 */
export async function replayCandidate(
  { target, mutant }: Replayed,
  plans: readonly StoredPlan[],
  signal: AbortSignal,
  watch = watchOthers,
): Promise<Seen | undefined> {
  const once = async (stored: StoredPlan, hangMs?: number): Promise<Seen | undefined> => {
    const share = watch();
    const { failure } = await target.replay(stored.plan, {
      ...(mutant !== undefined && { mutant: mutant.name }),
      ...(hangMs !== undefined && { hangMs }),
      signal,
    });
    if (failure === undefined) return undefined;
    const others = failure.kind === "hang" && mutant?.hangs !== true ? (share() ?? 0) : 0;
    return { stored, failure, ...(others >= BUSY && { others }) };
  };
  for (const stored of plans.filter(({ plan }) => drivesModule(target, plan.module))) {
    const first = await once(stored);
    const seen = first?.others === undefined ? first : await once(stored, PATIENT_MS);
    if (seen !== undefined) return seen;
  }
  return undefined;
}

/** Why what replay has seen is not certain, as a clause. */
export function whyUncertain(others: number): string {
  return `not certain: others had ${Math.round(others * 100)} % of the machine, and it may only have waited for them`;
}
