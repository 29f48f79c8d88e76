import { readSync } from "node:fs";
import type { DriveOptions, DriveResult } from "../addon.js";
import type { DrivePlan } from "../drive-plan.js";

/** What a driving process receives, as JSON in its one argument. The plan itself is behind a descriptor. */
export interface Job {
  /** Stands in the answer, so that nothing else is taken for it. */
  readonly token: string;
  readonly parent: number;
  readonly addon: string;
  readonly options: DriveOptions;
  readonly shape: Omit<DrivePlan, "states" | "starts" | "offsets" | "moves" | "asks">;
  /** Lengths of the plan's arrays, which follow each other in the file. */
  readonly lengths: Readonly<Record<(typeof ARRAYS)[number], number>>;
}

/** What a driving process answers, as JSON on its standard output; `refused`: its target isn't one for this plan. */
export type Answer = { readonly token: string } & (
  | { readonly result: DriveResult }
  | { readonly error: string; readonly refused: boolean }
);

/** Descriptors of a driving process. */
export const PROGRESS_DESCRIPTOR = 3;
export const PLAN_DESCRIPTOR = 4;

const ARRAYS = ["states", "starts", "offsets", "moves"] as const;

/** The plan's arrays, one after another. */
export function planBytes(plan: DrivePlan): Uint8Array {
  const all = new Int32Array(ARRAYS.reduce((sum, name) => sum + plan[name].length, 0));
  let offset = 0;
  for (const name of ARRAYS) {
    all.set(plan[name], offset);
    offset += plan[name].length;
  }
  return new Uint8Array(all.buffer);
}

/** The lengths that `readPlan` needs. */
export function planLengths(plan: DrivePlan): Job["lengths"] {
  return {
    states: plan.states.length,
    starts: plan.starts.length,
    offsets: plan.offsets.length,
    moves: plan.moves.length,
  };
}

/** Reads the plan that `planBytes` has written. Reading at positions, so that several processes can share the file. */
export function readPlan(job: Job, descriptor: number): DrivePlan {
  let position = 0;
  const next = (length: number): Int32Array => {
    const values = new Int32Array(length);
    const bytes = new Uint8Array(values.buffer);
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(descriptor, bytes, done, bytes.length - done, position + done);
      if (count === 0) throw new Error("the plan's file is too short");
      done += count;
    }
    position += bytes.length;
    return values;
  };
  const { states, starts, offsets, moves } = job.lengths;
  return {
    ...job.shape,
    states: next(states),
    starts: next(starts),
    offsets: next(offsets),
    moves: next(moves),
  };
}
