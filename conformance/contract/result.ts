import type { Json } from "./json.js";

/**
 * How an implementation can fail to follow its specification:
 *
 * - `state` what can be seen of it differs from every state that the specification could be in
 * - `step` a thread came to another step than the specification's
 * - `refused` it refuses a step that the specification allows
 * - `taken` it takes a step that the specification does not allow
 * - `unmapped` its driver does not know the step
 * - `not-blocked` a thread that sleeps in the specification runs
 * - `use-after-free` it used what had been freed
 * - `call` it called the kernel in another way than its specification has it
 * - `hang` it does not answer, or what must happen by itself does not happen; `crash` its process died
 * - `driver` the driver itself said that something is wrong, or broke the protocol
 */
export type FailureKind =
  | "state"
  | "step"
  | "refused"
  | "taken"
  | "unmapped"
  | "not-blocked"
  | "use-after-free"
  | "call"
  | "hang"
  | "crash"
  | "driver";

/** A word of the state that differs from the plan. */
export interface DifferentWord {
  readonly name: string;
  readonly expected: Json;
  readonly actual: Json;
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
  readonly lane: number;
  /** The step, with its parameters; "" where `move` is not a move of the path. */
  readonly step: string;
  /** What happened, for a person. */
  readonly message: string;
  readonly words?: readonly DifferentWord[];
  /** The edges of its path, where that is no path of the plan. */
  readonly along?: readonly number[];
  /** Its path is one of the walks beyond those of the plan. */
  readonly walk?: true;
  /** The state that its path begins in, where the path has no edge that would say so. */
  readonly start?: number;
  /** The step that was asked for in vain before the move; `lane` and `step` are its own. */
  readonly probe?: { readonly lane: number; readonly step: number };
}

/** What a replay has done, up to its end or its first failure. */
export interface ReplayResult {
  /** Paths driven to their end. */
  readonly paths: number;
  /** Steps performed, with the state as planned. */
  readonly steps: number;
  /**
   * How often the implementation was asked for what the specification doesn't allow: a thread that sleeps was probed and
   * found blocked, or a step was refused.
   */
  readonly probes: number;
  /** Steps on walks beyond the paths, for what an implementation has in it and does not show. */
  readonly wandered?: number;
  /** Paths that were left, since the implementation did something else that the specification allows, too. */
  readonly left?: number;
  /** Edges that were taken, where paths were left: the others lie behind choices that it did not make. */
  readonly taken?: number;
  /** Edges that it could have taken there, and never did: the specification's freedom, which it doesn't use. */
  readonly declined?: number;
  /** Edges that nobody has taken, although no such choice stands in the way. */
  readonly untaken?: number;
  /** Words of the contract that the driver never showed: they were not compared. */
  readonly unseen?: readonly string[];
  /** Seconds from the first step of the first process to the last of the last, without starting them. */
  readonly seconds: number;
  readonly failure?: ReplayFailure;
  /** Why it went no further, although nothing was certainly wrong: a clause that follows "but". */
  readonly astray?: string;
  /** It was ended before it had driven all paths. */
  readonly interrupted?: true;
}
