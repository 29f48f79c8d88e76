/** One path: the index of its first state, and its moves, flattened: thread, step id, index of the state after it. */
export interface PlanPath {
  readonly start: number;
  readonly moves: readonly number[];
}

/**
 * What a replay driver follows: the paths of a step-level specification's state graph, in whole numbers only. Thread 0
 * is the updater, threads 1..readers are the readers. `words` names the entries of a state; see words.ts.
 */
export interface Plan {
  readonly format: 1;
  /** The specification, as a path below spec/ without its ending. */
  readonly spec: string;
  /** sha256 of all that the plan was made from. */
  readonly source: string;
  readonly readers: number;
  readonly cells: number;
  readonly words: readonly string[];
  /** Step names by id; 0 is "Idle". */
  readonly steps: readonly string[];
  readonly states: readonly (readonly number[])[];
  readonly paths: readonly PlanPath[];
}
