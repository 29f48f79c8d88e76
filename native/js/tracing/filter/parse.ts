import { filterError } from "./error.js";
import { type Token, tokensOf } from "./token.js";

interface Place {
  readonly at: number;
  readonly length: number;
  /** It stands in parentheses. */
  readonly closed?: true;
}

/** A filter as a tree. */
export type Expression = Place &
  (
    | { readonly kind: "integer"; readonly value: bigint }
    | { readonly kind: "float"; readonly value: number }
    | { readonly kind: "string"; readonly value: string }
    | { readonly kind: "name"; readonly name: string }
    | { readonly kind: "unary"; readonly operator: "!" | "-" | "~"; readonly of: Expression }
    | {
        readonly kind: "binary";
        readonly operator: string;
        readonly left: Expression;
        readonly right: Expression;
      }
  );

/** How strongly each operator binds. */
const BINDS: Readonly<Record<string, number>> = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  "<=": 3,
  ">": 3,
  ">=": 3,
  "=~": 3,
  "!~": 3,
  "|": 4,
  "^": 4,
  "&": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
};
const COMPARES = 3;
const BITS = 4;
/** So deep is no filter that could run, and the parser's own stack is enough for it. */
const DEEPEST = 200;

/**
 * Reads a filter: C's operators, and =~ and !~ for patterns of strings. Where C's precedence surprises (a & b == c) or its
 * meaning does (1 < x < 3), parentheses are asked for.
 *
 * @throws BadInputError that shows the place
 */
export function parseFilter(text: string): Expression {
  const tokens = tokensOf(text);
  let next = 0;
  let depth = 0;
  const peek = (): Token => tokens[next] ?? { kind: "end", value: "", at: text.length, length: 1 };
  const isOperator = (word: string): boolean => peek().kind === "operator" && peek().value === word;
  const fail = ({ at, length }: Place, message: string): never => {
    throw filterError(text, at, length, message);
  };

  const parsed = expression(0);
  if (peek().kind !== "end")
    fail(peek(), isOperator(")") ? "this ) closes nothing" : "an operator such as && is missing before this");
  return parsed;

  function expression(least: number): Expression {
    if (++depth > DEEPEST) fail(peek(), "the filter is nested too deeply");
    let left = operand();
    for (;;) {
      const token = peek();
      const binds = token.kind === "operator" ? (BINDS[token.value] ?? 0) : 0;
      if (binds === 0 || binds <= least) break;
      next++;
      const right = expression(binds);
      expectClear(token, binds, left, right);
      left = {
        kind: "binary",
        operator: String(token.value),
        left,
        right,
        at: left.at,
        length: right.at + right.length - left.at,
      };
    }
    depth--;
    return left;
  }

  /** Where people read something else than C does, they have to say what they mean. */
  function expectClear(token: Token, binds: number, left: Expression, right: Expression): void {
    for (const side of [left, right]) {
      if (side.kind !== "binary" || side.closed) continue;
      const inner = BINDS[side.operator] ?? 0;
      if (binds === COMPARES && inner === COMPARES)
        fail(token, "comparisons don't chain: write a < b && b < c, or use parentheses");
      const mixesBits = inner === BITS && (binds === COMPARES || binds === BITS);
      if (mixesBits && side.operator !== token.value)
        fail(
          token,
          `${side.operator} beside ${token.value} needs parentheses, since C reads it in another way`,
        );
    }
  }

  function operand(): Expression {
    const token = peek();
    next++;
    switch (token.kind) {
      case "integer":
        return { kind: "integer", value: token.value, at: token.at, length: token.length };
      case "float":
        return { kind: "float", value: token.value, at: token.at, length: token.length };
      case "string":
        return { kind: "string", value: token.value, at: token.at, length: token.length };
      case "name":
        return { kind: "name", name: token.value, at: token.at, length: token.length };
      case "operator":
        break;
      case "end":
        return fail(token, tokens.length === 1 ? "the filter is empty" : "the filter ends too early");
    }
    const { value } = token;
    if (value === "(") {
      const inside = expression(0);
      if (!isOperator(")")) fail(token, "this ( is never closed");
      const close = peek();
      next++;
      return { ...inside, at: token.at, length: close.at + 1 - token.at, closed: true };
    }
    if (value === "!" || value === "-" || value === "~") {
      if (++depth > DEEPEST) fail(token, "the filter is nested too deeply");
      const of = operand();
      depth--;
      return { kind: "unary", operator: value, of, at: token.at, length: of.at + of.length - token.at };
    }
    return fail(token, `a field, a number or a string is missing before ${value}`);
  }
}
