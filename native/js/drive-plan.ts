import type { Json } from "../../conformance/contract/json.js";
import type { Plan, WordGroup } from "../../conformance/contract/plan.js";
import { BadPlanError, type Walk, walkOf } from "../../conformance/contract/walk.js";
import { type Asks, asksAlong } from "./asks.js";

/** A plan as the driver in C takes it: its paths as numbers, and what a target has to know of it. */
export interface DrivePlan extends Omit<Walk, "lanes"> {
  readonly lanes: readonly { readonly kind: string; readonly name: string; readonly value: number }[];
  /** Without the positions. */
  readonly groups: readonly WordGroup[];
  /** Those that are whole numbers. */
  readonly constants: readonly { readonly name: string; readonly value: number }[];
  /** Names by id. */
  readonly steps: readonly string[];
  /** What is asked for in vain, which stands among the moves. */
  readonly asks?: Asks;
}

/** @throws BadPlanError when the plan isn't for a driver of threads */
export function drivePlan(plan: Plan): DrivePlan {
  const walk = walkOf(plan);
  checkThreads(plan, walk);
  const asks = asksAlong(plan, walk);
  return {
    ...walk,
    ...(asks && { offsets: asks.offsets, moves: asks.moves, asks }),
    lanes: plan.lanes.map(({ kind, name, value }) => ({ kind, name, value: isInt32(value) ? value : 0 })),
    groups: plan.groups.slice(0, -1),
    constants: Object.entries(plan.constants).flatMap(([name, value]) =>
      isInt32(value) ? [{ name, value }] : [],
    ),
    steps: plan.steps.map(({ name }) => name),
  };
}

/** As native/replay/driver.h has it. */
const LANES_MAX = 60;

/** What real threads in a fresh world can't follow. */
function checkThreads({ lanes }: Plan, { starts }: Walk): void {
  if (lanes.length > LANES_MAX)
    throw new BadPlanError(
      `the plan can't be followed: it has ${lanes.length} lanes, more than ${LANES_MAX}`,
      {
        where: "plan: lanes",
        hint: "Each lane is a thread here. Give the model fewer of them.",
      },
    );
  const begins = new Set(starts).size;
  if (begins > 1)
    throw new BadPlanError(`the plan can't be followed: it begins in ${begins} states that look different`, {
      where: "plan: initial",
      hint: "A target makes its world in one state. Give the model one initial state, or use a driver that is told where to begin (conformance/drive/PROTOCOL.md).",
    });
}

function isInt32(value: Json): value is number {
  return typeof value === "number" && Number.isInteger(value) && (value | 0) === value;
}
