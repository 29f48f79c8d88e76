/**
 * One path of a plan: the index of its first state, and its moves, flattened: thread, step id, index of the state
 * afterwards.
 */
export interface PlanPath {
  readonly start: number;
  readonly moves: readonly number[];
}

/**
 * What a replay driver follows: the paths of a step-level specification's state graph, in whole numbers only. Threads
 * are numbered as in the specification: first the updaters, from 0, then the readers.
 *
 * The words of a state, in the order of words.ts. Numbers of grace periods are relative, since the graph comes back to
 * where it was after each update:
 *
 * - `gp` the current grace period, less the raises of the path so far: always 1; `begun` how many have begun since, 0 or
 *   1; `ended` how many of those up to gp have yet to end, 0 or 1
 * - `leader` 1 while an updater leads; `doorbell` the followers' futex word, less the rings of the path so far: always 0;
 *   `sleepers` how many followers sleep or are about to
 * - `registered` how many readers are; `used` the highest slot ever claimed; `head` the cell that is published
 * - `cellK` 0 empty, 1 live, 2 freed
 * - of slot S, from 1: `announcedS` the age of its announcement (0 none, 1 older than gp, 2 as young, 3 younger, which
 *   the specification never has), `noticeS` its futex word, `ownerS` the thread that claimed it (0: none)
 * - of reader thread T: `slotT` (0: not registered), `heldT` the cell that it holds a pointer to (-1: none)
 * - of updater thread T: `mineT` the cell that it has filled, or replaced and not yet freed (-1: none)
 * - of each thread T: `atT` the step that comes next, 0 between operations, -1 asleep in a futex
 */
export interface Plan {
  readonly format: 2;
  /** The specification, as a path below spec/ without its ending. */
  readonly spec: string;
  /** The sha256 of everything that the plan was made from. */
  readonly source: string;
  readonly updaters: number;
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
/** `atT` of an updater while it sleeps in a futex. */
export const ASLEEP = -1;

/** A thread for a person; updaters have numbers only where there are several. */
export function threadName({ updaters }: Pick<Plan, "updaters">, thread: number): string {
  if (thread >= updaters) return `reader ${thread}`;
  return updaters === 1 ? "updater" : `updater ${thread}`;
}
