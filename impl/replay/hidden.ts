import { GP_WORD, HEAD_WORD, type Words } from "../layout.js";

/**
 * The number of a path's first grace period: near where 32 bits change their sign, or where they come to 0, in turns, so
 * that every path crosses one of them, and a number that is compared by less than its difference shows immediately.
 */
export function firstNumber(path: number): number {
  return path % 2 === 0 ? 2 ** 31 - 1 : -1;
}

/** How often the doorbell has rung before a path: so often that the next ring changes the sign. */
export const RUNG = 2 ** 31 - 1;

/** No thread of a plan is so far: neither a number nor a cell. */
const FAR = 2 ** 29;

/**
 * What an operation reads before its first step point does not count as the step's read. Only the thread that has the
 * turn runs then, so the words that others write are hidden until it comes to that point.
 */
export class Hidden {
  private gp: number | null = null;
  private head = 0;

  constructor(private readonly words: Words) {}

  hide(): void {
    const { ints } = this.words;
    // An older number: a newer one would be noticed, and put right, when it is announced.
    this.gp = Atomics.sub(ints, GP_WORD, FAR);
    this.head = Atomics.exchange(ints, HEAD_WORD, FAR);
  }

  show(): void {
    if (this.gp === null) return;
    Atomics.store(this.words.ints, GP_WORD, this.gp);
    Atomics.store(this.words.ints, HEAD_WORD, this.head);
    this.gp = null;
  }
}
