/** How many parts a limit has. */
const PARTS = 8;

/**
 * A limit to how long something may be silent. Only time in which we could have heard it counts: a process that was
 * stopped as a whole, or got no processor, finds its timers over before it has read what came meanwhile. So the limit
 * has parts, each begins when the last one is over, and such a pause is one of them, however long it was.
 */
export class Patience {
  #timer: NodeJS.Timeout | undefined;
  #over = 0;

  /**
   * @param limitMs how long it may be silent, in milliseconds; up to an eighth more before that is noticed
   * @param onOver called once when it has been for so long
   */
  constructor(
    private readonly limitMs: number,
    private readonly onOver: () => void,
  ) {}

  /** Something is waited for, or has been heard: from now on it has the whole limit. */
  begin(): void {
    this.#over = 0;
    this.#timer ??= setInterval(() => {
      // The first part may have begun before the limit did.
      if (++this.#over <= PARTS) return;
      this.end();
      this.onOver();
    }, this.limitMs / PARTS);
  }

  /** Nothing is waited for any more. */
  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
