import type { Plan } from "../../conformance/contract/plan.js";
import { stateWords } from "../../conformance/contract/words.js";
import { BadPlanError } from "./errors.js";

/** A plan as the driver reads it: whole numbers one after another. */
export interface EncodedPlan {
  readonly updaters: number;
  readonly readers: number;
  readonly cells: number;
  readonly words: number;
  readonly state: Int32Array;
  readonly start: Int32Array;
  readonly offset: Int32Array;
  readonly move: Int32Array;
}

/**
 * Checks what the driver relies on, and encodes the plan.
 *
 * @param steps the driver's step names by id
 * @throws BadPlanError when the plan isn't for this driver
 */
export function encodePlan(plan: Plan, steps: readonly string[]): EncodedPlan {
  if (plan.format !== 2)
    throw new BadPlanError(`the plan has format ${String(plan.format)}, the driver knows 2`);
  requireSame("words", plan.words, stateWords(plan.updaters, plan.readers, plan.cells));
  requireSame("steps", plan.steps, steps);
  const width = plan.words.length;
  const state = new Int32Array(plan.states.length * width);
  plan.states.forEach((values, index) => {
    if (values.length !== width)
      throw new BadPlanError(`state ${index} of the plan has ${values.length} words, not ${width}`);
    state.set(values, index * width);
  });
  const start = Int32Array.from(plan.paths, (path) => path.start);
  const offset = new Int32Array(plan.paths.length + 1);
  plan.paths.forEach((path, index) => {
    offset[index + 1] = (offset[index] ?? 0) + path.moves.length / 3;
  });
  const move = new Int32Array((offset.at(-1) ?? 0) * 3);
  plan.paths.forEach((path, index) => {
    if (path.moves.length % 3 !== 0)
      throw new BadPlanError(`path ${index} of the plan has moves that aren't triples`);
    move.set(path.moves, (offset[index] ?? 0) * 3);
  });
  const { updaters, readers, cells } = plan;
  return { updaters, readers, cells, words: width, state, start, offset, move };
}

function requireSame(what: string, given: readonly string[], wanted: readonly string[]): void {
  const index = wanted.findIndex((name, i) => given[i] !== name);
  if (index < 0 && given.length === wanted.length) return;
  throw new BadPlanError(
    `the plan's ${what} aren't the driver's: number ${index} is "${given[index]}", not "${wanted[index]}"`,
    {
      hint: "Regenerate the plan and native/src/generated/steps.h from the specification: npm run generate",
    },
  );
}
