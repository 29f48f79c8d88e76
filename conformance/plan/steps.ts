import { canonical } from "../contract/json.js";
import type { PlanStep } from "../contract/plan.js";
import type { Instance } from "./observed.js";

const IDLE_STEP: PlanStep = { name: "Idle", with: {} };

/** The names of a contract's steps by their ids in all rooms: "Idle" is 0, the steps follow in alphabetical order. */
export function stepIds(names: readonly string[]): string[] {
  return ["Idle", ...names.toSorted((a, b) => (a < b ? -1 : 1))];
}

/**
 * The steps of a plan by id, and the id of each instance. Instances that differ in their lane alone are one step; in the
 * order of their names, which are the ids of `stepIds` where no step has parameters.
 */
export function planSteps(instances: readonly Instance[]): {
  readonly steps: readonly PlanStep[];
  readonly ids: readonly number[];
} {
  const key = ({ step, with: given }: Instance): string => `${step.name} ${canonical(given)}`;
  const byKey = new Map(instances.map((instance) => [key(instance), instance]));
  const keys = [...byKey.keys()].sort((a, b) => {
    const [one, other] = [byKey.get(a)?.step.name ?? "", byKey.get(b)?.step.name ?? ""];
    return one === other ? 0 : one < other ? -1 : 1;
  });
  const numbers = new Map(keys.map((one, i) => [one, i + 1]));
  const steps = keys.map((one): PlanStep => {
    const { step, with: given } = byKey.get(one) as Instance;
    return {
      name: step.name,
      with: given,
      ...(step.hidden !== false && { hidden: step.hidden }),
      ...(step.refusable && { refusable: true as const }),
    };
  });
  return { steps: [IDLE_STEP, ...steps], ids: instances.map((instance) => numbers.get(key(instance)) ?? 0) };
}
