import type { Position } from "../litmus/lexer.js";
import { OPERATIONS } from "../litmus/operations.js";
import type { Expr, Litmus, Statement } from "../litmus/syntax.js";

type Call = Extract<Expr, { kind: "call" }>;

/** A test with one thing that orders left out. */
export interface Mutant {
  /** `P0 2:19: smp_mb() is barrier()`. */
  readonly name: string;
  readonly at: Position;
  readonly litmus: Litmus;
}

/** A function, and whether it takes the arguments of the one that it replaces. */
interface Weaker {
  readonly name: string;
  readonly keeps: boolean;
}

const BARRIER: Weaker = { name: "barrier", keeps: false };
const NOTHING: Weaker = { name: "smp_read_barrier_depends", keeps: false };

/** What each function that orders becomes. */
const WEAKER: ReadonlyMap<string, Weaker> = new Map<string, Weaker>([
  ...["smp_mb", "smp_rmb", "smp_wmb", "smp_memb"].map((name) => [name, BARRIER] as const),
  ...["smp_mb__before_atomic", "smp_mb__after_atomic", "smp_mb__after_spinlock"].map(
    (name) => [name, BARRIER] as const,
  ),
  ...["smp_mb__after_unlock_lock", "smp_mb__after_srcu_read_unlock"].map((name) => [name, BARRIER] as const),
  ...["synchronize_rcu", "synchronize_srcu"].flatMap((name) => [
    [name, BARRIER] as const,
    [`${name}_expedited`, BARRIER] as const,
  ]),
  ["barrier", NOTHING],
  ["smp_store_release", { name: "atomic_set", keeps: true }],
  ["smp_load_acquire", { name: "atomic_read", keeps: true }],
  ["rcu_assign_pointer", { name: "WRITE_ONCE", keeps: true }],
  ["smp_store_mb", { name: "WRITE_ONCE", keeps: true }],
]);

/** Calls of which one is nothing without the other: all of a thread's are left out together. */
const PAIRS = [
  /^s?rcu_read_(un)?lock$/,
  /^srcu_(down|up)_read$/,
  /^spin_(un)?lock$/,
  /^(down|up|downgrade)_(read|write)$/,
  /^mutex_(un)?lock$/,
];

/** Every mutant of a test: each call that orders, weakened; and each thread without its sections or its locks. */
export function mutantsOf(litmus: Litmus): Mutant[] {
  return litmus.threads.flatMap(({ body, at }, thread) => {
    const mutants: Mutant[] = [];
    const add = (what: string, place: Position, statements: readonly Statement[]): void => {
      const threads = litmus.threads.map((one, n) => (n === thread ? { ...one, body: statements } : one));
      mutants.push({
        name: `P${thread} ${place.line}:${place.column}: ${what}`,
        at: { line: place.line, column: place.column },
        litmus: { ...litmus, threads },
      });
    };
    const calls: Call[] = [];
    changed(body, (call) => {
      calls.push(call);
      return call;
    });
    for (const call of calls) {
      const weaker = weakerOf(call.name);
      if (weaker === undefined) continue;
      const args = weaker.keeps ? call.args : [];
      const replaced = changed(body, (one) =>
        one.at === call.at ? { ...one, name: weaker.name, args } : one,
      );
      add(
        `${call.name}() is ${weaker.name === NOTHING.name ? "nothing" : `${weaker.name}()`}`,
        call.at,
        replaced,
      );
    }
    for (const pair of PAIRS) {
      const of = calls.filter(({ name }) => pair.test(name)).map(({ name }) => name);
      if (of.length === 0) continue;
      const without = changed(body, (one) =>
        pair.test(one.name) ? { ...one, name: BARRIER.name, args: [] } : one,
      );
      add(`${[...new Set(of)].join("() and ")}() are barrier()`, at, without);
    }
    return mutants;
  });
}

function weakerOf(name: string): Weaker | undefined {
  const known = WEAKER.get(name);
  if (known !== undefined) return known;
  const relaxed = `${name}_relaxed`;
  return OPERATIONS.has(relaxed) ? { name: relaxed, keeps: true } : undefined;
}

/** The statements with each call changed, the inner ones first. */
function changed(statements: readonly Statement[], change: (call: Call) => Call): Statement[] {
  const expr = (e: Expr): Expr => {
    switch (e.kind) {
      case "star":
      case "unary":
      case "cast":
        return { ...e, of: expr(e.of) };
      case "choice":
        return { ...e, test: expr(e.test), yes: expr(e.yes), no: expr(e.no) };
      case "binary":
        return { ...e, left: expr(e.left), right: expr(e.right) };
      case "call":
        return change({ ...e, args: e.args.map(expr) });
      default:
        return e;
    }
  };
  const statement = (s: Statement): Statement => {
    switch (s.kind) {
      case "declare":
        return s.value === undefined ? s : { ...s, value: expr(s.value) };
      case "assign":
        return { ...s, target: expr(s.target), value: expr(s.value) };
      case "expression":
        return { ...s, value: expr(s.value) };
      case "if": {
        const test = expr(s.test);
        const [then, otherwise] = [changed(s.then, change), changed(s.otherwise, change)];
        return { ...s, test, then, otherwise };
      }
      case "loop":
        return { ...s, test: expr(s.test), body: changed(s.body, change), step: changed(s.step, change) };
    }
  };
  return statements.map(statement);
}
