import type { Token } from "./lexer.js";
import type { CType } from "./types.js";

/** An expression of a litmus test's C. */
export type Expr =
  /** The value as the machine keeps it (numbers.ts). */
  | { readonly kind: "number"; readonly value: number; readonly type: CType; readonly at: Token }
  | { readonly kind: "name"; readonly name: string; readonly at: Token }
  /** `&x` */
  | { readonly kind: "address"; readonly name: string; readonly at: Token }
  /** `*x` */
  | { readonly kind: "star"; readonly of: Expr; readonly at: Token }
  | { readonly kind: "unary"; readonly op: "!" | "-" | "~"; readonly of: Expr; readonly at: Token }
  | {
      readonly kind: "binary";
      readonly op: string;
      readonly left: Expr;
      readonly right: Expr;
      readonly at: Token;
    }
  /** `test ? yes : no` */
  | {
      readonly kind: "choice";
      readonly test: Expr;
      readonly yes: Expr;
      readonly no: Expr;
      readonly at: Token;
    }
  /** `(type)of` */
  | { readonly kind: "cast"; readonly type: CType; readonly of: Expr; readonly at: Token }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expr[]; readonly at: Token };

export type Statement =
  | {
      readonly kind: "declare";
      readonly name: string;
      readonly type: CType;
      readonly value?: Expr;
      readonly at: Token;
    }
  | { readonly kind: "assign"; readonly target: Expr; readonly value: Expr; readonly at: Token }
  | { readonly kind: "expression"; readonly value: Expr; readonly at: Token }
  | {
      readonly kind: "if";
      readonly test: Expr;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
      readonly at: Token;
    }
  /** `for (...; test; step) body`, `while (test) body`, and `do body while (test)`, which looks at the test last. */
  | {
      readonly kind: "loop";
      readonly test: Expr;
      readonly body: readonly Statement[];
      readonly step: readonly Statement[];
      readonly last: boolean;
      readonly at: Token;
    };

/** A value, initial or in the condition: a number, or the address of a word. */
export type Constant =
  | { readonly kind: "number"; readonly value: bigint; readonly at: Token }
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
  /** What it is declared as, if anything. */
  readonly type?: CType;
  readonly value: Constant;
}

export interface Thread {
  readonly parameters: readonly { readonly name: string; readonly type: CType; readonly at: Token }[];
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
  /** Does the file end without a condition? It is then `forall (true)`, as in herd. */
  readonly unconditional?: true;
  /** What the file itself says about its result: `Result: Never` in a comment. */
  readonly declared?: Observation;
}
