import { BadInputError, Interrupted } from "../../spec/tlc/base/errors.js";
import type { Progress } from "../base/terminal.js";
import type { ReplayResult } from "../contract/result.js";
import type { StoredPlan } from "../plan/store.js";
import { drivesModule, type Lack, type Target } from "../targets/target.js";
import { shorten, type Trail, wholeTrail } from "./shorten.js";

/** An implementation's replay along the whole plan. */
export interface TargetResult {
  /** Its name. */
  readonly target: string;
  readonly result: ReplayResult;
  readonly stepsPerSecond: number;
  /**
   * `conforms`: it followed every path to its end. `fails`: it did something that the specification doesn't have.
   * `inconclusive`: neither; some paths were left or not driven. `not run`: this machine lacks what it needs.
   */
  readonly verdict: "conforms" | "fails" | "inconclusive" | "not run";
  /** Why it was not run, or is inconclusive although every path was followed. */
  readonly why?: string;
  /** A shorter way to its failure. */
  readonly trail?: Trail;
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
  readonly hangMs?: number;
  /** For each implementation on each plan. */
  readonly limitMs?: number;
  /** Told of each result as soon as it is there. */
  readonly onResult?: (claim: string, result: TargetResult) => void;
}

/**
 * Drives each implementation along each plan, one after the other, so that their figures can be compared. Those that a
 * plan asks for what they never had are left out. Interrupted, it returns what it has found so far.
 *
 * @throws BadInputError when all are left out of a plan
 */
export async function conform(plans: readonly StoredPlan[], options: ConformOptions): Promise<Conformance[]> {
  const done: Conformance[] = [];
  for (const stored of plans) {
    const targets: TargetResult[] = [];
    const unfit: string[] = [];
    for (const target of options.targets) {
      if (options.signal.aborted) break;
      if (!drivesModule(target, stored.plan.module)) continue;
      const lack = await target.lacks?.(stored.plan, options.signal).catch((error: unknown) => {
        if (options.signal.aborted) return undefined;
        throw error;
      });
      if (options.signal.aborted) break;
      if (lack?.kind === "unfit") {
        unfit.push(lack.why);
        continue;
      }
      const result =
        lack === undefined ? await conformTarget(target, stored, options) : notRun(target.name, lack);
      targets.push(result);
      options.onResult?.(stored.claim, result);
    }
    if (targets.length > 0) done.push({ stored, targets });
    else if (unfit.length > 0)
      throw new BadInputError(`${stored.claim} asks for what isn't there: ${unfit.join("; ")}`, {
        hint: "Without --driver, all libraries are driven that fit the claim.",
      });
  }
  return done;
}

function notRun(target: string, { why, hint }: Lack): TargetResult {
  return {
    target,
    result: { paths: 0, steps: 0, probes: 0, seconds: 0 },
    stepsPerSecond: 0,
    verdict: "not run",
    why: hint === undefined ? why : `${why}. ${hint}`,
  };
}

async function conformTarget(
  target: Target,
  stored: StoredPlan,
  options: ConformOptions,
): Promise<TargetResult> {
  const { claim, plan } = stored;
  const { signal, progress, hangMs, limitMs } = options;
  const total = plan.paths.length;
  const started = performance.now();
  let far = { paths: 0, steps: 0 };
  const limits = {
    signal,
    ...(hangMs !== undefined && { hangMs }),
    ...(limitMs !== undefined && { limitMs }),
  };
  const result = await target
    .replay(plan, {
      ...limits,
      onProgress: ({ paths, steps }) => {
        far = { paths, steps };
        const seconds = ((performance.now() - started) / 1000).toFixed(0);
        const line = `Conformance of ${target.name} with ${claim}   ${paths} of ${total} paths   ${steps.toLocaleString("en-US")} steps   ${seconds} s`;
        progress.update([line], line);
      },
    })
    .catch((error: unknown): ReplayResult => {
      // What fails once it is interrupted fails because of that.
      if (!(error instanceof Interrupted) && !signal.aborted) throw error;
      return { ...far, probes: 0, seconds: (performance.now() - started) / 1000, interrupted: true };
    });
  progress.done();
  const { failure } = result;
  const blind = failure === undefined && isBlind(result, plan);
  const trail =
    failure === undefined || signal.aborted
      ? undefined
      : await shorten(plan, failure, (part) => target.replay(part, limits)).catch(() =>
          wholeTrail(plan, failure),
        );
  return {
    target: target.name,
    result,
    stepsPerSecond: result.seconds > 0 ? Math.round((result.steps + result.probes) / result.seconds) : 0,
    verdict: failure !== undefined ? "fails" : isWhole(result, total) && !blind ? "conforms" : "inconclusive",
    ...(result.astray !== undefined && { why: result.astray }),
    ...(blind && { why: "the driver shows none of the contract's words, so nothing was compared" }),
    ...(trail !== undefined && { trail }),
  };
}

/** It shows nothing, and has been asked for nothing that it would have had to refuse. */
function isBlind({ unseen = [], probes }: ReplayResult, { words }: StoredPlan["plan"]): boolean {
  return words.length > 0 && unseen.length === words.length && probes === 0;
}

/** Every path was driven to its end; or was left for another that is allowed, and all that remained was driven, too. */
function isWhole(
  { astray, paths, left = 0, untaken = 0, interrupted }: ReplayResult,
  total: number,
): boolean {
  return astray === undefined && interrupted !== true && untaken === 0 && (left > 0 || paths === total);
}
