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

/** Paths of a claim's plan, from the one numbered `from` to the one numbered `to`; the first is 1. */
export interface Range {
  readonly claim: string;
  readonly from: number;
  readonly to: number;
}

let loaded: { readonly claim: string; readonly plan: Promise<Plan> } | undefined;

/** Replays a range of paths on an implementation. The generated tests call this. */
export async function follow(target: string, { claim, from, to }: Range): Promise<Followed> {
  if (loaded?.claim !== claim) loaded = { claim, plan: loadPlan(claim, { root }).then(({ plan }) => plan) };
  const plan = await loaded.plan;
  const part: Plan = { ...plan, paths: plan.paths.slice(from - 1, to) };
  const { paths, steps, failure } = await targetNamed(target).replay(part);
  return { paths, steps, ...(failure && { failure: showReplayFailure(failure, part, from) }) };
}
