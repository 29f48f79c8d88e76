import type { DifferentWord, FailureKind } from "../../conformance/contract/result.js";

/** A failure as the thread that found it reports it, before it is put into words of the plan. */
export interface FoundFailure {
  readonly kind: FailureKind;
  readonly path: number;
  readonly move: number;
  readonly thread: number;
  /** Step id. */
  readonly step: number;
  readonly message: string;
  readonly words?: readonly DifferentWord[];
}

/** Thrown through the library's frames to end a thread's part in the replay. */
export class ReplayStopped extends Error {
  constructor(readonly failure: FoundFailure) {
    super(failure.message);
  }
}
