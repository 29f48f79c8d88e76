import type { Progress } from "../base/terminal.js";
import type { ReplayResult } from "../contract/result.js";
import type { StoredPlan } from "../plan/store.js";
import type { Target } from "../targets/target.js";

/** An implementation's replay along the whole plan. */
export interface TargetResult {
  /** Its name. */
  readonly target: string;
  readonly result: ReplayResult;
  readonly stepsPerSecond: number;
  /** Whether it followed every path to its end. */
  readonly conforms: boolean;
}

/** How the implementations followed one plan. */
export interface Conformance {
  readonly stored: StoredPlan;
  readonly targets: readonly TargetResult[];
}

export interface ConformOptions {
  readonly targets: readonly Target[];
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Drives each implementation along each plan, one after the other, so that their figures can be compared. */
export async function conform(plans: readonly StoredPlan[], options: ConformOptions): Promise<Conformance[]> {
  const done: Conformance[] = [];
  for (const stored of plans) {
    const targets: TargetResult[] = [];
    for (const target of options.targets) targets.push(await conformTarget(target, stored, options));
    done.push({ stored, targets });
  }
  return done;
}

async function conformTarget(
  target: Target,
  { claim, plan }: StoredPlan,
  { signal, progress }: ConformOptions,
): Promise<TargetResult> {
  const total = plan.paths.length;
  const started = performance.now();
  const result = await target.replay(plan, {
    signal,
    onProgress: ({ paths, steps }) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      const line = `Conformance of ${target.name} with ${claim}   ${paths} of ${total} paths   ${steps.toLocaleString("en-US")} steps   ${seconds} s`;
      progress.update([line], line);
    },
  });
  progress.done();
  return {
    target: target.name,
    result,
    stepsPerSecond: result.seconds > 0 ? Math.round(result.steps / result.seconds) : 0,
    conforms: result.failure === undefined && result.paths === total,
  };
}
