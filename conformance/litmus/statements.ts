import { parseExpr, refuseArray } from "./c-expressions.js";
import { LitmusError, type Token } from "./lexer.js";
import type { Reader } from "./reader.js";
import type { Expr, Statement } from "./syntax.js";
import { beginsType, INT, readBase, readStars } from "./types.js";

/** How deeply blocks may be nested. */
const DEEPEST = 40;

/** Reads `{ ... }`. */
export function parseBlock(tokens: Reader, depth = 0): Statement[] {
  tokens.expect("{");
  const statements: Statement[] = [];
  while (!tokens.take("}")) {
    if (isAfterThreads(tokens)) throw new LitmusError('a "}" is missing before this', tokens.peek());
    statements.push(...statement(tokens, depth));
  }
  return statements;
}

/** Does something begin here that stands behind a thread: the next one, or the condition? */
function isAfterThreads(tokens: Reader): boolean {
  const at = tokens.is("~") ? 1 : 0;
  const { text } = tokens.peek(at);
  if (text === "locations") return tokens.is("[", at + 1);
  return /^(exists|forall|filter|P\d+)$/.test(text) && tokens.is("(", at + 1);
}

const INSTEAD: ReadonlyMap<string, string> = new Map([
  ["goto", "Write what follows under an if, or as a loop with while."],
  ["switch", "Write it as if and else."],
  ["return", "Write what would not be done under an if."],
  ["break", "Put it into the loop's test."],
  ["continue", "Write what would not be done under an if."],
]);

function statement(tokens: Reader, depth: number): Statement[] {
  const at = tokens.peek();
  if (depth > DEEPEST) throw new LitmusError("blocks are nested too deeply", at);
  if (tokens.take(";")) return [];
  if (tokens.is("{")) return parseBlock(tokens, depth + 1);
  const instead = INSTEAD.get(at.text);
  if (instead !== undefined) throw new LitmusError(`"${at.text}" is not supported`, at, instead);
  if (tokens.is(":", 1)) throw new LitmusError("labels are not supported", at, INSTEAD.get("goto"));
  if (tokens.take("if")) {
    const test = inBrackets(tokens);
    const then = statement(tokens, depth + 1);
    return [
      { kind: "if", test, then, otherwise: tokens.take("else") ? statement(tokens, depth + 1) : [], at },
    ];
  }
  if (["while", "for", "do"].includes(at.text)) return loop(tokens, depth);
  if (beginsType(at.text)) return declaration(tokens);
  if (at.kind === "name" && (tokens.peek(1).kind === "name" || starredName(tokens))) unknownType(tokens);
  const simple = assignment(tokens);
  tokens.expect(";");
  return [simple];
}

/** `foo_t *x = ...`: a multiplication would not stand there. */
const starredName = (tokens: Reader): boolean =>
  tokens.is("*", 1) && tokens.peek(2).kind === "name" && ["=", ";", ","].some((sign) => tokens.is(sign, 3));

/** Refuses what stands where a type is expected. */
export function unknownType(tokens: Reader): never {
  const at = tokens.peek();
  if (at.kind !== "name") return tokens.fail("a type");
  const hint = /^(atomic_(u?int|u?long|bool|flag)|_Atomic)$/.test(at.text)
    ? "This is C11, not the kernel's C: use int *, READ_ONCE(), smp_load_acquire(), smp_store_release(), xchg()."
    : "Known are C's integers, bool, u8 to s64, size_t, atomic_t, atomic64_t, spinlock_t and any struct.";
  throw new LitmusError(`unknown type "${at.text}"`, at, hint);
}

function inBrackets(tokens: Reader): Expr {
  tokens.expect("(");
  const test = parseExpr(tokens);
  tokens.expect(")");
  return test;
}

function loop(tokens: Reader, depth: number): Statement[] {
  const at = tokens.next();
  if (at.text === "while") {
    const test = inBrackets(tokens);
    return [{ kind: "loop", test, body: statement(tokens, depth + 1), step: [], last: false, at }];
  }
  if (at.text === "do") {
    const body = statement(tokens, depth + 1);
    tokens.expect("while", "after the body of do");
    const test = inBrackets(tokens);
    tokens.expect(";");
    return [{ kind: "loop", test, body, step: [], last: true, at }];
  }
  tokens.expect("(");
  const first = beginsType(tokens.peek().text) ? declaration(tokens) : [...simpleUntil(tokens, ";")];
  const begin = tokens.peek();
  if (tokens.is(";")) throw new LitmusError("a loop without a test never ends", begin);
  const test = parseExpr(tokens);
  tokens.expect(";");
  const step = simpleUntil(tokens, ")");
  return [...first, { kind: "loop", test, body: statement(tokens, depth + 1), step, last: false, at }];
}

/** Reads `i = 0, j++` up to a sign, which may come at once. */
function simpleUntil(tokens: Reader, end: string): Statement[] {
  const all: Statement[] = [];
  while (!tokens.take(end)) {
    if (all.length > 0) tokens.expect(",");
    all.push(assignment(tokens));
  }
  return all;
}

/** Reads an assignment, `i++`, or an expression, without the semicolon. */
function assignment(tokens: Reader): Statement {
  const at = tokens.peek();
  for (const sign of ["++", "--"] as const)
    if (tokens.take(sign)) return changed(parseExpr(tokens, "unary"), sign, at);
  const target = parseExpr(tokens);
  for (const sign of ["++", "--"] as const) if (tokens.take(sign)) return changed(target, sign, at);
  if (tokens.take("=")) return { kind: "assign", target, value: parseExpr(tokens), at };
  const sign = tokens.peek();
  const op = /^(<<|>>|[+\-*/%&|^])=$/.exec(sign.text)?.[1];
  if (op === undefined || sign.kind !== "sign") return { kind: "expression", value: target, at };
  tokens.next();
  return { kind: "assign", target, value: combined(op, target, parseExpr(tokens), at), at };
}

const changed = (target: Expr, sign: "++" | "--", at: Token): Statement => {
  const one: Expr = { kind: "number", value: 1, type: INT, at };
  return { kind: "assign", target, value: combined(sign[0] as string, target, one, at), at };
};

/** `target op right`. The target is evaluated twice then, which must not show. */
function combined(op: string, target: Expr, right: Expr, at: Token): Expr {
  const simple = target.kind === "name" || (target.kind === "star" && target.of.kind === "name");
  if (!simple)
    throw new LitmusError(
      `the left side of ${op}= must be a local, or *p with a name for p`,
      target.at,
      "Put the pointer into a local first.",
    );
  return { kind: "binary", op, left: target, right, at };
}

function declaration(tokens: Reader): Statement[] {
  const base = readBase(tokens) ?? unknownType(tokens);
  const statements: Statement[] = [];
  do {
    const type = readStars(tokens, base);
    const at = tokens.name("the name of a local");
    refuseArray(tokens);
    statements.push({
      kind: "declare",
      name: at.text,
      type,
      ...(tokens.take("=") && { value: parseExpr(tokens) }),
      at,
    });
  } while (tokens.take(","));
  tokens.expect(";");
  return statements;
}
