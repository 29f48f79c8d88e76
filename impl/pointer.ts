import { MisuseError } from "./errors.js";

/**
 * An RCU-protected pointer: one 32-bit word of shared memory that holds the index of a cell. What a cell is,
 * and where it lies, is the user's business; 0 is the value of fresh memory.
 */
export class SharedPointer {
  /** The memory that it lies in, and where, in bytes. */
  readonly buffer: SharedArrayBuffer;
  readonly address: number;

  /**
   * @param words a view of shared memory: a SharedArrayBuffer, or best the domain's `room`, which is fastest
   * @param index which word of it is the pointer
   * @throws MisuseError if the memory is not shared or the index is outside of it
   */
  constructor(
    readonly words: Int32Array,
    readonly index: number,
  ) {
    const { buffer } = words;
    if (!(buffer instanceof SharedArrayBuffer)) {
      throw new MisuseError("bad-pointer", "SharedPointer: the words must lie in a SharedArrayBuffer.");
    }
    if (!Number.isInteger(index) || index < 0 || index >= words.length) {
      throw new MisuseError(
        "bad-pointer",
        `SharedPointer: no word ${index} in a view of ${words.length} words.`,
      );
    }
    this.buffer = buffer;
    this.address = words.byteOffset + index * words.BYTES_PER_ELEMENT;
  }
}
