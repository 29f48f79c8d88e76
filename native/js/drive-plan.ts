import type { Json } from "../../conformance/contract/json.js";
import type { Plan, WordGroup } from "../../conformance/contract/plan.js";
import { type Walk, walkOf } from "../../conformance/contract/walk.js";

/** A plan as the driver in C takes it: its paths as numbers, and what a target has to know of it. */
export interface DrivePlan extends Omit<Walk, "lanes"> {
  readonly lanes: readonly { readonly kind: string; readonly name: string; readonly value: number }[];
  /** Without the positions. */
  readonly groups: readonly WordGroup[];
  /** Those that are whole numbers. */
  readonly constants: readonly { readonly name: string; readonly value: number }[];
  /** Names by id. */
  readonly steps: readonly string[];
}

/** @throws BadPlanError when the plan isn't for a driver of threads */
export function drivePlan(plan: Plan): DrivePlan {
  return {
    ...walkOf(plan),
    lanes: plan.lanes.map(({ kind, name, value }) => ({ kind, name, value: isInt32(value) ? value : 0 })),
    groups: plan.groups.slice(0, -1),
    constants: Object.entries(plan.constants).flatMap(([name, value]) =>
      isInt32(value) ? [{ name, value }] : [],
    ),
    steps: plan.steps.map(({ name }) => name),
  };
}

function isInt32(value: Json): value is number {
  return typeof value === "number" && Number.isInteger(value) && (value | 0) === value;
}
