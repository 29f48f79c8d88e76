/*
 * The cells of the stress test, in shared memory: a cell is a stamp and its complement while it is live, and
 * poison in both words once it is reclaimed. So whoever reads a cell can tell whether it was reclaimed or
 * half filled.
 */
const CELL_WORDS = 3;
const POISON = 0x5eadbeef;

export class Cells {
  constructor(readonly words: Int32Array) {}

  static create(count: number): Cells {
    const cells = new Cells(
      new Int32Array(new SharedArrayBuffer(count * CELL_WORDS * Int32Array.BYTES_PER_ELEMENT)),
    );
    for (let cell = 0; cell < count; cell++) cells.poison(cell);
    return cells;
  }

  get count(): number {
    return this.words.length / CELL_WORDS;
  }

  /** A cell that nobody uses, now ours. There must be more cells than updates in flight. */
  take(): number {
    for (let cell = 0; ; cell = (cell + 1) % this.count) {
      if (Atomics.compareExchange(this.words, cell * CELL_WORDS + 2, 0, 1) === 0) return cell;
    }
  }

  fill(cell: number, stamp: number): void {
    this.words[cell * CELL_WORDS] = stamp;
    this.words[cell * CELL_WORDS + 1] = ~stamp;
  }

  poison(cell: number): void {
    this.words[cell * CELL_WORDS] = POISON;
    this.words[cell * CELL_WORDS + 1] = POISON;
  }

  giveBack(cell: number): void {
    Atomics.store(this.words, cell * CELL_WORDS + 2, 0);
  }

  /** Read with Atomics so that the compiler reads it every time. */
  isLive(cell: number): boolean {
    const stamp = Atomics.load(this.words, cell * CELL_WORDS);
    return stamp === ~Atomics.load(this.words, cell * CELL_WORDS + 1);
  }
}

/** What the threads of a stress test count and tell each other, each on a line of its own. */
export const Tally = {
  stop: 0,
  ready: 1,
  updates: 16,
  sections: 32,
  uses: 48,
  violations: 64,
  words: 80,
} as const;
