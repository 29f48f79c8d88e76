import { LitmusError, type Token } from "./lexer.js";

/** Larger values stand for addresses. */
export const LARGEST = 999_999;

/** Walks over tokens: the part that all of the grammar shares. */
export class Reader {
  #at = 0;

  constructor(readonly tokens: readonly Token[]) {}

  peek(ahead = 0): Token {
    const last = this.tokens.length - 1;
    return this.tokens[Math.min(this.#at + ahead, last)] as Token;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#at++;
    return token;
  }

  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind !== "end" && token.text === text;
  }

  /** Takes the token if it is the given one. */
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.#at++;
    return true;
  }

  expect(text: string, why?: string): Token {
    if (this.is(text)) return this.next();
    return this.fail(`"${text}"${why === undefined ? "" : ` ${why}`}`);
  }

  name(what: string): Token {
    return this.peek().kind === "name" ? this.next() : this.fail(what);
  }

  number(): number {
    if (this.peek().kind !== "number") return this.fail("a number");
    const token = this.next();
    const digits = token.text.replace(/[uUlL]+$/, "");
    const value = Number(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
    if (!(value <= LARGEST)) throw new LitmusError(`${token.text} is too large: at most ${LARGEST}`, token);
    return value;
  }

  fail(expected: string): never {
    const token = this.peek();
    const found = token.kind === "end" ? "the end of the file" : `"${token.text}"`;
    throw new LitmusError(`expected ${expected}, found ${found}`, token);
  }
}
