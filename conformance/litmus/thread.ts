import { convert } from "./arithmetic.js";
import { Path, type Shared } from "./branches.js";
import { num } from "./formula.js";
import { LitmusError, type Token } from "./lexer.js";
import type { Expr, Statement, Thread } from "./syntax.js";
import { type CType, LONG, shape } from "./types.js";
import { typeOf } from "./typing.js";
import { branch, evaluate, evaluateAs, given, limit, modeOf } from "./values.js";
import { leavesLocals, waits } from "./waits.js";

/** All ways through a thread, each as straight-line code for the machine. Throws LitmusError. */
export function pathsOf(
  thread: Thread,
  number: number,
  shared: Shared,
  initial: ReadonlyMap<string, number> = new Map(),
): Path[] {
  const parameters = new Set(thread.parameters.map(({ name }) => name));
  const start = new Path(shared, number, parameters, typesIn(thread));
  for (const name of localsOf(thread.body)) if (!parameters.has(name)) start.locals.set(name, num(0));
  for (const [name, value] of initial) start.locals.set(name, num(value));
  const paths = run(thread.body, start);
  const inside = ({ open }: Path): boolean => [...open.values()].some((slots) => slots.length > 0);
  if (paths.some((path) => inside(path) && path.fault === undefined))
    throw new LitmusError(`P${number} ends inside a read-side section`, thread.at);
  return paths;
}

/** What each parameter and each declared local of a thread is. Of two declarations of one name the wider counts. */
export function typesIn({ parameters, body }: Thread): ReadonlyMap<string, CType> {
  const types = new Map<string, CType>(parameters.map(({ name, type }) => [name, type]));
  for (const { name, type } of declarationsIn(body)) {
    const known = types.get(name);
    if (known === undefined || shape(type).bits > shape(known).bits) types.set(name, type);
  }
  return types;
}

function declarationsIn(statements: readonly Statement[]): Extract<Statement, { kind: "declare" }>[] {
  return statements.flatMap((s) => {
    if (s.kind === "declare") return [s];
    if (s.kind === "if") return declarationsIn([...s.then, ...s.otherwise]);
    return s.kind === "loop" ? declarationsIn(s.body) : [];
  });
}

/** The names that a thread assigns to; a test need not declare them, and an unassigned one is 0. */
export function localsOf(statements: readonly Statement[]): string[] {
  return statements.flatMap((s) => {
    if (s.kind === "declare") return [s.name];
    if (s.kind === "assign") return s.target.kind === "name" ? [s.target.name] : [];
    if (s.kind === "loop") return localsOf([...s.body, ...s.step]);
    return s.kind === "if" ? [...localsOf(s.then), ...localsOf(s.otherwise)] : [];
  });
}

function run(statements: readonly Statement[], start: Path): Path[] {
  let paths = [start];
  for (const statement of statements) {
    paths = paths.flatMap((path) => (path.fault === undefined ? step(statement, path) : [path]));
    limit(paths, statement.at);
  }
  return paths;
}

function step(statement: Statement, path: Path): Path[] {
  const { at } = statement;
  switch (statement.kind) {
    case "declare": {
      const { name, value } = statement;
      if (path.parameters.has(name)) throw new LitmusError(`"${name}" is already a parameter`, at);
      return value === undefined ? [path] : assign(name, value, path);
    }
    case "assign": {
      const { target, value } = statement;
      if (target.kind === "star") return storePlain(target, value, path);
      if (target.kind !== "name" || path.parameters.has(target.name))
        throw new LitmusError("the left side of = must be a local, or a word as *x", target.at);
      return assign(target.name, value, path);
    }
    case "expression":
      return evaluate(statement.value, path).map(([after]) => after);
    case "loop":
      return waits(statement, path.scope) ? wait(statement, path) : turn(statement, path, 1);
    case "if": {
      const assigned = [...localsOf(statement.then), ...localsOf(statement.otherwise)];
      return choose(statement.test, path, at, assigned, (taken, way) =>
        run(taken ? statement.then : statement.otherwise, way),
      );
    }
  }
}

/** How often a loop may go round, and how often if its test is known only when the program runs. */
const MOST_TURNS = 64;
const MOST_OPEN_TURNS = 16;

function endless(at: Token, most: number): LitmusError {
  const hint =
    "A loop must end by a number that is known, as in for (int i = 0; i < 3; i++), or only wait for a word, as in\n" +
    "while (READ_ONCE(*x) == 0) ; : then its rounds store nothing, load with READ_ONCE() and its like, and keep nothing.";
  return new LitmusError(`this loop may go round more than ${most} times`, at, hint);
}

/** A loop that does more than wait is taken apart, round by round, as long as its test does not say that it is over. */
function turn(loop: Extract<Statement, { kind: "loop" }>, path: Path, turns: number): Path[] {
  const { test, body, step: after, last, at } = loop;
  if (turns > MOST_TURNS) throw endless(at, MOST_TURNS);
  if (last)
    return run(body, path).flatMap((end) =>
      end.fault === undefined ? turn({ ...loop, last: false }, end, turns) : [end],
    );
  return choose(test, path, at, localsOf([...body, ...after]), (taken, way, known) => {
    if (!taken) return [way];
    if (!known && turns > MOST_OPEN_TURNS) throw endless(at, MOST_OPEN_TURNS);
    return run([...body, ...after], way).flatMap((end) =>
      end.fault === undefined ? turn(loop, end, turns + 1) : [end],
    );
  });
}

/**
 * A loop that only waits is over in its first round, or after one that stands for all; nothing after it is done unless
 * it is over.
 */
function wait(loop: Extract<Statement, { kind: "loop" }>, path: Path): Path[] {
  const { test, body, step: after, last, at } = loop;
  const over = (from: Path): Path[] =>
    evaluate(test, from).flatMap(([end, value]) =>
      branch(value, end, at).flatMap(({ way, taken }) => (taken ? [] : [way])),
    );
  const round = (from: Path): Path[] =>
    run([...body, ...after], from).flatMap((end) => (end.fault === undefined ? over(end) : [end]));
  if (last) return round(path);
  if (!leavesLocals(loop)) return over(path);
  const entered = evaluate(test, path.clone()).flatMap(([end, value]) =>
    branch(value, end, at).flatMap(({ way, taken }) => (taken ? [way] : [])),
  );
  return [...over(path), ...entered.flatMap(round)];
}

/** Goes each way that a test may take; the locals that are assigned on them depend on it from then on. */
function choose(
  test: Expr,
  path: Path,
  at: Token,
  assigned: readonly string[],
  go: (taken: boolean, way: Path, known: boolean) => Path[],
): Path[] {
  return evaluate(test, path).flatMap(([after, value]) =>
    branch(value, after, at).flatMap(({ way, taken, join }) => {
      const ends = go(taken, way, value.kind === "num");
      for (const end of ends) {
        join(end);
        for (const name of assigned) end.locals.set(name, given(end.locals.get(name) ?? num(0), value, at));
      }
      return ends;
    }),
  );
}

function assign(name: string, value: Expr, path: Path): Path[] {
  return evaluateAs(value, path, path.types.get(name) ?? LONG).map(([after, result]) => {
    after.locals.set(name, result);
    return after;
  });
}

/** `*x = value`: a plain store, unless it is to something volatile. */
function storePlain(target: Extract<Expr, { kind: "star" }>, value: Expr, path: Path): Path[] {
  const type = typeOf(target, path.scope);
  return evaluateAs(value, path, type).flatMap(([p, stored]) =>
    evaluate(target.of, p).flatMap(([q, pointer]) =>
      q.targets(pointer, target.at).map(({ path: after, word, test }) => {
        after.store(target.at, modeOf(type), word, convert(stored, type, after.typeOfWord(word)), test);
        return after;
      }),
    ),
  );
}
