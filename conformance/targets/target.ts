import type { Plan } from "../contract/plan.js";
import type { ReplayResult } from "../contract/result.js";

/** How to run a replay, and whom to report progress to. */
export interface ReplayOptions {
  /** Drive this mutant instead of the implementation. */
  readonly mutant?: string;
  readonly signal?: AbortSignal;
  /** After this many milliseconds without a step, a thread counts as hung. */
  readonly hangMs?: number;
  /** Ends the replay after this many milliseconds, with what it has done so far; where the implementation can. */
  readonly limitMs?: number;
  readonly onProgress?: (done: { readonly paths: number; readonly steps: number }) => void;
}

/** An implementation with one step changed, and what is declared to kill it. */
export interface Mutant {
  readonly name: string;
  /** What the change does, as a clause. */
  readonly changes: string;
  /** Replay; where replay can't see it, one of the implementation's own tests; or, on weak memory alone, a claim. */
  readonly killer: "replay" | { readonly test: string } | { readonly claim: string };
  /** Somebody sleeps for ever by it: replay sees it hang, and nothing else. */
  readonly hangs?: boolean;
  /** Its test measures, or needs luck: nothing else of ours may run meanwhile. */
  readonly alone?: boolean;
}

/** The result of the test that is declared to kill a mutant: its name, and whether it failed. */
export interface TestOutcome {
  readonly test: string;
  readonly failed: boolean;
}

/** Why an implementation can't be driven along a plan. */
export interface Lack {
  /** `unfit`: the claim asks for what it never had. `missing`: this machine lacks something. */
  readonly kind: "unfit" | "missing";
  /** As a clause: "liburcu is not installed". */
  readonly why: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Whether an implementation drives the specification of a module. */
export function drivesModule({ drives }: Pick<Target, "drives">, module: string): boolean {
  return drives === undefined || drives === module;
}

/** An implementation that paths of the specification can be replayed on. */
export interface Target {
  /** As `conform --target` takes it. */
  readonly name: string;
  /** The module whose specification it drives; undefined: whatever it is given. */
  readonly drives: string | undefined;
  /** Anybody's threads are held before their steps, which not every contract fits. */
  readonly stepped?: true;
  /** For the title of its tests. */
  readonly title: string;
  /** Why it can't be driven along this plan; undefined when it can. Always can where there is no such function. */
  lacks?(plan: Plan, signal?: AbortSignal): Promise<Lack | undefined>;
  /** Drives it, or one of its mutants, along every path of the plan, in processes of its own. */
  replay(plan: Plan, options?: ReplayOptions): Promise<ReplayResult>;
  /** Its mutants, in the order of their table. */
  mutants(): Promise<readonly Mutant[]>;
  /** Runs the implementation's own test that is declared to kill this mutant, on the mutant. */
  testMutant(mutant: string, signal?: AbortSignal): Promise<TestOutcome>;
}
