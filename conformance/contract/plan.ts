/**
 * One path of a plan: the index of its first state, and its moves, flattened: thread, step id, index of the state
 * afterwards.
 */
export interface PlanPath {
  readonly start: number;
  readonly moves: readonly number[];
}

/**
 * What a replay driver follows: the paths of a step-level specification's state graph, in whole numbers only. Thread 0
 * is the updater, threads 1..readers are the readers.
 *
 * The words of a state: `gp` the number of the current grace period, less the raises of the path so far; `waiting` the
 * futex word; `head` the cell that is published; `cellK` 0 empty, 1 live, 2 freed; `announcedS` the age of slot S's
 * announcement (0 none, 1 older than gp, 2 as young), `ownerS` the thread that claimed the slot (0: none); `slotI` and
 * `heldI` of reader I (slot 0: not registered; held -1: nothing); `atT` of thread T: the step that comes next, 0
 * between operations, -1 asleep in the futex.
 */
export interface Plan {
  readonly format: 1;
  /** The specification, as a path below spec/ without its ending. */
  readonly spec: string;
  /** The sha256 of everything that the plan was made from. */
  readonly source: string;
  readonly readers: number;
  readonly cells: number;
  /** The names of a state's entries, in their order. */
  readonly words: readonly string[];
  /** Step names by id; 0 is "Idle". */
  readonly steps: readonly string[];
  readonly states: readonly (readonly number[])[];
  readonly paths: readonly PlanPath[];
}

/** `atT` of a thread between operations. */
export const IDLE = 0;
/** `atT` of the updater while it sleeps in the futex. */
export const ASLEEP = -1;
