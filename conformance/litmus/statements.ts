import { LitmusError } from "./lexer.js";
import type { Reader } from "./reader.js";
import type { Expr, Statement } from "./syntax.js";
import { skipType, TYPES } from "./types.js";

/** How deeply blocks and brackets may be nested. */
const DEEPEST = 40;
/** How many operators one expression may have. */
const MOST_OPERATORS = 100;

/** Reads `{ ... }`. */
export function parseBlock(tokens: Reader, depth = 0): Statement[] {
  tokens.expect("{");
  const statements: Statement[] = [];
  while (!tokens.take("}")) statements.push(...statement(tokens, depth));
  return statements;
}

function statement(tokens: Reader, depth: number): Statement[] {
  const at = tokens.peek();
  if (depth > DEEPEST) throw new LitmusError("blocks are nested too deeply", at);
  if (tokens.take(";")) return [];
  if (tokens.is("{")) return parseBlock(tokens, depth + 1);
  if (["while", "for", "do", "goto"].includes(at.text))
    throw new LitmusError(
      `"${at.text}": loops are not supported, the machine runs straight-line programs`,
      at,
    );
  if (["switch", "return", "break", "continue"].includes(at.text))
    throw new LitmusError(`"${at.text}" is not supported`, at);
  if (tokens.is(":", 1)) throw new LitmusError("labels are not supported", at);
  if (tokens.take("if")) {
    tokens.expect("(");
    const test = parseExpr(tokens);
    tokens.expect(")");
    const then = statement(tokens, depth + 1);
    return [
      { kind: "if", test, then, otherwise: tokens.take("else") ? statement(tokens, depth + 1) : [], at },
    ];
  }
  if (TYPES.has(at.text)) return declaration(tokens);
  const target = parseExpr(tokens);
  if (tokens.take("=")) {
    const value = parseExpr(tokens);
    tokens.expect(";");
    return [{ kind: "assign", target, value, at }];
  }
  for (const sign of ["+=", "-="] as const) {
    if (!tokens.take(sign)) continue;
    const right = parseExpr(tokens);
    tokens.expect(";");
    const value: Expr = { kind: "binary", op: sign[0] as string, left: target, right, at };
    return [{ kind: "assign", target, value, at }];
  }
  tokens.expect(";");
  return [{ kind: "expression", value: target, at }];
}

function declaration(tokens: Reader): Statement[] {
  skipType(tokens);
  const statements: Statement[] = [];
  do {
    while (tokens.take("*"));
    const at = tokens.name("the name of a local");
    if (tokens.is("[")) throw new LitmusError("arrays are not supported", tokens.peek());
    statements.push({
      kind: "declare",
      name: at.text,
      ...(tokens.take("=") && { value: parseExpr(tokens) }),
      at,
    });
  } while (tokens.take(","));
  tokens.expect(";");
  return statements;
}

const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*"],
];

/** Reads an expression of C: operators that tests use, calls, `*p` and `&x`. */
export function parseExpr(tokens: Reader, level = 0, depth = 0): Expr {
  const signs = LEVELS[level];
  if (signs === undefined) return unary(tokens, depth);
  let left = parseExpr(tokens, level + 1, depth);
  let operators = 0;
  for (let at = tokens.peek(); at.kind === "sign" && signs.includes(at.text); at = tokens.peek()) {
    if (++operators > MOST_OPERATORS) throw new LitmusError("the expression is too long", at);
    tokens.next();
    left = { kind: "binary", op: at.text, left, right: parseExpr(tokens, level + 1, depth), at };
  }
  return left;
}

function unary(tokens: Reader, depth: number): Expr {
  const at = tokens.peek();
  if (depth > DEEPEST) throw new LitmusError("the expression is nested too deeply", at);
  if (tokens.take("!")) return { kind: "unary", op: "!", of: unary(tokens, depth + 1), at };
  if (tokens.take("-")) return { kind: "unary", op: "-", of: unary(tokens, depth + 1), at };
  if (tokens.take("*")) return { kind: "star", of: unary(tokens, depth + 1), at };
  if (tokens.take("&")) return { kind: "address", name: tokens.name("the name of a word").text, at };
  if (tokens.is("++") || tokens.is("--")) throw new LitmusError(`"${at.text}" is not supported`, at);
  if (tokens.take("(")) {
    if (TYPES.has(tokens.peek().text)) {
      skipType(tokens);
      tokens.expect(")", "after the type of a cast");
      return unary(tokens, depth + 1);
    }
    const inner = parseExpr(tokens, 0, depth + 1);
    tokens.expect(")");
    return inner;
  }
  if (at.kind === "number") return { kind: "number", value: tokens.number(), at };
  const name = tokens.name("an expression");
  if (tokens.is("[")) throw new LitmusError("arrays are not supported", tokens.peek());
  if (tokens.is("->") || tokens.is("."))
    throw new LitmusError("fields of structs are not supported", tokens.peek());
  if (name.text === "NULL" || name.text === "false") return { kind: "number", value: 0, at };
  if (name.text === "true") return { kind: "number", value: 1, at };
  if (!tokens.take("(")) return { kind: "name", name: name.text, at };
  const args: Expr[] = [];
  while (!tokens.take(")")) {
    if (args.length > 0) tokens.expect(",");
    args.push(parseExpr(tokens, 0, depth + 1));
  }
  return { kind: "call", name: name.text, args, at };
}
