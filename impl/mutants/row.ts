import type { Step } from "../generated/steps.js";
import type { CheckName } from "../interleavings/checks.js";
import type { Sides } from "../sides.js";

/** The implementation with one step changed. */
export interface Row {
  /** Unique; the same name as the spec's or the C library's mutant where there is one. */
  readonly name: string;
  /** The step that is changed; null: none of the specification's. */
  readonly step: Step | null;
  /** What is changed, as a clause. */
  readonly change: string;
  /** The check that should kill it (../interleavings/checks.ts) where replay can't see it. */
  readonly test?: CheckName;
  /** Somebody sleeps for ever by it: replay sees it hang, and nothing else. */
  readonly hangs?: boolean;
  readonly sides: Partial<Sides>;
}
