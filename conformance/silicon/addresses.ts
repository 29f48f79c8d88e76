import { childrenOf, expressionsOf } from "../litmus/expressions.js";
import { LitmusError } from "../litmus/lexer.js";
import { addressArgument } from "../litmus/operations.js";
import type { Expr, Litmus, Statement, Thread } from "../litmus/syntax.js";
import { FUNCTIONS } from "./functions.js";

const ARITHMETIC = new Set(["+", "-", "*", "/", "%", "<<", ">>", "|", "^", "&", "<", "<=", ">", ">="]);

/**
 * Refuses arithmetic on what may be an address. The machine's addresses are numbers of its own, and a program's are
 * others: what is calculated from them can't be compared. To compare, copy and follow them is fine.
 *
 * @throws LitmusError with the place
 */
export function refuseAddressArithmetic(litmus: Litmus): void {
  const known = new Addresses(litmus);
  for (const [number, { body }] of litmus.threads.entries())
    for (const expr of expressionsOf(body)) refuseIn(expr, number, known);
}

function refuseIn(e: Expr, thread: number, known: Addresses): void {
  for (const child of childrenOf(e)) refuseIn(child, thread, known);
  const parts = childrenOf(e);
  const calculates =
    (e.kind === "binary" && ARITHMETIC.has(e.op)) ||
    (e.kind === "unary" && e.op !== "!") ||
    (e.kind === "call" && FUNCTIONS.get(e.name)?.adds === true);
  if (!calculates) return;
  const pointer = e.kind === "call" ? addressArgument(e.name) : undefined;
  const bad =
    parts.some((part, n) => n !== pointer && known.mayBe(part, thread)) ||
    (pointer !== undefined && e.kind === "call" && known.behind(e.args[pointer], thread));
  if (bad)
    throw new LitmusError("this may calculate with an address", e.at, "On a processor addresses differ.");
}

/** Which words and locals may hold an address, found by following all assignments until nothing is new. */
export class Addresses {
  readonly #words = new Set<string>();
  readonly #locals = new Set<string>();
  readonly #threads: readonly Thread[];
  /** All words that anything may point to. */
  readonly #all: ReadonlySet<string>;

  constructor({ initial, threads }: Litmus) {
    this.#threads = threads;
    this.#all = new Set([
      ...threads.flatMap(({ parameters }) => parameters.map(({ name }) => name)),
      ...initial.flatMap(({ value }) => (value.kind === "address" ? [value.name] : [])),
    ]);
    for (const { place, value } of initial) if (value.kind === "address") this.#add(place.name, place.thread);
    let before = -1;
    while (before !== this.#size()) {
      before = this.#size();
      for (const [number, { body }] of threads.entries()) {
        for (const statement of body) this.#follow(statement, number);
        for (const expr of expressionsOf(body)) this.#followCalls(expr, number);
      }
    }
  }

  mayBe(e: Expr, thread: number): boolean {
    switch (e.kind) {
      case "number":
        return false;
      case "address":
        return true;
      case "name":
        return this.#isParameter(e.name, thread) || this.#locals.has(`${thread}:${e.name}`);
      case "star":
        return this.behind(e.of, thread);
      case "call": {
        const pointer = pointerOf(e);
        return FUNCTIONS.get(e.name)?.gives === true && pointer !== undefined && this.behind(pointer, thread);
      }
      case "choice":
        return this.mayBe(e.yes, thread) || this.mayBe(e.no, thread);
      case "cast":
        return this.mayBe(e.of, thread);
      // An operator gives a truth value, or is refused.
      default:
        return false;
    }
  }

  /** May the word that a pointer points to hold an address? */
  behind(pointer: Expr | undefined, thread: number): boolean {
    if (pointer === undefined) return false;
    const word = this.#wordOf(pointer, thread);
    return word === undefined ? this.#words.size > 0 : this.#words.has(word);
  }

  #wordOf(pointer: Expr, thread: number): string | undefined {
    if (pointer.kind === "address") return pointer.name;
    return pointer.kind === "name" && this.#isParameter(pointer.name, thread) ? pointer.name : undefined;
  }

  #isParameter(name: string, thread: number): boolean {
    return this.#threads[thread]?.parameters.some((parameter) => parameter.name === name) === true;
  }

  #size(): number {
    return this.#words.size + this.#locals.size;
  }

  #add(name: string, thread: number | undefined): void {
    if (thread === undefined) this.#words.add(name);
    else this.#locals.add(`${thread}:${name}`);
  }

  /** Something that may be an address goes to where a pointer points. */
  #store(pointer: Expr, thread: number): void {
    const word = this.#wordOf(pointer, thread);
    if (word !== undefined) this.#words.add(word);
    else for (const name of this.#all) this.#words.add(name);
  }

  #follow(s: Statement, thread: number): void {
    if (s.kind === "if") for (const inner of [...s.then, ...s.otherwise]) this.#follow(inner, thread);
    else if (s.kind === "loop") for (const inner of [...s.body, ...s.step]) this.#follow(inner, thread);
    else if (s.kind === "declare") {
      if (s.value !== undefined && this.mayBe(s.value, thread)) this.#add(s.name, thread);
    } else if (s.kind === "assign" && this.mayBe(s.value, thread)) {
      if (s.target.kind === "name") this.#add(s.target.name, thread);
      else if (s.target.kind === "star") this.#store(s.target.of, thread);
    }
  }

  #followCalls(e: Expr, thread: number): void {
    for (const child of childrenOf(e)) this.#followCalls(child, thread);
    if (e.kind !== "call") return;
    const pointer = pointerOf(e);
    if (pointer === undefined) return;
    const values = e.args.filter((arg) => arg !== pointer && !(arg.kind === "star" && arg.of === pointer));
    if (values.some((value) => this.mayBe(value, thread))) this.#store(pointer, thread);
  }
}

/** What a function follows: READ_ONCE(*x), xchg(x, 1). */
function pointerOf(e: Extract<Expr, { kind: "call" }>): Expr | undefined {
  const at = addressArgument(e.name);
  if (at !== undefined) return e.args[at];
  const [first] = e.args;
  return first?.kind === "star" ? first.of : undefined;
}
