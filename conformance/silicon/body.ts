import type { CompiledTest } from "../litmus/compile.js";
import { domainsOf } from "../litmus/domains.js";
import { expressionsOf } from "../litmus/expressions.js";
import { kept } from "../litmus/numbers.js";
import type { Expr, Litmus, Statement } from "../litmus/syntax.js";
import { localsOf } from "../litmus/thread.js";
import { hasEffects } from "../litmus/values.js";
import { numberInC } from "./c-values.js";
import { CodeLines } from "./code-lines.js";
import { ExpressionsInC, type ThreadNames } from "./expressions-in-c.js";
import { Names } from "./names.js";

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
 * A thread as a function in C.
 *
 * @throws LitmusError where a test uses what has no counterpart in user space
 */
export function threadText(test: CompiledTest, number: number, surroundings: Surroundings): string {
  return new Body(test, number, surroundings).text();
}

class Body {
  readonly #lines = new CodeLines();
  readonly #names: ThreadNames;
  readonly #parts: ExpressionsInC;
  readonly litmus: Litmus;

  constructor(
    test: CompiledTest,
    readonly number: number,
    readonly surroundings: Surroundings,
  ) {
    const { litmus } = test;
    this.litmus = litmus;
    const thread = litmus.threads[number];
    const parameters = new Set(thread?.parameters.map(({ name }) => name));
    const given = litmus.initial.flatMap(({ place }) => (place.thread === number ? [place.name] : []));
    const assigned = localsOf(thread?.body ?? []).filter((name) => !parameters.has(name));
    this.#names = { words: new Names("w"), locals: new Names("l"), known: new Set([...given, ...assigned]) };
    this.#parts = new ExpressionsInC(test, number, this.#names, surroundings.domains, this.#lines);
  }

  text(): string {
    const { litmus, number, surroundings } = this;
    for (const statement of litmus.threads[number]?.body ?? []) this.#statement(statement);
    for (const [n, name] of surroundings.results.entries())
      this.#lines.add(`round->results[${n}] = ${this.#parts.named(name)};`);
    const words = surroundings.words.flatMap((word, n) =>
      this.#isUsed(word) ? [`\tqs_word *const ${this.#names.words.of(word)} = round->words[${n}];`] : [],
    );
    const locals = [...this.#names.known].map(
      (name) => `\tqs_value ${this.#names.locals.of(name)} = ${this.#initial(name)};`,
    );
    // A test need not use all that it declares.
    const unused = [...this.#names.known].flatMap((name) =>
      surroundings.results.includes(name) ? [] : [`\t(void)${this.#names.locals.of(name)};`],
    );
    if (words.length === 0 && !this.#lines.all.some((line) => line.includes("round->")))
      unused.push("\t(void)round;");
    const head = `static void qs_thread_${number}(const struct qs_round *round)`;
    return [head, "{", ...words, ...locals, ...this.#lines.all, ...unused, "}", ""].join("\n");
  }

  /** Whether a parameter is named in the C made so far; also a word whose address a local has at first. */
  #isUsed(word: string): boolean {
    const name = new RegExp(`\\b${this.#names.words.of(word)}\\b`);
    const initial = [...this.#names.known].some((local) => name.test(this.#initial(local)));
    return initial || this.#lines.all.some((line) => name.test(line));
  }

  #initial(local: string): string {
    const found = this.litmus.initial.find(
      ({ place }) => place.thread === this.number && place.name === local,
    );
    if (found === undefined) return "0";
    const { value } = found;
    const type = this.#parts.localType(local);
    return value.kind === "number"
      ? numberInC(kept(value.value, type) ?? 0)
      : `QS_ADDRESS(${this.#names.words.of(value.name)})`;
  }

  #statement(s: Statement): void {
    switch (s.kind) {
      case "declare":
        if (s.value !== undefined) this.#assign(s.name, s.value);
        return;
      case "assign":
        if (s.target.kind === "star") {
          const type = this.#parts.typeOf(s.target);
          const value = this.#parts.valueAs(s.value, type);
          const word = this.#parts.pointer(s.target.of);
          this.#lines.add(type.volatile ? `qs_write_once(${word}, ${value});` : `${word}->plain = ${value};`);
        } else if (s.target.kind === "name") this.#assign(s.target.name, s.value);
        return;
      case "expression":
        if (s.value.kind === "call") this.#lines.add(`${this.#parts.call(s.value)};`);
        else this.#lines.add(`(void)(${this.#parts.value(s.value)});`);
        return;
      case "if": {
        this.#block(`if (${this.#parts.value(s.test)} != 0) {`, s.then);
        if (s.otherwise.length > 0) this.#block("} else {", s.otherwise);
        this.#lines.add("}");
        return;
      }
      case "loop":
        this.#loop(s);
    }
  }

  #loop({ test, body, step, last }: Extract<Statement, { kind: "loop" }>): void {
    const leave = (): void => this.#lines.addIf(`${this.#parts.value(test)} == 0`, "break;");
    this.#lines.add("for (;;) {");
    this.#lines.deeper(() => {
      if (!last) leave();
      for (const statement of [...body, ...step]) this.#statement(statement);
      if (last) leave();
      // It may wait for a thread that has no processor.
      const reads = [...expressionsOf(body), test].some(hasEffects);
      if (reads) this.#lines.add("qs_let_others_run();");
    });
    this.#lines.add("}");
  }

  #block(head: string, body: readonly Statement[]): void {
    this.#lines.add(head);
    this.#lines.deeper(() => {
      for (const statement of body) this.#statement(statement);
    });
  }

  #assign(name: string, value: Expr): void {
    const assigned = this.#parts.assigned(name, value);
    this.#lines.add(`${this.#names.locals.of(name)} = ${assigned};`);
  }
}
