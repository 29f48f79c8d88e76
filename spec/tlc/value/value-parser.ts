import { ESCAPES, ValueSyntaxError, ValueTokens } from "./value-tokens.js";
import {
  boolean,
  fn,
  integer,
  interval,
  model,
  record,
  records,
  sequence,
  set,
  string,
  type Value,
} from "./value-tree.js";

/** Reads a value as TLC prints it, on one line or wrapped over several. Throws ValueSyntaxError. */
export function parseValue(text: string): Value {
  const parser = new Parser(text);
  const value = parser.value();
  if (parser.peek() !== "") throw parser.error("expected the end");
  return value;
}

class Parser extends ValueTokens {
  /** A value, or a function as a :> b @@ c :> d, or a product as S \X T. */
  value(): Value {
    const first = this.#operand();
    if (this.peek() === ":>") return this.#pairs(first);
    if (/^\\[Xxt]/.test(this.peek())) {
      const factors = [first];
      while (/^\\[Xxt]/.test(this.peek())) {
        this.next();
        factors.push(this.#operand());
      }
      return { kind: "product", factors };
    }
    return first;
  }

  #pairs(first: Value): Value {
    const entries: (readonly [Value, Value])[] = [];
    for (let key = first; ; key = this.#operand()) {
      this.expect(":>");
      const result = this.#operand();
      entries.push([key, result]);
      if (!this.eat("@@")) return fn(entries);
    }
  }

  #operand(): Value {
    const from = this.#primary();
    if (from.kind !== "integer" || !this.eat("..")) return from;
    const to = this.#primary();
    if (to.kind !== "integer") throw this.error("expected the interval's end");
    return interval(from.value, to.value);
  }

  #primary(): Value {
    const token = this.peek();
    if (token === "[") return this.#bracket();
    if (token === "") throw this.error("expected a value");
    if (/^\d+$/.test(token)) return integer(BigInt(this.next()));
    if (token[0] === '"') return string(this.#string());
    if (/^[\p{L}\p{N}_]/u.test(token)) return this.#word();
    if (!["<<", "{", "(", "-"].includes(token)) throw this.error("expected a value");
    this.next();
    if (token === "<<") return sequence(this.#list(">>"));
    if (token === "{") return set(this.#list("}"));
    if (token === "-") {
      if (!/^\d+$/.test(this.peek())) throw this.error("expected a number");
      return integer(-BigInt(this.next()));
    }
    const inner = this.value();
    this.expect(")");
    return inner;
  }

  #list(close: string): Value[] {
    const values: Value[] = [];
    if (this.eat(close)) return values;
    do values.push(this.value());
    while (this.eat(","));
    this.expect(close);
    return values;
  }

  #string(): string {
    const start = this.offset;
    return this.next()
      .slice(1, -1)
      .replace(/\\([\s\S])/g, (_, c: string) => {
        const meaning = ESCAPES[c];
        if (meaning === undefined) throw new ValueSyntaxError(`unknown escape \\${c}`, this.text, start);
        return meaning;
      });
  }

  #word(): Value {
    const word = this.next();
    switch (word) {
      case "TRUE":
      case "FALSE":
        return boolean(word === "TRUE");
      case "BOOLEAN":
        return set([boolean(false), boolean(true)]);
      case "Nat":
      case "Int":
      case "Real":
      case "STRING":
        return { kind: "builtin", name: word };
      case "SUBSET":
        return { kind: "powerset", of: this.#operand() };
      case "Seq":
        return this.peek() === "(" ? { kind: "sequences", of: this.#primary() } : model(word);
      default:
        return model(word);
    }
  }

  /** A record, a set of records, a set of functions, or a function that TLC did not evaluate. */
  #bracket(): Value {
    const start = this.offset;
    this.next();
    const field = /^\s*([\p{L}\p{N}_]+)\s*(\|->|:(?!>)|,|\\in\b)/u.exec(
      this.text.slice(this.offset, this.offset + 256),
    );
    const separator = field?.[2];
    if (separator === "\\in" || separator === ",") return this.#opaque(start);
    if (separator !== undefined) {
      const fields: [string, Value][] = [];
      do {
        const name = this.peek();
        if (!/^[\p{L}\p{N}_]+$/u.test(name)) throw this.error("expected a field's name");
        this.next();
        this.expect(separator);
        fields.push([name, this.value()]);
      } while (this.eat(","));
      this.expect("]");
      return separator === ":" ? records(fields) : record(fields);
    }
    const from = this.value();
    this.expect("->");
    const to = this.value();
    this.expect("]");
    return { kind: "functions", from, to };
  }

  #opaque(start: number): Value {
    let depth = 0;
    for (let i = start; i < this.text.length; i++) {
      const c = this.text[i];
      if (c === "[") depth++;
      else if (c === "]" && --depth === 0) {
        this.jump(i + 1);
        return {
          kind: "opaque",
          text: this.text
            .slice(start, i + 1)
            .trim()
            .replace(/\s+/g, " "),
        };
      }
    }
    throw this.error("expected ]");
  }
}
