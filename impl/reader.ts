import { MisuseError } from "./errors.js";
import { announcedWord, noticeWord, WORD_BYTES, type Words } from "./layout.js";
import type { SharedPointer } from "./pointer.js";
import type { ReadSide } from "./read-side.js";
import type { StepHook } from "./step-hook.js";

declare const token: unique symbol;
/**
 * What `lock` returns and `unlock` takes back. Bit 0: whether the section is the outermost one; above it, its
 * depth and its reader.
 */
export type Token = number & { readonly [token]: true };

const OUTERMOST = 1;
/** Depths up to this count are told apart in a token. */
const DEPTHS = 1 << 12;
/**
 * Tokens must stay small integers (31 bits) to cost nothing: two readers' tokens agree only if this many lie
 * between them.
 */
const READERS = 1 << 16;
let created = 0;

/**
 * A thread's place in a domain, from `domain.register()`. It belongs to the thread that registered it, and
 * its sections must close in the reverse order of their opening. A section must not contain an `await`: other
 * code of the thread would run inside of it.
 */
export class Reader {
  private readonly ints: Int32Array;
  private readonly buffer: SharedArrayBuffer;
  /** Where it announces: the index of the word, and its address in bytes. */
  private readonly announced: number;
  private readonly address: number;
  private readonly base: number;
  private depth = 0;
  private registered = true;

  /** @internal use `domain.register()` */
  constructor(
    protected readonly words: Words,
    /** Which slot of the domain it has claimed, from 1. */
    readonly slot: number,
    private readonly side: ReadSide,
    protected readonly step: StepHook | null,
    private readonly onUnregister: (reader: Reader) => void,
  ) {
    this.ints = words.ints;
    this.buffer = words.memory.buffer;
    this.announced = announcedWord(slot);
    this.address = this.announced * WORD_BYTES;
    this.base = (created++ % READERS) * DEPTHS;
  }

  /** Whether a section of this reader is open. */
  get inSection(): boolean {
    return this.depth !== 0;
  }

  /**
   * Opens a read-side section, which may nest. What was published before it was opened, or is published while
   * it is open, is not reclaimed until it is closed.
   * @returns the token that `unlock` takes back
   * @throws MisuseError "unregistered"
   */
  lock(): Token {
    if (!this.registered) throw unregistered("lock");
    const depth = ++this.depth;
    // Nobody else writes there, so a plain load will do.
    if (this.ints[this.announced] === 0) {
      this.side.lock(this.address);
      return ((this.base + depth) * 2 + OUTERMOST) as Token;
    }
    this.lockNested();
    return ((this.base + depth) * 2) as Token;
  }

  /**
   * Closes the section that this token was given for, and wakes the leading updater if it waits for this reader.
   * @throws MisuseError "unlock-without-lock", "wrong-token" (of another reader, or not of the innermost
   * section), "unregistered"
   */
  unlock(section: Token): void {
    if (section >> 1 !== this.base + this.depth || this.depth === 0) throw this.misusedToken();
    this.depth--;
    if ((section & OUTERMOST) === 0) {
      this.unlockNested();
      return;
    }
    if (this.side.unlock(this.address) !== 0) this.heedNotice();
  }

  /**
   * The cell published at the pointer. It stays unreclaimed until the section that is open now is closed. A pointer in
   * the domain's own memory (its head, or one in its room) is four times as fast as one elsewhere.
   */
  dereference(pointer: SharedPointer): number {
    if (this.step !== null) this.step("Dereference");
    return pointer.buffer === this.buffer
      ? this.side.load(pointer.address)
      : Atomics.load(pointer.words, pointer.index);
  }

  /**
   * Gives the slot back. The reader cannot be used any more.
   * @throws MisuseError "section-open", "unregistered"
   */
  unregister(): void {
    if (!this.registered) throw unregistered("unregister");
    if (this.depth !== 0) {
      throw new MisuseError(
        "section-open",
        `reader in slot ${this.slot}: unregister() inside of ${this.depth} open section(s). Unlock first.`,
      );
    }
    this.registered = false;
    this.onUnregister(this);
  }

  /** Nothing is stored: the outermost section's announcement covers this one. */
  protected lockNested(): void {
    if (this.step !== null) this.step("LockNested");
  }

  protected unlockNested(): void {
    if (this.step !== null) this.step("UnlockNested");
  }

  /** The leader waits for this reader, which has left: it alone has to wake it. */
  protected heedNotice(): void {
    this.takeNotice();
    this.wake();
  }

  protected takeNotice(): void {
    if (this.step !== null) this.step("TakeNotice");
    Atomics.store(this.ints, noticeWord(this.slot), 0);
  }

  protected wake(): void {
    if (this.step !== null) this.step("Wake");
    Atomics.notify(this.ints, noticeWord(this.slot));
  }

  private misusedToken(): MisuseError {
    if (!this.registered) return unregistered("unlock");
    if (this.depth === 0) {
      return new MisuseError(
        "unlock-without-lock",
        `reader in slot ${this.slot}: unlock() without an open section. Unlock once for each lock.`,
      );
    }
    return new MisuseError(
      "wrong-token",
      `reader in slot ${this.slot}: unlock() with a token that is not of its innermost open section ` +
        `(depth ${this.depth}). ` +
        "Give back this reader's tokens in reverse order.",
    );
  }
}

function unregistered(call: string): MisuseError {
  return new MisuseError(
    "unregistered",
    `${call}() on a reader that was unregistered. Take a new one from domain.register().`,
  );
}
