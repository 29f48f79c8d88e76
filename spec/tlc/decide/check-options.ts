import type { Limits } from "../base/limits.js";
import type { Claim } from "../claim/claim.js";
import type { DistributedRun } from "../distributed/server.js";
import type { Coverage } from "../look/counted.js";
import type { TlcProgress } from "../output/report.js";
import type { Residents } from "../resident/residents.js";
import type { ClaimResult } from "./claim-result.js";

/** What happens while claims are checked. */
export type CheckEvent =
  | { readonly kind: "started"; readonly claim: Claim }
  /** TLC resumes an interrupted run, which had found this many states. */
  | { readonly kind: "resumed"; readonly claim: Claim; readonly states: number }
  | { readonly kind: "progress"; readonly claim: Claim; readonly progress: TlcProgress }
  | { readonly kind: "finished"; readonly result: ClaimResult };

/**
 * How claims are checked. The limits apply to each run that has none in its claim's header: by default ten minutes, and its
 * share of half the memory.
 */
export interface CheckOptions extends Limits {
  /** What counts more than a claim's own limits. */
  readonly override?: Limits;
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
