/** Why a run ended before all was done; undefined for one that went through. */
export type EndedEarly = "interrupted" | "time limit";

/** For a person: how a sentence begins that says what there is all the same. */
export function endedText(ended: EndedEarly): string {
  return ended === "interrupted" ? "Interrupted" : "The time limit is over";
}

/** A signal for work that may be interrupted and may have a time limit as a whole, and which of the two ended it. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Undefined as long as neither has. */
  readonly ended: () => EndedEarly | undefined;
}

/** Joins the signal of Ctrl-C with a time limit, if there is one. */
export function withTimeLimit(interrupt: AbortSignal, seconds: number | undefined): Deadline {
  const limit = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1000);
  return {
    signal: limit === undefined ? interrupt : AbortSignal.any([interrupt, limit]),
    ended: () => (interrupt.aborted ? "interrupted" : limit?.aborted ? "time limit" : undefined),
  };
}

/**
 * The result of some work; undefined when the signal ended it, so that the caller can report what it has gathered so
 * far. Whatever fails once the signal is aborted fails because of it.
 */
export async function unlessInterrupted<T>(
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
