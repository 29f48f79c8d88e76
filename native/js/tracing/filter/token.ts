import { filterError } from "./error.js";

/** A word of a filter, and where it begins in the text. */
export type Token =
  | { readonly kind: "integer"; readonly value: bigint; readonly at: number; readonly length: number }
  | { readonly kind: "float"; readonly value: number; readonly at: number; readonly length: number }
  /** Its bytes, one a character. */
  | { readonly kind: "string"; readonly value: string; readonly at: number; readonly length: number }
  | {
      readonly kind: "name" | "operator";
      readonly value: string;
      readonly at: number;
      readonly length: number;
    }
  | { readonly kind: "end"; readonly value: ""; readonly at: number; readonly length: number };

const SPACE = /\s*/y;
const NUMBER = /0[xX][0-9a-fA-F]+|0[bB][01]+|(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_]\w*/y;
const OPERATOR = /\|\||&&|==|!=|<=|>=|=~|!~|[-+*/%&|^~!<>()]/y;
const STRING = /"((?:[^"\\]|\\.)*)"/sy;
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "0": "\0",
  '"': '"',
  "\\": "\\",
};
const MOST = (1n << 64n) - 1n;

/** Divides a filter into its words. Throws BadInputError at what is none. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  for (;;) {
    at += take(SPACE)?.[0].length ?? 0;
    if (at === text.length) break;
    const token = number(take(NUMBER)) ?? string(take(STRING)) ?? name() ?? operator();
    tokens.push(token);
    at += token.length;
  }
  return [...tokens, { kind: "end", value: "", at: text.length, length: 1 }];

  function number(found: RegExpExecArray | null): Token | undefined {
    if (found === null) return undefined;
    const [word] = found;
    const place = { at, length: word.length };
    if (/^[A-Za-z_0-9.]/.test(text.slice(at + word.length)))
      throw filterError(
        text,
        at,
        word.length + 1,
        `"${/^[\w.]+/.exec(text.slice(at))?.[0]}" is not a number`,
      );
    if (/^0[xXbB]|^\d+$/.test(word)) {
      if (/^0\d/.test(word))
        throw filterError(
          text,
          at,
          word.length,
          "a number that begins with 0 could be octal; write it without",
        );
      const value = BigInt(word);
      if (value > MOST) throw filterError(text, at, word.length, "the number has more than 64 bits");
      return { kind: "integer", value, ...place };
    }
    const value = Number(word);
    if (!Number.isFinite(value)) throw filterError(text, at, word.length, "the number is too large");
    return { kind: "float", value, ...place };
  }

  function string(found: RegExpExecArray | null): Token | undefined {
    if (found === null) {
      if (text[at] === '"') throw filterError(text, at, 1, 'the string has no end: a " is missing');
      return undefined;
    }
    const value = bytesOf(found[1] ?? "", at + 1);
    if (value.length > 255)
      throw filterError(text, at, found[0].length, "the string has more than 255 bytes");
    if (value.includes("\0"))
      throw filterError(text, at, found[0].length, "a recorded string ends at a zero, so it never has one");
    return { kind: "string", value, at, length: found[0].length };
  }

  function bytesOf(written: string, from: number): string {
    return written.replace(/\\x([0-9a-fA-F]{2})|\\(.)|[^\\]+/gs, (all, hex, escaped, offset: number) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (escaped === undefined) return Buffer.from(all, "utf8").toString("latin1");
      const meant = ESCAPES[escaped];
      if (meant === undefined)
        throw filterError(
          text,
          from + offset,
          2,
          `${all} means nothing; there are \\" \\\\ \\n \\t \\r and \\xNN`,
        );
      return meant;
    });
  }

  function name(): Token | undefined {
    const found = take(NAME);
    return found === null ? undefined : { kind: "name", value: found[0], at, length: found[0].length };
  }

  function operator(): Token {
    const found = take(OPERATOR);
    if (found !== null) return { kind: "operator", value: found[0], at, length: found[0].length };
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const hint = character === "=" ? '; "equal" is ==' : character === "'" ? '; a string has "' : "";
    throw filterError(text, at, 1, `${JSON.stringify(character)} means nothing here${hint}`);
  }
}
