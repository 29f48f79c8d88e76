import { type Instruction, type Mode, type Strength, takenBy } from "./code.js";
import { apply, type Formula, num, reg } from "./formula.js";
import { LitmusError, type Token } from "./lexer.js";
import { type CType, INT } from "./types.js";
import type { Scope } from "./typing.js";

/**
 * What readers and those who wait for them share: RCU itself, or an srcu_struct, by its word. Domains are independent
 * of each other.
 */
export interface Domain {
  /** Threads with read-side sections, by number, and how many may be open that are told apart. */
  readonly readers: readonly { readonly thread: number; readonly slots: number }[];
  /** Do several threads wait for grace periods? Then they take a lock, as in native/src/synchronize.c. */
  readonly manyUpdaters: boolean;
}

/** What all threads of a test share while they are compiled. */
export interface Shared {
  /** The value of each word's address. */
  readonly addresses: ReadonlyMap<string, number>;
  /** The words whose addresses are values somewhere: those that a loaded pointer may point to. */
  readonly pointees: readonly string[];
  /** What each word is. */
  readonly types: ReadonlyMap<string, CType>;
  /** The RCU and SRCU domains that the test uses, by name. */
  readonly domains: ReadonlyMap<string, Domain>;
}

const LONGEST = 100;

/** A way through a thread's branches: straight-line code, and what its locals hold. */
export class Path {
  readonly code: Instruction[] = [];
  readonly locals = new Map<string, Formula>();
  /** The slots of open read-side sections, and how many grace periods were waited for, by domain. */
  readonly open = new Map<string, readonly number[]>();
  readonly periods = new Map<string, number>();
  /** Was a section of SRCU left? */
  leftSrcu = false;
  /** Was there an smp_mb__before_atomic(), and no swap since? A failed one, as a cmpxchg() may be, counts, too. */
  fullBeforeSwap = false;
  /** Was there a swap? */
  swapped = false;
  /** A register for each lock released with none taken since; whoever takes the lock waits for the release. */
  readonly unlocked: Formula[] = [];
  /** Where it follows a pointer that holds no address; it does nothing after that. */
  fault?: Token;
  #registers = 0;
  #branches = 0;
  /** The numbers of branches whose two ways have come together again. */
  readonly #past: number[] = [];

  constructor(
    readonly shared: Shared,
    readonly thread: number,
    readonly parameters: ReadonlySet<string>,
    /** What each parameter and local is. */
    readonly types: ReadonlyMap<string, CType>,
  ) {}

  typeOfWord(word: string): CType {
    return this.shared.types.get(word) ?? INT;
  }

  /** For typeOf(). */
  get scope(): Scope {
    return { types: this.types, words: this.shared.types };
  }

  clone(): Path {
    const copy = new Path(this.shared, this.thread, this.parameters, this.types);
    copy.code.push(...this.code);
    for (const [name, value] of this.locals) copy.locals.set(name, value);
    for (const [domain, slots] of this.open) copy.open.set(domain, slots);
    for (const [domain, count] of this.periods) copy.periods.set(domain, count);
    copy.leftSrcu = this.leftSrcu;
    copy.fullBeforeSwap = this.fullBeforeSwap;
    copy.swapped = this.swapped;
    copy.unlocked.push(...this.unlocked);
    if (this.fault !== undefined) copy.fault = this.fault;
    copy.#registers = this.#registers;
    copy.#branches = this.#branches;
    copy.#past.push(...this.#past);
    return copy;
  }

  add(at: Token, instruction: Instruction): void {
    if (this.fault !== undefined) return;
    // Nothing holds loads back, and fences everything.
    const free = instruction.op === "fence" || instruction.op === "load" || this.#past.length === 0;
    this.code.push(free ? instruction : { ...instruction, past: [...this.#past] });
    if (this.code.length > LONGEST)
      throw new LitmusError(`P${this.thread} is too long: more than ${LONGEST} instructions`, at);
  }

  /** Goes on only if a test holds; returns the branch's number. */
  branch(at: Token, test: Formula): number {
    this.add(at, { op: "branch", test, number: ++this.#branches });
    return this.#branches;
  }

  /** The two ways of a branch come together: it says nothing of what follows. */
  join(number: number): void {
    this.#past.push(number);
  }

  /** A new register, which is written once. */
  register(): string {
    return `v${++this.#registers}`;
  }

  load(at: Token, mode: Mode, word: string, test?: Formula): Formula {
    const dst = this.register();
    this.add(at, { op: "load", mode, dst, word, ...(test && { test }) });
    return reg(dst);
  }

  store(at: Token, mode: Mode, word: string, value: Formula, test?: Formula): void {
    this.add(at, { op: "store", mode, word, value, ...(test && { test }) });
  }

  /** Reads a word and writes it in one step; returns the value read. */
  swap(at: Token, mode: Mode, word: string, value: Formula, test?: Formula): Formula {
    this.#swaps(at);
    const dst = this.register();
    this.add(at, { op: "swap", mode, dst, word, value, ...(test && { test }) });
    return reg(dst);
  }

  /** A swap that the word's value does not allow: an ordinary load, which orders nothing by itself. */
  failedSwap(at: Token, word: string, test: Formula): Formula {
    this.#swaps(at);
    return this.load(at, "once", word, test);
  }

  #swaps(at: Token): void {
    if (this.fullBeforeSwap) this.fence(at, "mb");
    this.fullBeforeSwap = false;
    this.swapped = true;
  }

  /** Releases a lock; returns a register that a later lock takes, to wait for this. */
  unlock(at: Token, word: string, test?: Formula): Formula {
    const dst = this.register();
    this.add(at, { op: "store", mode: "release", dst, word, value: num(0), ...(test && { test }) });
    return reg(dst);
  }

  fence(at: Token, strength: Strength, letter?: string): void {
    this.add(at, { op: "fence", strength, ...(letter !== undefined && { letter }) });
  }

  /**
   * The words that a pointer may point to, each on its own path, with a test that the pointer does hold its address;
   * where it may hold something else, there is a path that ends there.
   */
  targets(pointer: Formula, at: Token): { path: Path; word: string; test?: Formula }[] {
    if (pointer.kind === "num") {
      for (const [word, address] of this.shared.addresses)
        if (address === pointer.value) return [{ path: this, word }];
      throw new LitmusError(`${pointer.value} is not an address`, at);
    }
    const { pointees, addresses } = this.shared;
    if (pointees.length === 0)
      throw new LitmusError("nothing ever stores an address that this could follow", at);
    const is = (word: string) => apply("==", pointer, num(addresses.get(word) ?? 0));
    const ways = pointees.map((word) => ({ path: this.clone(), word, test: is(word) }));
    const wild = this.clone();
    const none = pointees.map((word) => apply("!", is(word))).reduce((a, b) => apply("&&", a, b));
    wild.branch(at, none);
    wild.fault ??= at;
    return [...ways, { path: wild, word: pointees[0] as string }];
  }

  /** The registers that its code takes. */
  taken(): Set<string> {
    return new Set(this.code.flatMap(takenBy));
  }
}
