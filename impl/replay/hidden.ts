import { GP_LONG, HEAD_WORD, type Words } from "../layout.js";

/**
 * The number that replay adds to those of the grace periods: near the end of 32 bits, so that every path crosses it, and
 * a number that is kept or compared in fewer than 64 bits shows immediately.
 */
export const NUMBER_BASE = 2n ** 32n - 2n;

/** No thread of a plan is so far: neither a number nor a cell. */
const FAR = 1 << 30;

/**
 * What an operation reads before its first step point does not count as the step's read. Only the thread that has the
 * turn runs then, so the words that others write are hidden until it comes to that point.
 */
export class Hidden {
  private gp: bigint | null = null;
  private head = 0;

  constructor(private readonly words: Words) {}

  hide(): void {
    const { longs, ints } = this.words;
    this.gp = Atomics.add(longs, GP_LONG, BigInt(FAR));
    this.head = Atomics.exchange(ints, HEAD_WORD, FAR);
  }

  show(): void {
    if (this.gp === null) return;
    Atomics.store(this.words.longs, GP_LONG, this.gp);
    Atomics.store(this.words.ints, HEAD_WORD, this.head);
    this.gp = null;
  }
}
