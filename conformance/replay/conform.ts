import type { Progress } from "../cli/terminal.js";
import type { StoredPlan } from "../plan/store.js";
import type { TargetName } from "./target-names.js";
import { type ReplayResult, replay } from "./targets.js";

/** An implementation's replay along the whole plan. */
export interface TargetResult {
  readonly target: TargetName;
  readonly result: ReplayResult;
  readonly stepsPerSecond: number;
  /** It followed every path to its end. */
  readonly conforms: boolean;
}

export interface ConformOptions {
  readonly targets: readonly TargetName[];
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
    const result = await replay(target, plan, {
      signal,
      onProgress: ({ paths, steps }) => {
        const seconds = ((performance.now() - started) / 1000).toFixed(0);
        const line = `Conformance of ${target}   ${paths} of ${total} paths   ${steps.toLocaleString("en-US")} steps   ${seconds} s`;
        progress.update([line], line);
      },
    });
    progress.done();
    results.push({
      target,
      result,
      stepsPerSecond: result.seconds > 0 ? Math.round(result.steps / result.seconds) : 0,
      conforms: result.failure === undefined && result.paths === total,
    });
  }
  return results;
}
