import { LitmusError } from "./lexer.js";
import { SMALLEST } from "./numbers.js";
import type { Reader } from "./reader.js";
import type { Expr } from "./syntax.js";
import { beginsType, INT, LONG, readType } from "./types.js";

/** How deeply brackets may be nested. */
const DEEPEST = 40;
/** How many operators one expression may have. */
const MOST_OPERATORS = 100;

/** 2147483648, as a signed number. */
const SMALLEST_DIGITS = /^2147483648[lL]{0,2}$/;

const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", "<=", ">", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

/** Reads an expression of C, or only what stands before the first operator with two sides. */
export function parseExpr(tokens: Reader, what: "all" | "unary" = "all", depth = 0): Expr {
  return what === "unary" ? unary(tokens, depth) : choice(tokens, depth);
}

/** Refuses what follows a name when it makes an array of it. */
export function refuseArray(tokens: Reader): void {
  if (tokens.is("["))
    throw new LitmusError(
      "arrays are not supported",
      tokens.peek(),
      "Use a word for each element: x0 and x1 for x[0] and x[1].",
    );
}

/** `test ? yes : no` */
function choice(tokens: Reader, depth: number): Expr {
  const test = binary(tokens, 0, depth);
  const at = tokens.peek();
  if (!tokens.take("?")) return test;
  if (depth > DEEPEST) throw new LitmusError("the expression is nested too deeply", at);
  const yes = choice(tokens, depth + 1);
  tokens.expect(":", "between the two values of ?");
  return { kind: "choice", test, yes, no: choice(tokens, depth + 1), at };
}

function binary(tokens: Reader, level: number, depth: number): Expr {
  const signs = LEVELS[level];
  if (signs === undefined) return unary(tokens, depth);
  let left = binary(tokens, level + 1, depth);
  let operators = 0;
  for (let at = tokens.peek(); at.kind === "sign" && signs.includes(at.text); at = tokens.peek()) {
    if (++operators > MOST_OPERATORS) throw new LitmusError("the expression is too long", at);
    tokens.next();
    left = { kind: "binary", op: at.text, left, right: binary(tokens, level + 1, depth), at };
  }
  return left;
}

function unary(tokens: Reader, depth: number): Expr {
  const at = tokens.peek();
  if (depth > DEEPEST) throw new LitmusError("the expression is nested too deeply", at);
  // C's -2147483648 is a long that the machine has, although 2147483648 is none.
  const smallest = tokens.is("-") && SMALLEST_DIGITS.test(tokens.peek(1).text);
  if (smallest && tokens.peek(1).kind === "number") {
    tokens.next();
    tokens.next();
    return { kind: "number", value: SMALLEST, type: LONG, at };
  }
  for (const op of ["!", "-", "~"] as const)
    if (tokens.take(op)) return { kind: "unary", op, of: unary(tokens, depth + 1), at };
  if (tokens.take("+")) return unary(tokens, depth + 1);
  if (tokens.take("*")) return { kind: "star", of: unary(tokens, depth + 1), at };
  if (tokens.take("&")) {
    // `&*x` is x.
    if (tokens.take("*")) return unary(tokens, depth + 1);
    return { kind: "address", name: tokens.name("the name of a word").text, at };
  }
  if (tokens.is("++") || tokens.is("--"))
    throw new LitmusError(`"${at.text}" inside an expression is not supported`, at, "Make it a statement.");
  if (tokens.take("(")) return brackets(tokens, depth, at);
  if (at.kind === "number") return { kind: "number", ...tokens.literal(), at };
  const name = tokens.name("an expression");
  refuseArray(tokens);
  if (tokens.is("->") || tokens.is("."))
    throw new LitmusError("fields of structs are not supported", tokens.peek(), "Use a word for each field.");
  if (name.text === "NULL" || name.text === "false") return { kind: "number", value: 0, type: INT, at };
  if (name.text === "true") return { kind: "number", value: 1, type: INT, at };
  if (!tokens.take("(")) return { kind: "name", name: name.text, at };
  const args: Expr[] = [];
  while (!tokens.take(")")) {
    if (args.length > 0) tokens.expect(",");
    args.push(choice(tokens, depth + 1));
  }
  // They say what the compiler may expect, and change nothing.
  const [only] = args;
  if (/^(un)?likely$/.test(name.text) && only !== undefined && args.length === 1) return only;
  return { kind: "call", name: name.text, args, at };
}

/** Reads on after "(": a cast, or an expression. */
function brackets(tokens: Reader, depth: number, at: Expr["at"]): Expr {
  if (beginsType(tokens.peek().text)) {
    const type = readType(tokens) ?? INT;
    tokens.expect(")", "after the type of a cast");
    return { kind: "cast", type, of: unary(tokens, depth + 1), at };
  }
  const inner = choice(tokens, depth + 1);
  if (tokens.is("="))
    throw new LitmusError(
      "an assignment inside an expression is not supported",
      tokens.peek(),
      "Make it a statement.",
    );
  tokens.expect(")");
  return inner;
}
