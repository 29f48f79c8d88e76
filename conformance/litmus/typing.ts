import { addressArgument, givesTruth, OF_WORDS } from "./operations.js";
import type { Expr } from "./syntax.js";
import { type CType, common, INT, LONG, pointee, promoted } from "./types.js";

/** What the names in a thread are: its parameters and locals; and what each word of the test is. */
export interface Scope {
  readonly types: ReadonlyMap<string, CType>;
  readonly words: ReadonlyMap<string, CType>;
}

const TRUTH = new Set(["==", "!=", "<", "<=", ">", ">=", "&&", "||"]);

/** The type of an expression, which C knows before anything runs. A local without a declaration is a long, as in herd. */
export function typeOf(e: Expr, scope: Scope): CType {
  switch (e.kind) {
    case "number":
    case "cast":
      return e.type;
    case "name":
      return scope.types.get(e.name) ?? LONG;
    case "address":
      return { kind: "pointer", to: scope.words.get(e.name) ?? LONG };
    case "star":
      return pointee(typeOf(e.of, scope));
    case "unary":
      return e.op === "!" ? INT : promoted(typeOf(e.of, scope));
    case "binary":
      if (TRUTH.has(e.op)) return INT;
      if (e.op === "<<" || e.op === ">>") return promoted(typeOf(e.left, scope));
      return common(typeOf(e.left, scope), typeOf(e.right, scope));
    case "choice": {
      const [yes, no] = [typeOf(e.yes, scope), typeOf(e.no, scope)];
      return yes.kind === "pointer" ? yes : no.kind === "pointer" ? no : common(yes, no);
    }
    case "call":
      return givesTruth(e.name) ? INT : wordType(e, scope);
  }
}

/** The type of the word that a function works on; an int if it works on none. */
export function wordType(e: Extract<Expr, { kind: "call" }>, scope: Scope): CType {
  const [first] = e.args;
  if (OF_WORDS.has(e.name)) return first === undefined ? INT : typeOf(first, scope);
  const word = e.args[addressArgument(e.name) ?? -1];
  return word === undefined ? INT : pointee(typeOf(word, scope));
}
