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

export interface ConformOptions {
  readonly targets: readonly Target[];
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Drives each implementation along the plan, one after the other, so that their figures can be compared. */
export async function conform({ plan }: StoredPlan, options: ConformOptions): Promise<TargetResult[]> {
  const { signal, progress } = options;
  const results: TargetResult[] = [];
  for (const target of options.targets) {
    const total = plan.paths.length;
    const started = performance.now();
    const result = await target.replay(plan, {
      signal,
      onProgress: ({ paths, steps }) => {
        const seconds = ((performance.now() - started) / 1000).toFixed(0);
        const line = `Conformance of ${target.name}   ${paths} of ${total} paths   ${steps.toLocaleString("en-US")} steps   ${seconds} s`;
        progress.update([line], line);
      },
    });
    progress.done();
    results.push({
      target: target.name,
      result,
      stepsPerSecond: result.seconds > 0 ? Math.round(result.steps / result.seconds) : 0,
      conforms: result.failure === undefined && result.paths === total,
    });
  }
  return results;
}
