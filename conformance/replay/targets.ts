import { testMutant as testImplMutant } from "../../impl/mutants/mutants.js";
import { parsePlan } from "../../impl/replay/parse-plan.js";
import { replayImpl } from "../../impl/replay/replay-impl.js";
import { replayNative } from "../../native/replay.js";
import { testMutant as testNativeMutant } from "../../native/test/kill.js";
import type { Plan } from "../plan/plan.js";
import type { TargetName } from "./target-names.js";

/** Where a replay went wrong; `path` and `move` are indices into the plan. */
export interface ReplayFailure {
  readonly kind: string;
  readonly path: number;
  readonly move: number;
  readonly thread: number;
  readonly step: string;
  readonly message: string;
  readonly words?: readonly { readonly name: string; readonly expected: number; readonly actual: number }[];
}

/** What a replay has done, up to its end or its first failure. */
export interface ReplayResult {
  readonly paths: number;
  readonly steps: number;
  /** How often a thread that the specification has asleep was looked at and found blocked. */
  readonly probes: number;
  /** Seconds of replaying, without starting processes. */
  readonly seconds: number;
  readonly failure?: ReplayFailure;
}

export interface ReplayOptions {
  readonly mutant?: string;
  readonly signal?: AbortSignal;
  readonly hangMs?: number;
  readonly onProgress?: (done: { readonly paths: number; readonly steps: number }) => void;
}

/** Drives an implementation, or one of its mutants, along every path of the plan, in processes of its own. */
export function replay(target: TargetName, plan: Plan, options: ReplayOptions = {}): Promise<ReplayResult> {
  return target === "native" ? replayNative(plan, options) : replayImpl(parsePlan(plan), options);
}

/** What the test that is declared to kill a mutant says of it: its name, and whether it failed. */
export interface TestOutcome {
  readonly test: string;
  readonly failed: boolean;
}

/** Runs the implementation's own test that is declared to kill this mutant of it, on the mutant. */
export async function testMutant(
  target: TargetName,
  mutant: string,
  signal?: AbortSignal,
): Promise<TestOutcome> {
  return target === "native" ? testNativeMutant(mutant, signal ? { signal } : {}) : testImplMutant(mutant);
}
