import type { Tools } from "../../../spec/tlc/tools/tools.js";
import type { Progress } from "../../base/terminal.js";
import type { StoredPlan } from "../../plan/store.js";
import type { Row } from "./rows.js";

/** What a suite makes of a mutant. */
export interface Outcome {
  /** `missed`: it ran, and noticed nothing. `open`: what it saw is not certain. */
  readonly verdict: "killed" | "missed" | "open";
  /** How it noticed, in a few words; or why it is open. */
  readonly how: string;
}

/** What suites need. */
export interface SuiteContext {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Those of the claims that our implementations follow, loaded when they are first needed. */
  plans(): Promise<readonly StoredPlan[]>;
  /** Java and TLC, found when they are first needed. */
  tools(): Promise<Tools>;
}

/** A suite's work on one mutant. */
export interface Part {
  /** All that its result depends on beside the suite's own code: a value for JSON. */
  depends(context: SuiteContext): Promise<unknown>;
  /** undefined: on this machine there is nothing to do. */
  run(context: SuiteContext): Promise<Outcome | undefined>;
}

/** A way to notice that something is wrong. */
export interface Suite {
  readonly name: string;
  /** What it does to a mutant, in a sentence. */
  readonly about: string;
  /** Raised when the suite's own code does something else than before, so that no old result counts. */
  readonly version: number;
  /** Whether what it notices depends on how threads meet, and so on what else the machine does. */
  readonly timed?: true;
  /** undefined: this suite has nothing to do with this mutant. */
  part(row: Row): Part | undefined;
}

/** It ran, and noticed nothing. */
export const MISSED: Outcome = { verdict: "missed", how: "" };

/** It noticed. */
export const killed = (how: string): Outcome => ({ verdict: "killed", how });

/** What it saw is not certain. */
export const open = (how: string): Outcome => ({ verdict: "open", how });
