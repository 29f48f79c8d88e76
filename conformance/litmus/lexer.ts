import { BadInputError } from "../../spec/tlc/base/errors.js";

/** A word, number or sign of a litmus file, and where it stands (line and column from 1). */
export interface Token {
  readonly kind: "name" | "number" | "sign" | "end";
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** A place in a file, line and column from 1. */
export type Position = Pick<Token, "line" | "column">;

/** A quotation longer than this is too long for a message. */
const LONG = /"([^"]{60})[^"]+"/g;

/** Something in a litmus file is wrong; `position` says where. */
export class LitmusError extends BadInputError {
  readonly position: Position;

  constructor(message: string, at: Position, hint?: string) {
    super(message.replace(LONG, '"$1..."'), {
      where: `${at.line}:${at.column}`,
      ...(hint !== undefined && { hint }),
    });
    this.position = { line: at.line, column: at.column };
  }
}

const SIGN = String.raw`\/\\|\\\/|<<=|>>=|<<|>>|&&|\|\||==|=>|!=|<=|>=|\+\+|--|[+\-*/%&|^]=|->|[{}()[\];,:*&=~!<>+\-.?|^%"@#/]`;
const TOKEN = new RegExp(
  String.raw`([A-Za-z_]\w*)|(0[xX][0-9a-fA-F]+[uUlL]*|\d+[uUlL]*)(?!\w)|(${SIGN})`,
  "y",
);
const SPACE = /[ \t\r\n\f\v]+|\/\/[^\n]*/y;
/** What follows "C" on its line: MP+pooncerelease+poacquireonce, 2+2W. Nothing in it controls a terminal. */
const NAME = /[^\s{"(\p{C}]+/uy;
/** What a test says of itself before its initial values: a text in quotes, `Com=Rf Ws`, or anything else. */
const DESCRIPTION = /"[^"]*"|[^\s{"]/y;
/** A thread. Where one stands before the initial values, these are missing. */
const THREAD = /P\d+[ \t]*\(/y;

/**
 * Splits a litmus file into tokens, the last of kind `end`. Throws LitmusError at the first thing that is not a token.
 */
export function tokenise(text: string): Token[] {
  return new Lexer(text).run();
}

class Lexer {
  readonly #tokens: Token[] = [];
  #at = 0;
  #line = 1;
  #lineStart = 0;
  /** The nesting depth in the braces of a thread, where `(*` does not begin a comment. */
  #depth = 0;
  #inThread = false;
  /** Has the first brace come? */
  #opened = false;

  constructor(readonly text: string) {}

  run(): Token[] {
    while (this.#at < this.text.length) this.#step();
    this.#push("end", "");
    return this.#tokens;
  }

  #step(): void {
    const skipped = this.#match(SPACE)?.[0].length ?? (this.#comment() || this.#description());
    if (skipped > 0) {
      this.#pass(skipped);
      return;
    }
    const [first] = this.#tokens;
    const afterC = this.#tokens.length === 1 && first?.text === "C" && first.line === this.#line;
    const name = afterC ? this.#match(NAME)?.[0] : undefined;
    if (name !== undefined) this.#push("name", name);
    else this.#token();
  }

  #token(): void {
    const match = this.#match(TOKEN);
    if (match === null)
      throw new LitmusError(`${shown(this.text, this.#at)} does not belong here`, this.#place());
    const kind = match[1] !== undefined ? "name" : match[2] !== undefined ? "number" : "sign";
    this.#follow(match[0]);
    this.#push(kind, match[0]);
  }

  /** Threads are P0, P1, ... with a body in braces. */
  #follow(word: string): void {
    this.#opened ||= word === "{";
    if (this.#depth === 0 && /^P\d+$/.test(word)) this.#inThread = true;
    if (!this.#inThread) return;
    if (word === "{") this.#depth++;
    if (word === "}" && --this.#depth <= 0) {
      this.#depth = 0;
      this.#inThread = false;
    }
  }

  /** The length of a comment that begins here; 0 if none does. */
  #comment(): number {
    const close = this.text.startsWith("/*", this.#at)
      ? "*/"
      : !this.#inThread && this.text.startsWith("(*", this.#at)
        ? "*)"
        : undefined;
    if (close === undefined) return 0;
    const first = this.text.indexOf(close, this.#at + 2);
    if (first < 0) throw new LitmusError(`this comment has no end ("${close}")`, this.#place());
    const nested = close === "*)" ? endOfNested(this.text, this.#at) : undefined;
    return (nested ?? first + 2) - this.#at;
  }

  /** The length of a piece of the text between the test's name and its initial values; 0 if none begins here. */
  #description(): number {
    const inHeader = this.#tokens.length === 2 && !this.#opened;
    if (!inHeader) return 0;
    const first = this.text.slice(this.#lineStart, this.#at).trim() === "";
    if (first && this.#match(THREAD) !== null) return 0;
    if (this.text[this.#at] === '"' && this.text.indexOf('"', this.#at + 1) < 0)
      throw new LitmusError('this description has no end (")', this.#place());
    const piece = this.#match(DESCRIPTION)?.[0] ?? "";
    if (/\p{C}/u.test(piece.replace(/\s/g, ""))) return 0;
    return piece.length;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.text);
  }

  #push(kind: Token["kind"], text: string): void {
    this.#tokens.push({ kind, text, ...this.#place() });
    this.#pass(text.length);
  }

  #pass(length: number): void {
    const end = this.#at + length;
    for (let n = this.text.indexOf("\n", this.#at); n >= 0 && n < end; n = this.text.indexOf("\n", n + 1)) {
      this.#line++;
      this.#lineStart = n + 1;
    }
    this.#at = end;
  }

  #place(): Position {
    return { line: this.#line, column: this.#at - this.#lineStart + 1 };
  }
}

/** Where a comment with comments inside ends; undefined when they don't match, as when one quotes `f(*x)`. */
function endOfNested(text: string, start: number): number | undefined {
  const brackets = /\(\*|\*\)/g;
  brackets.lastIndex = start;
  let depth = 0;
  for (let found = brackets.exec(text); found !== null; found = brackets.exec(text)) {
    depth += found[0] === "(*" ? 1 : -1;
    if (depth === 0) return brackets.lastIndex;
  }
  return undefined;
}

function shown(text: string, at: number): string {
  const code = text.codePointAt(at) ?? 0;
  const character = String.fromCodePoint(code);
  return code === 0xfffd || /[\p{C}\p{Z}]/u.test(character) ? `the character ${code}` : `"${character}"`;
}
