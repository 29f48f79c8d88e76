import { root } from "../base/root.js";
import type { Plan } from "../contract/plan.js";
import { loadPlan } from "../plan/store.js";
import { targetNamed } from "../targets/targets.js";
import { showReplayFailure } from "./show.js";

/** The result of following some paths: how many, how many steps, and in words what went wrong, if anything. */
export interface Followed {
  readonly paths: number;
  readonly steps: number;
  readonly failure?: string;
}

let loaded: Promise<Plan> | undefined;

/** Replays the paths `from` to `to` (numbered from 1) on an implementation. The generated tests call this. */
export async function follow(target: string, { from, to }: { from: number; to: number }): Promise<Followed> {
  loaded ??= loadPlan({ root }).then(({ plan }) => plan);
  const plan = await loaded;
  const part: Plan = { ...plan, paths: plan.paths.slice(from - 1, to) };
  const { paths, steps, failure } = await targetNamed(target).replay(part);
  return { paths, steps, ...(failure && { failure: showReplayFailure(failure, part, from) }) };
}
