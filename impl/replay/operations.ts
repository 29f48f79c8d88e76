import { Domain, type DomainOptions } from "../domain.js";
import type { Step } from "../generated/steps.js";
import { announcedLong, ownerWord, type Words } from "../layout.js";
import type { Reader, Token } from "../reader.js";
import { CellState, type Control } from "./control.js";
import { type FoundFailure, ReplayStopped } from "./failure.js";

/**
 * What a thread of the plan does when it is idle and the plan's next step for it begins an operation; and how
 * it leaves.
 */
export interface Operations {
  /** Performs the operation that begins with this step. @returns whether there is one */
  perform(step: Step, goesOn: boolean): boolean;
  /** Leaves everything that it is inside of. */
  leave(): void;
}

type Failed = (kind: FoundFailure["kind"], message: string) => never;

export class ReaderOperations implements Operations {
  private readonly domain: Domain;
  private reader: Reader | null = null;
  private tokens: Token[] = [];

  constructor(
    private readonly me: number,
    buffer: SharedArrayBuffer,
    private readonly control: Control,
    private readonly hook: (step: Step) => void,
    private readonly failed: Failed,
    options: DomainOptions,
  ) {
    this.domain = Domain.attach(buffer, { ...options, owner: me, step: hook });
  }

  perform(step: Step): boolean {
    switch (step) {
      case "Register":
        this.reader = this.domain.register();
        this.control.words[this.control.slotWord(this.me)] = this.reader.slot;
        return true;
      case "Unregister":
        this.registered().unregister();
        this.reader = null;
        this.control.words[this.control.slotWord(this.me)] = 0;
        return true;
      case "LoadGp":
      case "LockNested":
        this.tokens.push(this.registered().lock());
        return true;
      case "Unlock":
      case "UnlockNested":
        this.unlock();
        return true;
      case "Dereference":
        this.control.words[this.control.heldWord(this.me)] = this.registered().dereference(this.domain.head);
        return true;
      case "Use":
        this.hook("Use");
        this.use();
        return true;
      default:
        return false;
    }
  }

  leave(): void {
    while (this.tokens.length > 0) this.unlock();
    this.reader?.unregister();
    this.reader = null;
  }

  private registered(): Reader {
    return (
      this.reader ?? this.failed("step", `reader ${this.me} is not registered and the plan has it do this`)
    );
  }

  private unlock(): void {
    const token = this.tokens.pop();
    if (token === undefined)
      this.failed("step", `reader ${this.me} is in no section and the plan has it leave one`);
    this.registered().unlock(token);
  }

  private use(): void {
    const cell = this.control.words[this.control.heldWord(this.me)] ?? -1;
    const content = this.control.words[this.control.cellWord(cell)];
    if (content === CellState.live) return;
    const state = content === CellState.freed ? "after it was freed" : "before it was initialised";
    this.failed("use-after-free", `reader ${this.me} used cell ${cell} ${state}`);
  }
}

export class UpdaterOperations implements Operations {
  private readonly domain: Domain;
  private filled = 0;

  constructor(
    buffer: SharedArrayBuffer,
    private readonly control: Control,
    private readonly hook: (step: Step) => void,
    private readonly failed: Failed,
    options: DomainOptions,
  ) {
    // Any owner that no reader has.
    this.domain = Domain.attach(buffer, { ...options, owner: control.readers + 1, step: hook });
  }

  perform(step: Step, goesOn: boolean): boolean {
    if (step === "Initialise") {
      this.hook("Initialise");
      this.initialise();
      if (goesOn) this.replace();
      return true;
    }
    if (step !== "Publish") return false;
    this.replace();
    return true;
  }

  leave(): void {}

  /**
   * Fills a cell that is not in use; there is one, since what is replaced is freed before the next is filled.
   */
  private initialise(): void {
    const { control } = this;
    let cell = 0;
    while (cell < control.cells && control.words[control.cellWord(cell)] === CellState.live) cell++;
    if (cell < control.cells) control.words[control.cellWord(cell)] = CellState.live;
    this.filled = cell;
  }

  private replace(): void {
    this.domain.replace(this.domain.head, this.filled, (old) => {
      const word = this.control.cellWord(old);
      if (this.control.words[word] !== CellState.live)
        this.failed("state", `cell ${old} is freed, and is not live`);
      this.control.words[word] = CellState.freed;
    });
  }
}

/**
 * What must hold when all have left. @throws ReplayStopped if a slot is still claimed or announces something
 */
export function assertAllLeft(words: Words, control: Control): void {
  for (let slot = 1; slot <= words.capacity; slot++) {
    const announced = Atomics.load(words.longs, announcedLong(slot));
    const owner = Atomics.load(words.ints, ownerWord(slot));
    if (announced === 0n && owner === 0) continue;
    const message = `all threads have left, but slot ${slot} has owner ${owner} and announces ${announced}`;
    throw new ReplayStopped({ kind: "state", ...control.position, message });
  }
}
