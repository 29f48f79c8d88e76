/** A ring of bounded size. */
export class Queue {
  readonly #ring: number[];
  #first = 0;
  #length = 0;

  constructor(readonly capacity: number) {
    this.#ring = new Array<number>(capacity).fill(0);
  }

  /** False: it is full. */
  put(value: number): boolean {
    if (this.#length === this.capacity) return false;
    this.#ring[(this.#first + this.#length) % this.capacity] = value;
    this.#length++;
    return true;
  }

  /** Undefined: it is empty. */
  get(): number | undefined {
    if (this.#length === 0) return undefined;
    const value = this.#ring[this.#first];
    this.#first = (this.#first + 1) % this.capacity;
    this.#length--;
    return value;
  }

  /** What is in it, the oldest first. */
  items(): number[] {
    return Array.from({ length: this.#length }, (_, i) => this.#ring[(this.#first + i) % this.capacity] ?? 0);
  }
}
