import { MisuseError } from "./errors.js";
import { announcedLong, GP_LONG, ownerWord, WAITING_WORD, type Words } from "./layout.js";
import { fence_a, fence_b, fence_c } from "./letters.js";
import type { SharedPointer } from "./pointer.js";
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
  private readonly announced: number;
  private readonly base: number;
  private depth = 0;
  private registered = true;

  /** @internal use `domain.register()` */
  constructor(
    protected readonly words: Words,
    /** Which slot of the domain it has claimed, from 1. */
    readonly slot: number,
    protected readonly step: StepHook | null,
    private readonly onUnregister: (reader: Reader) => void,
  ) {
    this.announced = announcedLong(slot);
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
    if (this.words.longs[this.announced] === 0n) {
      this.announce(this.loadGp());
      fence_a();
      return ((this.base + depth) * 2 + OUTERMOST) as Token;
    }
    this.lockNested();
    return ((this.base + depth) * 2) as Token;
  }

  /**
   * Closes the section that this token was given for, and wakes the updater if one is waiting.
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
    fence_b();
    this.endAnnouncement();
    fence_c();
    this.wakeUpdater();
  }

  /** The cell published at the pointer. It stays unreclaimed until the section that is open now is closed. */
  dereference(pointer: SharedPointer): number {
    if (this.step !== null) this.step("Dereference");
    return Atomics.load(pointer.words, pointer.index);
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
    this.giveBackSlot();
    this.registered = false;
    this.onUnregister(this);
  }

  protected loadGp(): bigint {
    if (this.step !== null) this.step("LoadGp");
    return Atomics.load(this.words.longs, GP_LONG);
  }

  protected announce(number: bigint): void {
    if (this.step !== null) this.step("Announce");
    Atomics.store(this.words.longs, this.announced, number);
  }

  /** Nothing is stored: the outermost section's announcement covers this one. */
  protected lockNested(): void {
    if (this.step !== null) this.step("LockNested");
  }

  protected unlockNested(): void {
    if (this.step !== null) this.step("UnlockNested");
  }

  protected endAnnouncement(): void {
    if (this.step !== null) this.step("Unlock");
    Atomics.store(this.words.longs, this.announced, 0n);
  }

  protected wakeUpdater(): void {
    if (this.step !== null) this.step("LoadWaiting");
    if (Atomics.load(this.words.ints, WAITING_WORD) === 0) return;
    this.clearWaiting();
    this.wake();
  }

  protected clearWaiting(): void {
    if (this.step !== null) this.step("ClearWaiting");
    Atomics.store(this.words.ints, WAITING_WORD, 0);
  }

  protected wake(): void {
    if (this.step !== null) this.step("Wake");
    Atomics.notify(this.words.ints, WAITING_WORD);
  }

  protected giveBackSlot(): void {
    if (this.step !== null) this.step("Unregister");
    Atomics.store(this.words.ints, ownerWord(this.slot), 0);
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
