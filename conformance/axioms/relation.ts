/**
 * A relation that has no circle, closed under transitivity: what must come before what. It grows edge by edge, and says
 * so if an edge would make a circle.
 */
export class Before {
  readonly #size: number;
  readonly #words: number;
  /** Row a: all that is after a; then, for each b, all that is before b. One bit each. */
  readonly #after: Int32Array;
  readonly #before: Int32Array;
  /** How many edges were added that said something new. */
  changes = 0;

  constructor(size: number, from?: Before) {
    this.#size = size;
    this.#words = (size + 31) >> 5;
    this.#after = from === undefined ? new Int32Array(size * this.#words) : from.#after.slice();
    this.#before = from === undefined ? new Int32Array(size * this.#words) : from.#before.slice();
  }

  copy(): Before {
    return new Before(this.#size, this);
  }

  has(a: number, b: number): boolean {
    return (((this.#after[a * this.#words + (b >> 5)] as number) >>> (b & 31)) & 1) === 1;
  }

  /** Puts a before b; false if b is before a, or is a. */
  add(a: number, b: number): boolean {
    if (a === b || this.has(b, a)) return false;
    if (this.has(a, b)) return true;
    this.changes++;
    const [size, words, after, before] = [this.#size, this.#words, this.#after, this.#before];
    for (let p = 0; p < size; p++) {
      if (p !== a && !this.has(p, a)) continue;
      for (let w = 0; w < words; w++) (after[p * words + w] as number) |= after[b * words + w] as number;
      (after[p * words + (b >> 5)] as number) |= 1 << (b & 31);
    }
    for (let s = 0; s < size; s++) {
      if (s !== b && !this.has(b, s)) continue;
      for (let w = 0; w < words; w++) (before[s * words + w] as number) |= before[a * words + w] as number;
      (before[s * words + (a >> 5)] as number) |= 1 << (a & 31);
    }
    return true;
  }

  /** Is everything before n already in a set of bits? */
  allBeforeIn(n: number, done: Int32Array): boolean {
    const words = this.#words;
    for (let w = 0; w < words; w++)
      if (((this.#before[n * words + w] as number) & ~(done[w] as number)) !== 0) return false;
    return true;
  }

  /** An empty set of bits of the right size. */
  none(): Int32Array {
    return new Int32Array(this.#words);
  }
}
