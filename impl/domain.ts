import { threadId } from "node:worker_threads";
import { DomainFullError, MisuseError } from "./errors.js";
import { attachWords, createWords, HEAD_WORD, WAITING_WORD, type Words } from "./layout.js";
import { SharedPointer } from "./pointer.js";
import type { Reader } from "./reader.js";
import { REFERENCE, type Sides } from "./sides.js";
import type { Slots } from "./slots.js";
import type { StepHook } from "./step-hook.js";
import type { Updater } from "./updater.js";
import { run, runAsync } from "./waiting.js";

export interface DomainOptions {
  /** Called before each step; see `StepHook`. None by default. */
  readonly step?: StepHook;
  /**
   * The owner id under which this object claims slots: a positive 31-bit number, by default the thread's
   * `threadId` + 1. See `abandon`.
   */
  readonly owner?: number;
  /** For mutants; the reference algorithm by default. */
  readonly sides?: Sides;
}

/**
 * An RCU domain in shared memory: readers that mark their sections, and updaters that wait until every
 * section that was open has been closed. Pass `buffer` to another thread and `Domain.attach` it there.
 *
 * A thread that ends without unregistering keeps its slot; if it ended inside a section, grace periods wait
 * for it for ever. Whoever sees the thread end (the `exit` event of a `Worker`) gives its slots back with
 * `abandon`.
 */
export class Domain {
  /** A pointer that comes with the domain; others can be anywhere in shared memory, see `SharedPointer`. */
  readonly head: SharedPointer;
  private readonly updater: Updater;
  private readonly slots: Slots;
  private readonly readers = new Set<Reader>();
  private readonly owner: number;
  private readonly step: StepHook | null;
  private readonly sides: Sides;

  private constructor(
    private readonly words: Words,
    options: DomainOptions,
  ) {
    this.owner = checkedOwner(options.owner ?? threadId + 1);
    this.step = options.step ?? null;
    this.sides = options.sides ?? REFERENCE;
    this.updater = new this.sides.Updater(words, this.owner, this.step);
    this.slots = new this.sides.Slots(words, this.step);
    this.head = new SharedPointer(words.ints, HEAD_WORD);
  }

  /**
   * A new domain.
   * @param options.capacity how many readers can be registered at a time, 1 to 65,536; a grace period looks
   * at every one
   * @throws BadBufferError if the capacity is out of range
   */
  static create(options: DomainOptions & { readonly capacity: number }): Domain {
    return new Domain(createWords(options.capacity), options);
  }

  /**
   * The domain that another thread created.
   * @param buffer that thread's `domain.buffer`
   * @throws BadBufferError if the buffer is not a domain's, or has another version of the layout
   */
  static attach(buffer: SharedArrayBuffer, options: DomainOptions = {}): Domain {
    return new Domain(attachWords(buffer, options.sides?.isVersion), options);
  }

  /** The shared memory of the domain; see layout.ts. */
  get buffer(): SharedArrayBuffer {
    return this.words.ints.buffer as SharedArrayBuffer;
  }

  get capacity(): number {
    return this.words.capacity;
  }

  /**
   * Claims the lowest free slot. May be called at any time, even during a grace period.
   * @throws DomainFullError if no slot is free
   */
  register(): Reader {
    const slot = this.slots.claimLowest(this.owner);
    if (slot === null) throw new DomainFullError(this.words.capacity);
    const reader = new this.sides.Reader(this.words, slot, this.step, (gone) => this.readers.delete(gone));
    this.readers.add(reader);
    return reader;
  }

  /**
   * Waits for a grace period: blocks until every section that was open when it was called is closed. Not for
   * the main thread of a web page, which may not block: see `synchronizeAsync`.
   * @throws MisuseError "synchronize-in-section" if a reader of this object is in a section, which would wait
   * for itself
   */
  synchronize(): void {
    this.assertOutside("synchronize");
    run(this.updater.synchronize());
  }

  /**
   * Waits for a grace period without blocking the thread. Sections of this thread may be open, and delay it.
   */
  synchronizeAsync(): Promise<void> {
    return runAsync(this.updater.synchronize());
  }

  /**
   * Publishes a cell, waits for a grace period (blocking), and hands the cell that was there before to
   * `reclaim`. Threads that replace the same pointer at the same time get different cells to reclaim: each
   * is handed over once.
   * @param cell index of a cell that is filled already
   * @throws MisuseError "synchronize-in-section", before anything is published
   */
  replace(pointer: SharedPointer, cell: number, reclaim: (old: number) => void): void {
    this.assertOutside("replace");
    run(this.updater.replace(pointer, cell, reclaim));
  }

  /** As `replace`, without blocking the thread. */
  replaceAsync(pointer: SharedPointer, cell: number, reclaim: (old: number) => void): Promise<void> {
    return runAsync(this.updater.replace(pointer, cell, reclaim));
  }

  /**
   * Gives back what a dead thread has left: its slots, its open sections, and the updaters' lock if it died
   * in a grace period (what it was about to reclaim is lost). Call it only if you know that the thread has
   * ended: with a live one this is a use after free. Several threads may call it at the same time.
   * @param owner the `owner` of that thread's Domain objects, by default its `threadId` + 1
   * @returns how many slots were given back
   */
  abandon(owner: number): number {
    checkedOwner(owner);
    const given = this.slots.abandon(owner, this.owner);
    this.updater.abandonLock(owner);
    if (Atomics.exchange(this.words.ints, WAITING_WORD, 0) === 1)
      Atomics.notify(this.words.ints, WAITING_WORD);
    return given;
  }

  private assertOutside(call: string): void {
    for (const reader of this.readers) {
      if (reader.inSection) {
        throw new MisuseError(
          "synchronize-in-section",
          `${call}() while the reader in slot ${reader.slot}, of the same thread, is in a section: ` +
            "it would wait for itself. Unlock first.",
        );
      }
    }
  }
}

function checkedOwner(owner: number): number {
  if (Number.isInteger(owner) && owner > 0 && owner < 2 ** 31) return owner;
  throw new MisuseError("bad-owner", `an owner must be a whole number from 1 to 2^31 - 1, not ${owner}.`);
}
