import { Domain, type DomainOptions } from "../domain.js";
import type { Step } from "../generated/steps.js";
import {
  announcedWord,
  LEADER_WORD,
  noticeWord,
  ownerWord,
  REGISTERED_WORD,
  SLEEPERS_WORD,
  type Words,
} from "../layout.js";
import type { Reader, Token } from "../reader.js";
import type { SharedMemory } from "../wasm.js";
import { CellState, type Control, NONE } from "./control.js";
import { type FoundFailure, ReplayStopped } from "./failure.js";

/**
 * What a thread of the plan does when it is idle and the plan's next step for it begins an operation; and how
 * it leaves.
 */
export interface Operations {
  /** Performs the operation that begins with this step. @returns whether there is one */
  perform(step: Step): boolean;
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
    memory: SharedMemory,
    private readonly control: Control,
    private readonly hook: (step: Step) => void,
    private readonly failed: Failed,
    options: DomainOptions,
  ) {
    this.domain = Domain.attach(memory, { ...options, owner: me, step: hook });
  }

  perform(step: Step): boolean {
    switch (step) {
      case "Register":
        this.reader = this.domain.register();
        this.checkSlot(this.reader.slot);
        return true;
      case "Unregister":
        this.registered().unregister();
        this.reader = null;
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

  /** It must have got the slot that the driver saw it claim. */
  private checkSlot(slot: number): void {
    const seen = this.control.words[this.control.slotWord(this.me)];
    if (this.control.draining || slot === seen) return;
    this.failed(
      "state",
      `reader ${this.me} has slot ${slot}, and the owner of slot ${seen} was seen to change`,
    );
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

  constructor(
    private readonly me: number,
    memory: SharedMemory,
    private readonly control: Control,
    private readonly hook: (step: Step) => void,
    private readonly failed: Failed,
    options: DomainOptions,
  ) {
    // Any owner that no other thread has.
    this.domain = Domain.attach(memory, { ...options, owner: control.threads + me, step: hook });
  }

  perform(step: Step): boolean {
    if (step === "Initialise") {
      this.hook("Initialise");
      this.initialise();
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
    this.mine = cell;
  }

  private replace(): void {
    const { control } = this;
    this.domain.replace(this.domain.head, this.mine, (old) => {
      if (!control.draining && old !== this.mine)
        this.failed("state", `updater ${this.me} frees cell ${old}, and has replaced ${this.mine}`);
      const word = control.cellWord(old);
      if (control.words[word] !== CellState.live)
        this.failed("state", `cell ${old} is freed, and is not live`);
      control.words[word] = CellState.freed;
      this.mine = NONE;
    });
  }

  private get mine(): number {
    return this.control.words[this.control.mineWord(this.me)] ?? NONE;
  }

  private set mine(cell: number) {
    this.control.words[this.control.mineWord(this.me)] = cell;
  }
}

/**
 * What must hold when all have left. @throws ReplayStopped if a slot is still claimed or announces something, or somebody
 * still leads, sleeps or is counted
 */
export function assertAllLeft(words: Words, control: Control): void {
  const { ints, capacity } = words;
  const left = [
    ["somebody leads", LEADER_WORD],
    ["somebody is counted as a sleeper", SLEEPERS_WORD],
    ["somebody is counted as registered", REGISTERED_WORD],
  ] as const;
  const problems: string[] = left.flatMap(([what, word]) => (Atomics.load(ints, word) === 0 ? [] : [what]));
  for (let slot = 1; slot <= capacity; slot++) {
    const announced = Atomics.load(ints, announcedWord(slot));
    const notice = Atomics.load(ints, noticeWord(slot));
    const owner = Atomics.load(ints, ownerWord(capacity, slot));
    if (announced !== 0 || notice !== 0 || owner !== 0)
      problems.push(`slot ${slot} has owner ${owner}, announces ${announced} and has notice ${notice}`);
  }
  if (problems.length === 0) return;
  const message = `all threads have left, but ${problems.join(", and ")}`;
  throw new ReplayStopped({ kind: "state", ...control.position, message });
}
