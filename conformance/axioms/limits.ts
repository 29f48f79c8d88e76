/** The axioms do not decide a test: it is too large, or has something that they lack. */
export class GivenUp extends Error {}

/** How far a search may go. */
export interface Budget {
  /** Called at each step; throws GivenUp when it is enough. */
  readonly step: () => void;
  /** How many steps there were. */
  readonly steps: () => number;
}

/** A budget of time. The clock is looked at now and then, since that takes longer than a step. */
export function budgetOf(milliseconds: number, now: () => number = () => performance.now()): Budget {
  const end = now() + milliseconds;
  let steps = 0;
  return {
    step: () => {
      if (++steps % 64 === 0 && now() > end)
        throw new GivenUp(`the axioms do not decide it within ${milliseconds / 1000} s`);
    },
    steps: () => steps,
  };
}
