import { LitmusError, type Token } from "./lexer.js";
import { kept, OUT_OF_RANGE } from "./numbers.js";
import { type CType, INT, LONG, UNSIGNED, UNSIGNED_LONG } from "./types.js";

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

  /** A number, as it is written. */
  number(): bigint {
    if (this.peek().kind !== "number") return this.fail("a number");
    const token = this.next();
    const digits = token.text.replace(/[uUlL]+$/, "");
    const octal = /^0\d+$/.test(digits);
    if (octal && !/^[0-7]+$/.test(digits))
      throw new LitmusError(`${token.text} begins with 0, so it is octal, and has no 8 or 9`, token);
    const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
    if (value >= 2n ** 64n) throw new LitmusError(`${token.text} is too large for any type`, token);
    return value;
  }

  /** A number as the machine keeps it, and the type that C gives it (C11, 6.4.4.1). */
  literal(): { value: number; type: CType } {
    const token = this.peek();
    const number = this.number();
    const type = literalType(token.text, number);
    const value = kept(number, type);
    if (value === undefined)
      throw new LitmusError(`${token.text}: ${OUT_OF_RANGE}`, token, asUnsigned(token.text, number));
    return { value, type };
  }

  fail(expected: string): never {
    const token = this.peek();
    const found = token.kind === "end" ? "the end of the file" : `"${token.text}"`;
    throw new LitmusError(`expected ${expected}, found ${found}`, token);
  }
}

/** What a number is meant to be that C gives to a long because it has no suffix. */
function asUnsigned(text: string, number: bigint): string | undefined {
  if (number >= 2n ** 32n || /[uUlL]$/.test(text)) return undefined;
  return `To C it is a long. An unsigned int has it: write ${text}U.`;
}

function literalType(text: string, value: bigint): CType {
  const suffix = /[uUlL]*$/.exec(text)?.[0].toLowerCase() ?? "";
  const unsigned = suffix.includes("u");
  const decimal = /^[1-9]/.test(text);
  const types = [INT, UNSIGNED, LONG, UNSIGNED_LONG].filter(
    (type) =>
      type.kind === "int" &&
      (type.bits === 64 || !suffix.includes("l")) &&
      (!unsigned || !type.signed) &&
      (unsigned || !decimal || type.signed),
  );
  return (
    types.find(
      (type) => type.kind === "int" && value < 2n ** BigInt(type.signed ? type.bits - 1 : type.bits),
    ) ?? UNSIGNED_LONG
  );
}
