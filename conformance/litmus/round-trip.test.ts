import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeText, propositionText } from "./condition.js";
import { parseLitmus } from "./parser.js";
import type { Constant, Expr, Litmus, Place, Proposition, Statement, Term } from "./syntax.js";
import { type CType, INT } from "./types.js";

const at = { kind: "name", text: "", line: 0, column: 0 } as const;

const local = fc.constantFrom("r0", "r1", "ptr");
const word = fc.constantFrom("x", "y", "z");
const number = fc.nat(999);
const BINARY = [
  "||",
  "&&",
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "+",
  "-",
  "*",
  "&",
  "|",
  "^",
  "<<",
  ">>",
  "/",
  "%",
] as const;
const POINTER: CType = { kind: "pointer", to: INT };
const TYPES: readonly (readonly [string, CType])[] = [
  ["int *", POINTER],
  ["int **", { kind: "pointer", to: POINTER }],
  ["volatile long *", { kind: "pointer", to: { kind: "int", bits: 64, signed: true, volatile: true } }],
  ["unsigned int", { kind: "int", bits: 32, signed: false }],
  ["u8", { kind: "int", bits: 8, signed: false }],
];
const type = fc.constantFrom(...TYPES.map(([, one]) => one));
const typeText = (one: CType): string =>
  TYPES.find(([, known]) => JSON.stringify(known) === JSON.stringify(one))?.[0] ?? "?";

const { expr } = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    number.map((value): Expr => ({ kind: "number", value, type: INT, at })),
    fc.oneof(local, word).map((name): Expr => ({ kind: "name", name, at })),
    word.map((name): Expr => ({ kind: "address", name, at })),
    tie("expr").map((of): Expr => ({ kind: "star", of, at })),
    fc
      .tuple(fc.constantFrom("!" as const, "-" as const, "~" as const), tie("expr"))
      .map(([op, of]): Expr => ({ kind: "unary", op, of, at })),
    fc
      .tuple(fc.constantFrom(...BINARY), tie("expr"), tie("expr"))
      .map(([op, left, right]): Expr => ({ kind: "binary", op, left, right, at })),
    fc.tuple(type, tie("expr")).map(([to, of]): Expr => ({ kind: "cast", type: to, of, at })),
    fc
      .tuple(tie("expr"), tie("expr"), tie("expr"))
      .map(([test, yes, no]): Expr => ({ kind: "choice", test, yes, no, at })),
    fc
      .tuple(fc.constantFrom("READ_ONCE", "cmpxchg"), fc.array(tie("expr"), { maxLength: 3 }))
      .map(([name, args]): Expr => ({ kind: "call", name, args, at })),
  ),
}));

const { statement } = fc.letrec<{ statement: Statement }>((tie) => ({
  statement: fc.oneof(
    { depthSize: "small" },
    fc
      .tuple(local, type, fc.option(expr, { nil: undefined }))
      .map(
        ([name, is, value]): Statement => ({ kind: "declare", name, type: is, ...(value && { value }), at }),
      ),
    fc.tuple(expr, expr).map(([target, value]): Statement => ({ kind: "assign", target, value, at })),
    expr.map((value): Statement => ({ kind: "expression", value, at })),
    fc
      .tuple(expr, fc.array(tie("statement"), { maxLength: 2 }), fc.array(tie("statement"), { maxLength: 2 }))
      .map(([test, then, otherwise]): Statement => ({ kind: "if", test, then, otherwise, at })),
    fc
      .tuple(expr, fc.array(tie("statement"), { maxLength: 2 }), fc.boolean())
      .map(([test, body, last]): Statement => ({ kind: "loop", test, body, step: [], last, at })),
    fc.tuple(expr, expr, expr).map(
      ([test, target, value]): Statement => ({
        kind: "loop",
        test,
        body: [],
        step: [{ kind: "assign", target, value, at }],
        last: false,
        at,
      }),
    ),
  ),
}));

const place: fc.Arbitrary<Place> = fc.oneof(
  word.map((name) => ({ name, at })),
  fc.tuple(fc.nat(3), local).map(([thread, name]) => ({ thread, name, at })),
);
const constant: fc.Arbitrary<Constant> = fc.oneof(
  fc.integer({ min: -99, max: 99 }).map((value): Constant => ({ kind: "number", value: BigInt(value), at })),
  word.map((name): Constant => ({ kind: "address", name, at })),
);
const term: fc.Arbitrary<Term> = fc.oneof(
  { weight: 3, arbitrary: constant },
  { weight: 1, arbitrary: place.map((one): Term => ({ kind: "place", place: one })) },
);
const { proposition } = fc.letrec<{ proposition: Proposition }>((tie) => ({
  proposition: fc.oneof(
    { depthSize: "small" },
    fc.constant<Proposition>({ kind: "true" }),
    fc
      .tuple(place, fc.boolean(), term)
      .map(([p, not, value]): Proposition => ({ kind: "is", place: p, not, value })),
    tie("proposition").map((of): Proposition => ({ kind: "not", of })),
    fc
      .tuple(fc.constantFrom("and" as const, "or" as const), tie("proposition"), tie("proposition"))
      .map(([kind, left, right]): Proposition => ({ kind, left, right })),
  ),
}));

const litmus: fc.Arbitrary<Litmus> = fc.record(
  {
    name: fc.constantFrom("SB", "2+2W+o-r", "C-LB"),
    initial: fc.uniqueArray(fc.record({ place, value: constant, type }), {
      selector: (one) => placeText(one.place),
      maxLength: 4,
    }),
    threads: fc.array(
      fc.record({
        parameters: fc.uniqueArray(fc.record({ name: word, type, at: fc.constant(at) }), {
          selector: ({ name }) => name,
          maxLength: 3,
        }),
        body: fc.array(statement, { maxLength: 4 }),
        at: fc.constant(at),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    locations: fc.array(place, { maxLength: 3 }),
    filter: proposition,
    quantifier: fc.constantFrom("exists" as const, "~exists" as const, "forall" as const),
    condition: proposition,
    declared: fc.constantFrom("Never" as const, "Sometimes" as const, "Always" as const),
  },
  { requiredKeys: ["name", "initial", "threads", "locations", "quantifier", "condition"] },
);

function exprText(e: Expr): string {
  switch (e.kind) {
    case "number":
      return `${e.value}`;
    case "name":
      return e.name;
    case "address":
      return `&${e.name}`;
    case "star":
      return `*(${exprText(e.of)})`;
    case "unary":
      return `${e.op}(${exprText(e.of)})`;
    case "binary":
      return `(${exprText(e.left)}) ${e.op} (${exprText(e.right)})`;
    case "cast":
      return `(${typeText(e.type)})(${exprText(e.of)})`;
    case "choice":
      return `((${exprText(e.test)}) ? ${exprText(e.yes)} : ${exprText(e.no)})`;
    case "call":
      return `${e.name}(${e.args.map(exprText).join(", ")})`;
  }
}

function statementText(s: Statement): string {
  switch (s.kind) {
    case "declare":
      return `${typeText(s.type)} ${s.name}${s.value === undefined ? "" : ` = ${exprText(s.value)}`};`;
    case "assign":
      return `${exprText(s.target)} = ${exprText(s.value)};`;
    case "expression":
      return `${exprText(s.value)};`;
    case "if":
      return `if (${exprText(s.test)}) ${blockText(s.then)} else ${blockText(s.otherwise)}`;
    case "loop": {
      if (s.last) return `do ${blockText(s.body)} while (${exprText(s.test)});`;
      const [step] = s.step;
      if (step === undefined) return `while (${exprText(s.test)}) ${blockText(s.body)}`;
      return `for (; ${exprText(s.test)}; ${statementText(step).slice(0, -1)}) ${blockText(s.body)}`;
    }
  }
}

const blockText = (body: readonly Statement[]): string => `{ ${body.map(statementText).join("\n")} }`;
const constantText = (c: Constant): string => (c.kind === "number" ? `${c.value}` : `&${c.name}`);

function litmusText(test: Litmus): string {
  const threads = test.threads.map(
    ({ parameters, body }, n) =>
      `P${n}(${parameters.map(({ name, type: is }) => `${typeText(is)} ${name}`).join(", ")})\n${blockText(body)}`,
  );
  return [
    `C ${test.name}`,
    ...(test.declared === undefined ? [] : [`(*\n * Result: ${test.declared}\n *)`]),
    `{ ${test.initial.map(({ place: p, value, type: is }) => `${is ? typeText(is) : ""} ${placeText(p)} = ${constantText(value)};`).join(" ")} }`,
    ...threads,
    `locations [${test.locations.map(placeText).join("; ")}]`,
    ...(test.filter === undefined ? [] : [`filter (${propositionText(test.filter)})`]),
    `${test.quantifier} (${propositionText(test.condition)})`,
  ].join("\n");
}

/** Without the positions in the file. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
      key === "at" ? [] : [[key, bare(inner)]],
    ),
  );
}

/** `a or (b or c)` is read as it is written, and written as it is read: as `(a or b) or c`. */
function leftmost(p: Proposition): Proposition {
  if (p.kind === "not") return { kind: "not", of: leftmost(p.of) };
  if (p.kind !== "and" && p.kind !== "or") return p;
  const all = flat(p, p.kind).map(leftmost);
  return all.reduce((left, right) => ({ kind: p.kind, left, right }));
}

function flat(p: Proposition, kind: "and" | "or"): Proposition[] {
  return p.kind === kind ? [...flat(p.left, kind), ...flat(p.right, kind)] : [p];
}

describe("a test that is printed", () => {
  it("is parsed back as the same test", () => {
    fc.assert(
      fc.property(litmus, (test) => {
        const read = parseLitmus(litmusText(test));
        const normal = (one: Litmus): unknown =>
          bare({
            ...one,
            condition: leftmost(one.condition),
            ...(one.filter && { filter: leftmost(one.filter) }),
          });
        expect(normal(read)).toEqual(normal(test));
      }),
      { numRuns: 300 },
    );
  });
});
