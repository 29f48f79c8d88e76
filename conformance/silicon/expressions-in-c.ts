import type { CompiledTest } from "../litmus/compile.js";
import { callsIn } from "../litmus/expressions.js";
import { LitmusError } from "../litmus/lexer.js";
import { addressArgument, givesTruth } from "../litmus/operations.js";
import { RCU, srcu } from "../litmus/rcu.js";
import type { Expr } from "../litmus/syntax.js";
import { type CType, common, LONG, promoted } from "../litmus/types.js";
import { type Scope, typeOf, wordType } from "../litmus/typing.js";
import { Addresses } from "./addresses.js";
import { convertInC, numberInC, operateInC } from "./c-values.js";
import type { CodeLines } from "./code-lines.js";
import { FUNCTIONS, type KernelFunction } from "./functions.js";
import type { Names } from "./names.js";

type Call = Extract<Expr, { kind: "call" }>;

/** What a thread's words and locals are called in C. */
export interface ThreadNames {
  readonly words: Names;
  readonly locals: Names;
  /** The names that are locals; any other is a word. */
  readonly known: ReadonlySet<string>;
}

/**
 * A thread's expressions in C. What is evaluated in C has no order of its own where the machine has one, from left to
 * right: so each access stands in a line of its own, and its value in a constant.
 */
export class ExpressionsInC {
  readonly #scope: Scope;
  readonly #addresses: Addresses;
  /** Does the test add to a word? */
  readonly #adds: boolean;

  constructor(
    test: CompiledTest,
    readonly number: number,
    readonly names: ThreadNames,
    /** The names of RCU's domain and of those of SRCU, in order. */
    readonly domains: readonly string[],
    readonly lines: CodeLines,
  ) {
    this.#scope = { types: test.typesOf(number), words: test.types };
    this.#addresses = new Addresses(test.litmus);
    this.#adds = test.litmus.threads.some(({ body }) =>
      callsIn(body).some(({ name }) => FUNCTIONS.get(name)?.adds),
    );
  }

  /** The type of a local, or of what an expression gives. */
  typeOf(e: Expr): CType {
    return typeOf(e, this.#scope);
  }

  /** What a local is assigned, in its type. */
  assigned(name: string, value: Expr): string {
    const type = this.localType(name);
    const direct = value.kind === "call" && this.#function(value).gives;
    return direct ? this.#as(value, this.#given(value), type) : this.valueAs(value, type);
  }

  localType(name: string): CType {
    return this.#scope.types.get(name) ?? LONG;
  }

  /** A local, or the address of a word. */
  named(name: string): string {
    if (this.names.known.has(name)) return this.names.locals.of(name);
    return `QS_ADDRESS(${this.names.words.of(name)})`;
  }

  /** The same as a value of a type. */
  valueAs(e: Expr, type: CType): string {
    return this.#as(e, this.value(e), type);
  }

  /** What may be an address stays one, as it does on the machine. */
  #as(e: Expr, value: string, type: CType): string {
    return this.#addresses.mayBe(e, this.number) ? value : convertInC(value, typeOf(e, this.#scope), type);
  }

  /** What a function gives. What was added to a word may have left its type, as all words are as wide as an address. */
  #given(e: Call): string {
    const given = this.call(e);
    const mayWrap = this.#adds && !givesTruth(e.name) && !this.#addresses.mayBe(e, this.number);
    return mayWrap ? convertInC(given, LONG, typeOf(e, this.#scope)) : given;
  }

  /** An expression without effects in C; what has one stands in lines before. */
  value(e: Expr): string {
    switch (e.kind) {
      case "number":
        return numberInC(e.value);
      case "name":
        return this.named(e.name);
      case "address":
        return `QS_ADDRESS(${this.names.words.of(e.name)})`;
      case "star":
        return this.lines.temporary(
          typeOf(e, this.#scope).volatile
            ? `qs_read_once(${this.pointer(e.of)})`
            : `${this.pointer(e.of)}->plain`,
        );
      case "unary": {
        if (e.op === "!") return `(${this.value(e.of)} == 0)`;
        const type = typeOf(e, this.#scope);
        const of = this.valueAs(e.of, type);
        return e.op === "~" ? `(~${of})` : `(${operateInC("-", type, "0", of)})`;
      }
      case "cast":
        return `(${this.valueAs(e.of, e.type)})`;
      case "choice":
        return this.#choice(e);
      case "binary":
        return this.#binary(e);
      case "call": {
        if (this.#function(e).gives) {
          return this.lines.temporary(this.#given(e));
        }
        this.lines.add(`${this.call(e)};`);
        return "0";
      }
    }
  }

  #binary(e: Extract<Expr, { kind: "binary" }>): string {
    if (e.op !== "&&" && e.op !== "||") {
      const [a, b] = [typeOf(e.left, this.#scope), typeOf(e.right, this.#scope)];
      const shifts = e.op === "<<" || e.op === ">>";
      const type = shifts ? promoted(a) : common(a, b);
      const left = this.valueAs(e.left, type);
      return `(${operateInC(e.op, type, left, this.valueAs(e.right, shifts ? promoted(b) : type))})`;
    }
    const left = `${this.value(e.left)} != 0`;
    const mark = this.lines.count;
    const right = this.value(e.right);
    if (this.lines.count === mark) return `((${left}) ${e.op} (${right} != 0))`;
    // The right side has lines of its own, which run only when the left one does not decide.
    let result = "";
    this.lines.indentFrom(mark, () => {
      result = this.lines.temporary(left, false);
      this.lines.add(`if (${result} ${e.op === "&&" ? "!=" : "=="} 0) {`);
    });
    this.lines.deeper(() => this.lines.add(`${result} = ${right} != 0;`));
    this.lines.add("}");
    return result;
  }

  /** Only one of its two values is evaluated. */
  #choice(e: Extract<Expr, { kind: "choice" }>): string {
    const type = typeOf(e, this.#scope);
    const result = this.lines.temporary("0", false);
    this.lines.add(`if (${this.value(e.test)} != 0) {`);
    this.lines.deeper(() => this.lines.add(`${result} = ${this.valueAs(e.yes, type)};`));
    this.lines.add("} else {");
    this.lines.deeper(() => this.lines.add(`${result} = ${this.valueAs(e.no, type)};`));
    this.lines.add("}");
    return result;
  }

  /** Where an access goes. */
  pointer(e: Expr): string {
    if (e.kind === "address" || (e.kind === "name" && !this.names.known.has(e.name)))
      return this.names.words.of(e.name);
    return `QS_AT(${this.value(e)})`;
  }

  #function(e: Call): KernelFunction {
    const found = FUNCTIONS.get(e.name);
    if (found !== undefined) return found;
    throw new LitmusError(
      `${e.name}() has no counterpart in user space here`,
      e.at,
      "Without --run, the machine decides the test.",
    );
  }

  /** A call in C, without its semicolon; what its arguments do stands in lines before. */
  call(e: Call): string {
    const { c } = this.#function(e);
    if (/^s?rcu_read_(un)?lock$|^srcu_(down|up)_read$|^synchronize_s?rcu/.test(e.name)) {
      // The index that SRCU's unlock is given is the depth, which the sections know; what it does still counts.
      for (const arg of e.args.slice(1)) {
        const before = this.lines.count;
        const value = this.value(arg);
        if (this.lines.count > before) this.lines.add(`(void)(${value});`);
      }
      return c(`&round->sections[${this.#domain(e)}]`, []);
    }
    const at = addressArgument(e.name);
    const type = wordType(e, this.#scope);
    let word = "";
    const args: string[] = [];
    for (const [n, arg] of e.args.entries()) {
      if (n === at) word = this.pointer(arg);
      else if (at === undefined && n === 0 && arg.kind === "star") word = this.pointer(arg.of);
      else args.push(this.valueAs(arg, type));
    }
    return c(word, args);
  }

  #domain({ name, args: [first], at }: Call): number {
    const domain = /^srcu|srcu(_expedited)?$/.test(name)
      ? first?.kind === "name" || first?.kind === "address"
        ? srcu(first.name)
        : ""
      : RCU;
    const found = this.domains.indexOf(domain);
    if (found >= 0) return found;
    throw new LitmusError("it must be clear which srcu_struct this is: name the parameter itself", at);
  }
}
