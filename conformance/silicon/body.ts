import type { CompiledTest } from "../litmus/compile.js";
import { domainsOf } from "../litmus/domains.js";
import { callsIn, expressionsOf } from "../litmus/expressions.js";
import { LitmusError } from "../litmus/lexer.js";
import { kept } from "../litmus/numbers.js";
import { addressArgument, givesTruth } from "../litmus/operations.js";
import { RCU, srcu } from "../litmus/rcu.js";
import type { Expr, Litmus, Statement } from "../litmus/syntax.js";
import { localsOf } from "../litmus/thread.js";
import { type CType, common, LONG, promoted } from "../litmus/types.js";
import { type Scope, typeOf, wordType } from "../litmus/typing.js";
import { hasEffects } from "../litmus/values.js";
import { Addresses } from "./addresses.js";
import { convertInC, numberInC, operateInC } from "./c-values.js";
import { FUNCTIONS, type KernelFunction } from "./functions.js";
import { Names } from "./names.js";

type Call = Extract<Expr, { kind: "call" }>;

/** Where a thread's code finds things. */
export interface Surroundings {
  /** All words, in the order in which a round has them. */
  readonly words: readonly string[];
  /** The names of RCU's domain and of those of SRCU, in order. */
  readonly domains: readonly string[];
  /** The locals that count at the end, in the order of the results. */
  readonly results: readonly string[];
}

/** The domains of a test, in a fixed order. */
export function domainNames(litmus: Litmus): readonly string[] {
  return [...domainsOf(litmus.threads).keys()];
}

/**
 * A thread as a function in C. What is evaluated in C has no order of its own where the machine has one, from left to
 * right: so each access stands in a line of its own, and its value in a constant.
 *
 * @throws LitmusError where a test uses what has no counterpart in user space
 */
export function threadText(test: CompiledTest, number: number, surroundings: Surroundings): string {
  return new Body(test, number, surroundings).text();
}

class Body {
  readonly #lines: string[] = [];
  readonly #words = new Names("w");
  readonly #locals = new Names("l");
  readonly #parameters: ReadonlySet<string>;
  readonly #known: ReadonlySet<string>;
  readonly litmus: Litmus;
  readonly #scope: Scope;
  readonly #addresses: Addresses;
  /** Does the test add to a word? */
  readonly #adds: boolean;
  #depth = 1;
  #temporaries = 0;

  constructor(
    test: CompiledTest,
    readonly number: number,
    readonly surroundings: Surroundings,
  ) {
    const { litmus } = test;
    this.litmus = litmus;
    const thread = litmus.threads[number];
    this.#parameters = new Set(thread?.parameters.map(({ name }) => name));
    const given = litmus.initial.flatMap(({ place }) => (place.thread === number ? [place.name] : []));
    const assigned = localsOf(thread?.body ?? []).filter((name) => !this.#parameters.has(name));
    this.#known = new Set([...given, ...assigned]);
    this.#addresses = new Addresses(litmus);
    this.#adds = litmus.threads.some(({ body }) =>
      callsIn(body).some(({ name }) => FUNCTIONS.get(name)?.adds),
    );
    this.#scope = { types: test.typesOf(number), words: test.types };
  }

  text(): string {
    const { litmus, number, surroundings } = this;
    for (const statement of litmus.threads[number]?.body ?? []) this.#statement(statement);
    for (const [n, name] of surroundings.results.entries())
      this.#line(`round->results[${n}] = ${this.#named(name)};`);
    const words = surroundings.words.flatMap((word, n) =>
      this.#isUsed(word) ? [`\tqs_word *const ${this.#words.of(word)} = round->words[${n}];`] : [],
    );
    const locals = [...this.#known].map(
      (name) => `\tqs_value ${this.#locals.of(name)} = ${this.#initial(name)};`,
    );
    // A test need not use all that it declares.
    const unused = [...this.#known].flatMap((name) =>
      surroundings.results.includes(name) ? [] : [`\t(void)${this.#locals.of(name)};`],
    );
    if (words.length === 0 && !this.#lines.some((line) => line.includes("round->")))
      unused.push("\t(void)round;");
    const head = `static void qs_thread_${number}(const struct qs_round *round)`;
    return [head, "{", ...words, ...locals, ...this.#lines, ...unused, "}", ""].join("\n");
  }

  /** Whether a parameter is named in the C made so far; also a word whose address a local has at first. */
  #isUsed(word: string): boolean {
    const name = new RegExp(`\\b${this.#words.of(word)}\\b`);
    const initial = [...this.#known].some((local) => name.test(this.#initial(local)));
    return initial || this.#lines.some((line) => name.test(line));
  }

  #initial(local: string): string {
    const found = this.litmus.initial.find(
      ({ place }) => place.thread === this.number && place.name === local,
    );
    if (found === undefined) return "0";
    const { value } = found;
    const type = this.#scope.types.get(local) ?? LONG;
    return value.kind === "number"
      ? numberInC(kept(value.value, type) ?? 0)
      : `QS_ADDRESS(${this.#words.of(value.name)})`;
  }

  #line(text: string): void {
    this.#lines.push("\t".repeat(this.#depth) + text);
  }

  #temporary(value: string, constant = true): string {
    const name = `t${++this.#temporaries}`;
    this.#line(`${constant ? "const " : ""}qs_value ${name} = ${value};`);
    return name;
  }

  #statement(s: Statement): void {
    switch (s.kind) {
      case "declare":
        if (s.value !== undefined) this.#assign(s.name, s.value);
        return;
      case "assign":
        if (s.target.kind === "star") {
          const type = typeOf(s.target, this.#scope);
          const value = this.#valueAs(s.value, type);
          const word = this.#pointer(s.target.of);
          this.#line(type.volatile ? `qs_write_once(${word}, ${value});` : `${word}->plain = ${value};`);
        } else if (s.target.kind === "name") this.#assign(s.target.name, s.value);
        return;
      case "expression":
        if (s.value.kind === "call") this.#line(`${this.#call(s.value)};`);
        else this.#line(`(void)(${this.#value(s.value)});`);
        return;
      case "if": {
        this.#block(`if (${this.#value(s.test)} != 0) {`, s.then);
        if (s.otherwise.length > 0) this.#block("} else {", s.otherwise);
        this.#line("}");
        return;
      }
      case "loop":
        this.#loop(s);
    }
  }

  #loop({ test, body, step, last }: Extract<Statement, { kind: "loop" }>): void {
    const leave = (): void =>
      this.#line(`if (${this.#value(test)} == 0)\n${"\t".repeat(this.#depth + 1)}break;`);
    this.#line("for (;;) {");
    this.#depth++;
    if (!last) leave();
    for (const statement of [...body, ...step]) this.#statement(statement);
    if (last) leave();
    // It may wait for a thread that has no processor.
    const reads = [...expressionsOf(body), test].some(hasEffects);
    if (reads) this.#line("qs_let_others_run();");
    this.#depth--;
    this.#line("}");
  }

  #block(head: string, body: readonly Statement[]): void {
    this.#line(head);
    this.#depth++;
    for (const statement of body) this.#statement(statement);
    this.#depth--;
  }

  #assign(name: string, value: Expr): void {
    const local = this.#locals.of(name);
    const type = this.#scope.types.get(name) ?? LONG;
    const direct = value.kind === "call" && this.#function(value).gives;
    this.#line(
      `${local} = ${direct ? this.#as(value, this.#given(value), type) : this.#valueAs(value, type)};`,
    );
  }

  #named(name: string): string {
    if (this.#known.has(name)) return this.#locals.of(name);
    return `QS_ADDRESS(${this.#words.of(name)})`;
  }

  /** The same as a value of a type. */
  #valueAs(e: Expr, type: CType): string {
    return this.#as(e, this.#value(e), type);
  }

  /** What may be an address stays one, as it does on the machine. */
  #as(e: Expr, value: string, type: CType): string {
    return this.#addresses.mayBe(e, this.number) ? value : convertInC(value, typeOf(e, this.#scope), type);
  }

  /** What a function gives. What was added to a word may have left its type, as all words are as wide as an address. */
  #given(e: Call): string {
    const given = this.#call(e);
    const mayWrap = this.#adds && !givesTruth(e.name) && !this.#addresses.mayBe(e, this.number);
    return mayWrap ? convertInC(given, LONG, typeOf(e, this.#scope)) : given;
  }

  /** An expression without effects in C; what has one stands in lines before. */
  #value(e: Expr): string {
    switch (e.kind) {
      case "number":
        return numberInC(e.value);
      case "name":
        return this.#named(e.name);
      case "address":
        return `QS_ADDRESS(${this.#words.of(e.name)})`;
      case "star":
        return this.#temporary(
          typeOf(e, this.#scope).volatile
            ? `qs_read_once(${this.#pointer(e.of)})`
            : `${this.#pointer(e.of)}->plain`,
        );
      case "unary": {
        if (e.op === "!") return `(${this.#value(e.of)} == 0)`;
        const type = typeOf(e, this.#scope);
        const of = this.#valueAs(e.of, type);
        return e.op === "~" ? `(~${of})` : `(${operateInC("-", type, "0", of)})`;
      }
      case "cast":
        return `(${this.#valueAs(e.of, e.type)})`;
      case "choice":
        return this.#choice(e);
      case "binary":
        return this.#binary(e);
      case "call": {
        if (this.#function(e).gives) {
          return this.#temporary(this.#given(e));
        }
        this.#line(`${this.#call(e)};`);
        return "0";
      }
    }
  }

  #binary(e: Extract<Expr, { kind: "binary" }>): string {
    if (e.op !== "&&" && e.op !== "||") {
      const [a, b] = [typeOf(e.left, this.#scope), typeOf(e.right, this.#scope)];
      const shifts = e.op === "<<" || e.op === ">>";
      const type = shifts ? promoted(a) : common(a, b);
      const left = this.#valueAs(e.left, type);
      return `(${operateInC(e.op, type, left, this.#valueAs(e.right, shifts ? promoted(b) : type))})`;
    }
    const left = `${this.#value(e.left)} != 0`;
    const mark = this.#lines.length;
    const right = this.#value(e.right);
    if (this.#lines.length === mark) return `((${left}) ${e.op} (${right} != 0))`;
    // The right side has lines of its own, which run only when the left one does not decide.
    const inner = this.#lines.splice(mark).map((line) => `\t${line}`);
    const result = this.#temporary(left, false);
    this.#line(`if (${result} ${e.op === "&&" ? "!=" : "=="} 0) {`);
    this.#lines.push(...inner);
    this.#depth++;
    this.#line(`${result} = ${right} != 0;`);
    this.#depth--;
    this.#line("}");
    return result;
  }

  /** Only one of its two values is evaluated. */
  #choice(e: Extract<Expr, { kind: "choice" }>): string {
    const type = typeOf(e, this.#scope);
    const result = this.#temporary("0", false);
    this.#line(`if (${this.#value(e.test)} != 0) {`);
    this.#depth++;
    this.#line(`${result} = ${this.#valueAs(e.yes, type)};`);
    this.#depth--;
    this.#line("} else {");
    this.#depth++;
    this.#line(`${result} = ${this.#valueAs(e.no, type)};`);
    this.#depth--;
    this.#line("}");
    return result;
  }

  /** Where an access goes. */
  #pointer(e: Expr): string {
    if (e.kind === "address" || (e.kind === "name" && !this.#known.has(e.name)))
      return this.#words.of(e.name);
    return `QS_AT(${this.#value(e)})`;
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
  #call(e: Call): string {
    const { c } = this.#function(e);
    if (/^s?rcu_read_(un)?lock$|^srcu_(down|up)_read$|^synchronize_s?rcu/.test(e.name)) {
      // The index that SRCU's unlock is given is the depth, which the sections know; what it does still counts.
      for (const arg of e.args.slice(1)) {
        const before = this.#lines.length;
        const value = this.#value(arg);
        if (this.#lines.length > before) this.#line(`(void)(${value});`);
      }
      return c(`&round->sections[${this.#domain(e)}]`, []);
    }
    const at = addressArgument(e.name);
    const type = wordType(e, this.#scope);
    let word = "";
    const args: string[] = [];
    for (const [n, arg] of e.args.entries()) {
      if (n === at) word = this.#pointer(arg);
      else if (at === undefined && n === 0 && arg.kind === "star") word = this.#pointer(arg.of);
      else args.push(this.#valueAs(arg, type));
    }
    return c(word, args);
  }

  #domain({ name, args: [first], at }: Call): number {
    const domain = /^srcu|srcu(_expedited)?$/.test(name)
      ? first?.kind === "name" || first?.kind === "address"
        ? srcu(first.name)
        : ""
      : RCU;
    const found = this.surroundings.domains.indexOf(domain);
    if (found >= 0) return found;
    throw new LitmusError("it must be clear which srcu_struct this is: name the parameter itself", at);
  }
}
