import type { Token } from "./lexer.js";

/** An expression of a litmus test's C. */
export type Expr =
  | { readonly kind: "number"; readonly value: number; readonly at: Token }
  | { readonly kind: "name"; readonly name: string; readonly at: Token }
  /** `&x` */
  | { readonly kind: "address"; readonly name: string; readonly at: Token }
  /** `*x` */
  | { readonly kind: "star"; readonly of: Expr; readonly at: Token }
  | { readonly kind: "unary"; readonly op: "!" | "-"; readonly of: Expr; readonly at: Token }
  | {
      readonly kind: "binary";
      readonly op: string;
      readonly left: Expr;
      readonly right: Expr;
      readonly at: Token;
    }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expr[]; readonly at: Token };

export type Statement =
  | { readonly kind: "declare"; readonly name: string; readonly value?: Expr; readonly at: Token }
  | { readonly kind: "assign"; readonly target: Expr; readonly value: Expr; readonly at: Token }
  | { readonly kind: "expression"; readonly value: Expr; readonly at: Token }
  | {
      readonly kind: "if";
      readonly test: Expr;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
      readonly at: Token;
    };

/** A value, initial or in the condition: a number, or the address of a word. */
export type Constant =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "address"; readonly name: string; readonly at: Token };

/** What a test's end is judged by: a word of memory, or a thread's local. */
export interface Place {
  readonly thread?: number;
  readonly name: string;
  readonly at: Token;
}

/** What a place is compared with: a value, or the value of another place. */
export type Term = Constant | { readonly kind: "place"; readonly place: Place };

/** What a condition says about the end. */
export type Proposition =
  | { readonly kind: "true" }
  | { readonly kind: "is"; readonly place: Place; readonly not: boolean; readonly value: Term }
  | { readonly kind: "not"; readonly of: Proposition }
  | { readonly kind: "and" | "or"; readonly left: Proposition; readonly right: Proposition };

/** The initial value of a word or a thread's local. */
export interface Initial {
  readonly place: Place;
  readonly value: Constant;
}

export interface Thread {
  readonly parameters: readonly { readonly name: string; readonly at: Token }[];
  readonly body: readonly Statement[];
  readonly at: Token;
}

export type Quantifier = "exists" | "~exists" | "forall";
export type Observation = "Never" | "Sometimes" | "Always";

/** A litmus test as written. */
export interface Litmus {
  readonly name: string;
  readonly initial: readonly Initial[];
  readonly threads: readonly Thread[];
  readonly locations: readonly Place[];
  readonly filter?: Proposition;
  readonly quantifier: Quantifier;
  readonly condition: Proposition;
  /** What the file itself says about its result: `Result: Never` in a comment. */
  readonly declared?: Observation;
}
