import { callsIn, childrenOf, expressionsOf } from "./expressions.js";
import type { Expr, Statement } from "./syntax.js";
import { type Scope, typeOf } from "./typing.js";

type Loop = Extract<Statement, { kind: "loop" }>;

/** Functions that change nothing, whoever calls them how often. */
const HARMLESS =
  /^(READ_ONCE|rcu_dereference(_raw)?|rcu_access_pointer|smp_load_acquire|atomic(64|_long)?_read(_acquire)?|spin_is_locked|smp_r?mb|smp_wmb|barrier|cpu_relax|smp_read_barrier_depends)$/;
/** Functions that change nothing when they fail. */
const MAY_FAIL = /^(atomic(64|_long)?_)?cmpxchg(_relaxed|_acquire|_release)?$|_trylock$/;

/**
 * Does a loop only wait: could each round but the last be left out, and nobody would know? Then it changes no word in
 * these, and what it leaves in locals is from the last round alone. An execution without the earlier rounds is one of
 * the same program, since all that they did was to read.
 */
export function waits({ test, body, step, last }: Loop, scope: Scope): boolean {
  const statements = [...body, ...step];
  if (!statements.every(isQuiet)) return false;
  const all = [...expressionsOf(statements), test];
  const calls = [...callsIn(statements), ...callsIn([{ kind: "expression", value: test, at: test.at }])];
  if (calls.some(({ name }) => !HARMLESS.test(name) && !MAY_FAIL.test(name))) return false;
  if (statements.length > 0 && callsIn(statements).some(({ name }) => MAY_FAIL.test(name))) return false;
  if (!onlyFails(test)) return false;
  // A plain load may be done once, before the loop.
  if (all.some((e) => hasPlainLoad(e, scope))) return false;
  const assigned = new Set(namesAssigned(statements));
  const known = new Set<string>();
  return readsOwn(statements, assigned, known) && (last || readsOnly(test, assigned, known));
}

/** Does the body leave anything in locals? */
export function leavesLocals({ body, step }: Loop): boolean {
  return namesAssigned([...body, ...step]).length > 0;
}

function isQuiet(s: Statement): boolean {
  if (s.kind === "if") return [...s.then, ...s.otherwise].every(isQuiet);
  if (s.kind === "loop") return false;
  return s.kind !== "assign" || s.target.kind === "name";
}

/** If a function in the test may succeed, the loop is over then: `cmpxchg(x, 0, 1) != 0`, `!spin_trylock(x)`. */
function onlyFails(test: Expr): boolean {
  if (test.kind === "unary" && test.op === "!" && test.of.kind === "call" && /_trylock$/.test(test.of.name))
    return true;
  if (
    test.kind === "binary" &&
    test.op === "!=" &&
    test.left.kind === "call" &&
    MAY_FAIL.test(test.left.name)
  ) {
    const [, old] = test.left.args;
    return old?.kind === "number" && test.right.kind === "number" && old.value === test.right.value;
  }
  if (test.kind === "call" && MAY_FAIL.test(test.name) && !test.name.endsWith("_trylock"))
    return test.args[1]?.kind === "number" && test.args[1].value === 0;
  return !callsIn([{ kind: "expression", value: test, at: test.at }]).some(({ name }) => MAY_FAIL.test(name));
}

function hasPlainLoad(e: Expr, scope: Scope): boolean {
  if (e.kind === "star") return typeOf(e, scope).volatile !== true || hasPlainLoad(e.of, scope);
  if (e.kind !== "call") return childrenOf(e).some((child) => hasPlainLoad(child, scope));
  // The word that a function is given is not loaded.
  return e.args.some((arg, n) => hasPlainLoad(n === 0 && arg.kind === "star" ? arg.of : arg, scope));
}

function namesAssigned(statements: readonly Statement[]): string[] {
  return statements.flatMap((s) => {
    if (s.kind === "declare") return [s.name];
    if (s.kind === "assign") return s.target.kind === "name" ? [s.target.name] : [];
    return s.kind === "if" ? namesAssigned([...s.then, ...s.otherwise]) : [];
  });
}

/** Is each local that a round assigns read only after this round has assigned it? `known` gets those that it has. */
function readsOwn(
  statements: readonly Statement[],
  assigned: ReadonlySet<string>,
  known: Set<string>,
): boolean {
  for (const s of statements) {
    if (s.kind === "if") {
      if (!readsOnly(s.test, assigned, known)) return false;
      const [then, otherwise] = [new Set(known), new Set(known)];
      if (!readsOwn(s.then, assigned, then) || !readsOwn(s.otherwise, assigned, otherwise)) return false;
      for (const name of then) if (otherwise.has(name)) known.add(name);
      // What only one way assigns would keep, on the other, what an earlier round left.
      if ([...then, ...otherwise].some((name) => !known.has(name))) return false;
      continue;
    }
    if (s.kind === "loop") return false;
    if (s.value !== undefined && !readsOnly(s.value, assigned, known)) return false;
    if (s.kind === "declare") known.add(s.name);
    else if (s.kind === "assign" && s.target.kind === "name") known.add(s.target.name);
  }
  return true;
}

function readsOnly(e: Expr, assigned: ReadonlySet<string>, known: ReadonlySet<string>): boolean {
  if (e.kind === "name") return !assigned.has(e.name) || known.has(e.name);
  return childrenOf(e).every((child) => readsOnly(child, assigned, known));
}
