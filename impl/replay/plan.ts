import type { Step } from "../generated/steps.js";

/**
 * What replay consumes: walks through the spec's state graph, as written by conformance (format 1). Step id =
 * index in `steps`, thread 0 = the updater, 1 to `readers` = the readers.
 */
export interface Plan {
  readonly format: 1;
  /** The module that the paths were made from. */
  readonly spec: string;
  /** Content hash of what they were made from. */
  readonly source: string;
  readonly readers: number;
  readonly cells: number;
  /**
   * What the numbers of a state vector are: gp, waiting, head, cellK, announcedS, ownerS, slotR, heldR, atT.
   */
  readonly words: readonly string[];
  readonly steps: readonly string[];
  readonly states: readonly (readonly number[])[];
  readonly paths: readonly PlanPath[];
}

export interface PlanPath {
  /** Index of the state it begins in. */
  readonly start: number;
  /** Flat triples: thread, step id, index of the state after the step. */
  readonly moves: readonly number[];
}

/** `at` of a thread between operations. */
export const IDLE = 0;
/** `at` of the updater while it sleeps. */
export const ASLEEP = -1;

/** The steps that begin an operation, by who performs it. */
export const BEGINS: { readonly reader: readonly Step[]; readonly updater: readonly Step[] } = {
  reader: ["Register", "Unregister", "LoadGp", "LockNested", "Dereference", "Use", "Unlock", "UnlockNested"],
  updater: ["Initialise", "Publish"],
};

export type FailureKind =
  | "state"
  | "step"
  | "use-after-free"
  | "not-blocked"
  | "hang"
  | "crash"
  | "membarrier";

export interface WordMismatch {
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
   * Index of the move in the path; -1 before its first, their number while the threads leave after its last.
   */
  readonly move: number;
  readonly thread: number;
  /** Name of the step; "" where `move` is none of the path. */
  readonly step: string;
  /** What happened, for a person. */
  readonly message: string;
  /** The words of the state vector that were not as planned. */
  readonly words?: readonly WordMismatch[];
}

export interface ReplayResult {
  /** Paths replayed to their end. */
  readonly paths: number;
  /** Steps taken and found as planned. */
  readonly steps: number;
  /** How many times a sleeping updater was asked for and found still blocked. */
  readonly probes: number;
  /** Wall time of replaying, without starting processes and threads. */
  readonly seconds: number;
  readonly failure?: ReplayFailure;
}
