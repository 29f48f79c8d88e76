import { BadInputError } from "../base/errors.js";

/** The text is not a value as TLC prints it. */
export class ValueSyntaxError extends BadInputError {
  constructor(
    problem: string,
    readonly text: string,
    /** Where in the text, in UTF-16 units from 0. */
    readonly offset: number,
  ) {
    const found = offset < text.length ? `\`${text.slice(offset, offset + 24)}\`` : "the end";
    super(`not a value of TLA+: ${problem} at offset ${offset}, found ${found}`);
  }
}

/** What may follow a backslash in a string, and what it means. */
export const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  f: "\f",
  '"': '"',
  "\\": "\\",
};
const TOKEN =
  /\s*("(?:[^"\\]|\\[\s\S])*"|\d+(?![\p{L}\d_])|[\p{L}\p{N}_!]+|<<|>>|\|->|->|:>|@@|\.\.|\\[Xx](?!\w)|\\times|\\in|[-{}[\](),:]|$)/uy;

/** The words and signs of a value, one after the other. */
export class ValueTokens {
  /** Where the next token, or the space before it, begins. */
  offset = 0;
  #token: string | undefined;
  #end = 0;
  constructor(readonly text: string) {}

  /** The next token; "" at the end. */
  peek(): string {
    if (this.#token === undefined) {
      TOKEN.lastIndex = this.offset;
      const match = TOKEN.exec(this.text);
      if (match === null) throw this.error("unexpected text");
      this.#token = match[1] ?? "";
      this.#end = TOKEN.lastIndex;
    }
    return this.#token;
  }

  /** Takes the next token. */
  next(): string {
    const token = this.peek();
    this.offset = this.#end;
    this.#token = undefined;
    return token;
  }

  /** The error for a next token that is not what is expected here. */
  error(problem: string): ValueSyntaxError {
    const space = /^\s*/.exec(this.text.slice(this.offset))?.[0].length ?? 0;
    return new ValueSyntaxError(problem, this.text, this.offset + space);
  }

  /** Takes the next token if it is the given one. */
  eat(token: string): boolean {
    if (this.peek() !== token) return false;
    this.next();
    return true;
  }

  /** Takes the next token, which must be the given one. */
  expect(token: string): void {
    if (!this.eat(token)) throw this.error(`expected ${token}`);
  }

  /** Goes on at another place. */
  jump(offset: number): void {
    this.offset = offset;
    this.#token = undefined;
  }
}
