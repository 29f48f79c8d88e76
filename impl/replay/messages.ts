import type { FoundFailure } from "./failure.js";
import type { ImplPlan } from "./impl-plan.js";
import type { Share } from "./turns.js";

/** What the replaying process receives, over node's channel between processes. */
export type ToChild =
  | {
      readonly type: "start";
      readonly plan: ImplPlan;
      readonly mutant: string | null;
      readonly share: Share;
      readonly hangMs: number;
      /** File descriptor to write each position to before the move, or null. */
      readonly careful: number | null;
    }
  /** Do not begin paths from this one on. */
  | { readonly type: "limit"; readonly path: number };

export interface Counts {
  readonly paths: number;
  readonly steps: number;
  readonly probes: number;
}

/** What it reports. */
export type FromChild =
  /** Several times a second. */
  | { readonly type: "progress"; readonly counts: Counts; readonly path: number }
  | { readonly type: "done"; readonly counts: Counts; readonly seconds: number }
  | {
      readonly type: "failure";
      readonly counts: Counts;
      readonly seconds: number;
      readonly failure: FoundFailure;
    };
