import { IDLE, type Plan } from "../../conformance/contract/plan.js";
import { rowsOf, type Walk } from "../../conformance/contract/walk.js";
import type { DriveFailure } from "./addon.js";

/** The moves of a plan's paths with what is asked for in vain among them. */
export interface Asks extends Pick<Walk, "offsets" | "moves"> {
  /** For each of them, which move of its path it is, or stands before. */
  readonly places: Int32Array;
}

/**
 * Puts among a plan's moves what its target has to refuse: in each state, where a path first comes to it, each refusable
 * step that is not allowed in any state that looks the same, of a lane that stands before it or, if operations begin with
 * it, is between operations. Such a move has its step with a minus, and leads to where it began.
 *
 * @returns undefined when there is nothing to ask
 */
export function asksAlong(plan: Plan, walk: Walk): Asks | undefined {
  if (plan.refusable.length === 0) return undefined;
  const asksAt = refusedIn(plan, walk);
  const seen = new Set<number>();
  const moves: number[] = [];
  const places: number[] = [];
  const offsets = new Int32Array(walk.offsets.length);
  plan.paths.forEach((path, i) => {
    const ask = (row: number, place: number): void => {
      if (seen.has(row)) return;
      seen.add(row);
      for (const [lane, step] of asksAt(row)) {
        moves.push(lane, -step, row);
        places.push(place);
      }
    };
    ask(walk.starts[i] ?? 0, 0);
    path.forEach((_, k) => {
      const at = ((walk.offsets[i] ?? 0) + k) * 3;
      moves.push(...walk.moves.subarray(at, at + 3));
      places.push(k);
      ask(walk.moves[at + 2] ?? 0, k + 1);
    });
    offsets[i + 1] = places.length;
  });
  return { offsets, moves: Int32Array.from(moves), places: Int32Array.from(places) };
}

/** By the words of a state: the lanes and steps that have to be refused there. */
function refusedIn(
  plan: Plan,
  { states, words, positions }: Walk,
): (row: number) => readonly (readonly [lane: number, step: number])[] {
  const rows = rowsOf(plan);
  const standing = (row: number, lane: number): number => states[row * words + positions + lane] ?? IDLE;
  const key = (row: number, lane: number, step: number): number =>
    (row * plan.lanes.length + lane) * plan.steps.length + step;
  const allowed = new Set<number>();
  const beginnings = new Set<string>();
  for (const [from, lane, step] of plan.edges) {
    const row = rows[from] ?? 0;
    allowed.add(key(row, lane, step));
    if (standing(row, lane) === IDLE) beginnings.add(`${plan.lanes[lane]?.kind} ${step}`);
  }
  return (row) =>
    plan.refusable.filter(([lane, step]) => {
      const at = standing(row, lane);
      const canBeAsked = at === step || (at === IDLE && beginnings.has(`${plan.lanes[lane]?.kind} ${step}`));
      return canBeAsked && !allowed.has(key(row, lane, step));
    });
}

/** A failure where the driver met it, told by the moves of the plan's own path. */
export function placed(failure: DriveFailure, { offsets, moves, places }: Asks, plan: Plan): DriveFailure {
  const { path, move, lane, step } = failure;
  if (move < 0) return failure;
  const at = (offsets[path] ?? 0) + move;
  if (at >= (offsets[path + 1] ?? 0)) return { ...failure, move: plan.paths[path]?.length ?? 0 };
  const isAsked = (moves[at * 3 + 1] ?? 0) < 0;
  return { ...failure, move: places[at] ?? 0, ...(isAsked && { probe: { lane, step } }) };
}
