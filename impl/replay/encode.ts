import { IDLE, type Plan } from "../../conformance/contract/plan.js";

/** A plan as flat arrays of numbers, to be sent to a process and shared between its threads. */
export interface EncodedPlan {
  readonly updaters: number;
  readonly readers: number;
  readonly cells: number;
  readonly words: readonly string[];
  readonly steps: readonly string[];
  /** State vectors, one after the other. */
  readonly states: Int32Array;
  /** The first state of each path. */
  readonly starts: Int32Array;
  /** Where each path's moves begin in `moves`, and at last where they end; counted in moves. */
  readonly offsets: Int32Array;
  /** Triples: thread, step, state. */
  readonly moves: Int32Array;
}

/**
 * The library has no operation "initialise": the user of the updater fills the cell before it calls replace.
 * So for replay an updater that stands before Initialise is idle.
 */
export function encodePlan(plan: Plan): EncodedPlan {
  const width = plan.words.length;
  const updatersAt = Array.from({ length: plan.updaters }, (_, thread) => plan.words.indexOf(`at${thread}`));
  const initialise = plan.steps.indexOf("Initialise");
  const states = new Int32Array(plan.states.length * width);
  plan.states.forEach((state, i) => {
    states.set(state, i * width);
    for (const at of updatersAt) if (state[at] === initialise) states[i * width + at] = IDLE;
  });
  const offsets = new Int32Array(plan.paths.length + 1);
  plan.paths.forEach((path, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + path.moves.length / 3;
  });
  const moves = new Int32Array((offsets[plan.paths.length] ?? 0) * 3);
  plan.paths.forEach((path, i) => {
    moves.set(path.moves, (offsets[i] ?? 0) * 3);
  });
  return {
    updaters: plan.updaters,
    readers: plan.readers,
    cells: plan.cells,
    words: plan.words,
    steps: plan.steps,
    states,
    starts: Int32Array.from(plan.paths, (path) => path.start),
    offsets,
    moves,
  };
}

/** The same plan in shared memory, for the threads of this process. */
export function sharePlan(plan: EncodedPlan): EncodedPlan {
  return {
    ...plan,
    states: shared(plan.states),
    starts: shared(plan.starts),
    offsets: shared(plan.offsets),
    moves: shared(plan.moves),
  };
}

function shared(numbers: Int32Array): Int32Array {
  const copy = new Int32Array(new SharedArrayBuffer(numbers.byteLength));
  copy.set(numbers);
  return copy;
}
