/** How a replay can fail. */
export type FailureKind =
  | "state"
  | "step"
  | "use-after-free"
  | "not-blocked"
  | "hang"
  | "crash"
  | "membarrier";

/** A word of the state that differs from the plan. */
export interface DifferentWord {
  readonly name: string;
  readonly expected: number;
  readonly actual: number;
}

/** Where a replay went wrong. */
export interface ReplayFailure {
  readonly kind: FailureKind;
  /** Index of the path in the plan. */
  readonly path: number;
  /**
   * Index of the move in the path; -1 before the first, the number of moves while the target comes to rest after the
   * last.
   */
  readonly move: number;
  readonly thread: number;
  /** Name of the step; "" where `move` is not a move of the path. */
  readonly step: string;
  /** What happened, for a person. */
  readonly message: string;
  readonly words?: readonly DifferentWord[];
}

/** What a replay has done, up to its end or its first failure. */
export interface ReplayResult {
  /** Paths driven to their end. */
  readonly paths: number;
  /** Steps performed, with the state as planned. */
  readonly steps: number;
  /** How often a thread that sleeps in the plan was probed and found blocked in the futex. */
  readonly probes: number;
  /** Seconds from the first step of the first process to the last of the last, without starting them. */
  readonly seconds: number;
  readonly failure?: ReplayFailure;
}
