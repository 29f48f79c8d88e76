import type { Expr, Statement } from "./syntax.js";

/** Every expression in some statements. */
export function expressionsOf(statements: readonly Statement[]): Expr[] {
  return statements.flatMap((s) => {
    if (s.kind === "if") return [s.test, ...expressionsOf(s.then), ...expressionsOf(s.otherwise)];
    if (s.kind === "loop") return [s.test, ...expressionsOf(s.body), ...expressionsOf(s.step)];
    if (s.kind === "assign") return [s.target, s.value];
    return s.value === undefined ? [] : [s.value];
  });
}

/** The expressions that an expression consists of. */
export function childrenOf(e: Expr): readonly Expr[] {
  if (e.kind === "star" || e.kind === "unary" || e.kind === "cast") return [e.of];
  if (e.kind === "choice") return [e.test, e.yes, e.no];
  if (e.kind === "binary") return [e.left, e.right];
  return e.kind === "call" ? e.args : [];
}

/** Every call in some statements. */
export function callsIn(statements: readonly Statement[]): Extract<Expr, { kind: "call" }>[] {
  const inside = (e: Expr): Extract<Expr, { kind: "call" }>[] => [
    ...(e.kind === "call" ? [e] : []),
    ...childrenOf(e).flatMap(inside),
  ];
  return expressionsOf(statements).flatMap(inside);
}
