import { threadId } from "node:worker_threads";
import { DomainFullError, MisuseError } from "./errors.js";
import { attachWords, createWords, HEAD_WORD, roomWord, WORD_BYTES, type Words } from "./layout.js";
import { SharedPointer } from "./pointer.js";
import { type ReadSide, readSideOf } from "./read-side.js";
import type { Reader } from "./reader.js";
import { REFERENCE, type Sides } from "./sides.js";
import type { Slots } from "./slots.js";
import type { StepHook } from "./step-hook.js";
import type { Updater } from "./updater.js";
import { run, runAsync, type Wait } from "./waiting.js";
import type { SharedMemory } from "./wasm.js";

export interface DomainOptions {
  /** Called before each step; see `StepHook`. None by default. */
  readonly step?: StepHook;
  /**
   * The owner id under which this object claims slots: a positive 31-bit number, by default the thread's
   * `threadId` + 1. See `abandon`.
   */
  readonly owner?: number;
  /**
   * After how long an updater that sleeps looks again by itself, in milliseconds; 100 by default. It is woken when what it
   * waits for happens; this is for the case that the thread that has to wake it is held up, or has died.
   */
  readonly sleepLimitMs?: number;
  /** How the blocking calls sleep; `Atomics.wait` by default. For drivers. */
  readonly wait?: Wait;
  /** For mutants; the reference algorithm by default. */
  readonly sides?: Sides;
}

const SLEEP_LIMIT_MS = 100;

/**
 * An RCU domain in shared memory: readers that mark their sections, and updaters that wait until every
 * section that was open has been closed. Pass `memory` to another thread and `Domain.attach` it there.
 *
 * A section costs about twice an `Atomics.load` (bench/) in a thread that reads in one domain; in one that reads in several
 * V8 calls WebAssembly by a slower way, and it costs about as much as with calls of `Atomics`.
 *
 * A thread that ends without unregistering keeps its slot; if it ended inside a section, grace periods wait
 * for it for ever. Whoever sees the thread end (the `exit` event of a `Worker`) gives its slots back with
 * `abandon`.
 */
export class Domain {
  /** A pointer that comes with the domain; others can be anywhere in shared memory, see `SharedPointer`. */
  readonly head: SharedPointer;
  /** The program's own memory in the domain; see `Domain.create`. */
  readonly room: Int32Array;
  private readonly updater: Updater;
  private readonly readSide: ReadSide;
  private readonly slots: Slots;
  private readonly readers = new Set<Reader>();
  private readonly owner: number;
  private readonly step: StepHook | null;
  private readonly sides: Sides;
  private readonly wait: Wait | undefined;

  private constructor(
    private readonly words: Words,
    options: DomainOptions,
  ) {
    this.owner = checkedOwner(options.owner ?? threadId + 1);
    this.step = options.step ?? null;
    this.sides = options.sides ?? REFERENCE;
    this.wait = options.wait;
    const limitMs = options.sleepLimitMs ?? SLEEP_LIMIT_MS;
    this.updater = new this.sides.Updater(words, this.owner, this.step, limitMs);
    this.readSide = readSideOf(words, this.step, this.sides.ReadSideCode);
    this.slots = new this.sides.Slots(words, this.step);
    this.head = new SharedPointer(words.ints, HEAD_WORD);
    this.room = new Int32Array(
      this.buffer,
      roomWord(words.capacity) * WORD_BYTES,
      Math.floor(words.room / WORD_BYTES),
    );
  }

  /**
   * A new domain.
   * @param options.capacity how many readers can be registered at a time, 1 to 65,536. A grace period looks only at the
   * slots that were ever used.
   * @param options.room bytes of memory for the program's own pointers and cells (`domain.room`), up to 2^30; none by
   * default. A pointer there is read faster than one in other shared memory.
   * @throws BadBufferError if the capacity or the room is out of range
   */
  static create(options: DomainOptions & { readonly capacity: number; readonly room?: number }): Domain {
    return new Domain(createWords(options.capacity, options.room), options);
  }

  /**
   * The domain that another thread created.
   * @param memory that thread's `domain.memory`
   * @throws BadBufferError if the memory is not a domain's, or has another version of the layout
   */
  static attach(memory: SharedMemory, options: DomainOptions = {}): Domain {
    return new Domain(attachWords(memory, options.sides?.isVersion), options);
  }

  /** The shared memory of the domain; see layout.ts. It is a WebAssembly.Memory, for the sake of the read side. */
  get memory(): SharedMemory {
    return this.words.memory;
  }

  /** The bytes of `memory`. */
  get buffer(): SharedArrayBuffer {
    return this.words.memory.buffer;
  }

  get capacity(): number {
    return this.words.capacity;
  }

  /**
   * Claims the lowest free slot. May be called at any time, even during a grace period.
   * @throws DomainFullError if no slot is free
   */
  register(): Reader {
    const slot = this.slots.register(this.owner);
    if (slot === null) throw new DomainFullError(this.words.capacity);
    const reader = new this.sides.Reader(this.words, slot, this.readSide, this.step, (gone) => {
      this.readers.delete(gone);
      this.slots.unregister(slot);
    });
    this.readers.add(reader);
    return reader;
  }

  /**
   * Waits for a grace period: blocks until every section that was open when it was called is closed. Not for
   * the main thread of a web page, which may not block: see `synchronizeAsync`.
   * @throws MisuseError "synchronize-in-section" if a reader of this object is in a section, which would wait
   * for itself; "synchronize-while-leading" if an asynchronous call of this thread runs a grace period, which
   * could not go on meanwhile
   */
  synchronize(): void {
    this.assertOutside("synchronize");
    run(this.updater.synchronize(), this.wait);
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
   * @throws MisuseError as `synchronize`, before anything is published
   */
  replace(pointer: SharedPointer, cell: number, reclaim: (old: number) => void): void {
    this.assertOutside("replace");
    run(this.updater.replace(pointer, cell, reclaim), this.wait);
  }

  /** As `replace`, without blocking the thread. */
  replaceAsync(pointer: SharedPointer, cell: number, reclaim: (old: number) => void): Promise<void> {
    return runAsync(this.updater.replace(pointer, cell, reclaim));
  }

  /**
   * Gives back what a dead thread has left: its slots, its open sections, and the lead if it died
   * in a grace period (what it was about to reclaim is lost). Call it only if you know that the thread has
   * ended: with a live one this is a use after free. Several threads may call it at the same time.
   * @param owner the `owner` of that thread's Domain objects, by default its `threadId` + 1
   * @returns how many slots were given back
   */
  abandon(owner: number): number {
    checkedOwner(owner);
    const given = this.slots.abandon(owner, this.owner);
    this.updater.abandonLead(owner);
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
    if (this.updater.leads) {
      throw new MisuseError(
        "synchronize-while-leading",
        `${call}() while an asynchronous call of the same thread runs a grace period, which can't go on as long as ` +
          "this one blocks. Await that first, or use the asynchronous call here, too.",
      );
    }
  }
}

function checkedOwner(owner: number): number {
  if (Number.isInteger(owner) && owner > 0 && owner < 2 ** 31) return owner;
  throw new MisuseError("bad-owner", `an owner must be a whole number from 1 to 2^31 - 1, not ${owner}.`);
}
