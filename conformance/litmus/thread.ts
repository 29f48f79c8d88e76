import { Path, type Shared } from "./branches.js";
import { num } from "./formula.js";
import { LitmusError } from "./lexer.js";
import type { Expr, Statement, Thread } from "./syntax.js";
import { branch, evaluate, given, limit } from "./values.js";

/** All ways through a thread, each as straight-line code for the machine. Throws LitmusError. */
export function pathsOf(
  thread: Thread,
  number: number,
  shared: Shared,
  initial: ReadonlyMap<string, number> = new Map(),
): Path[] {
  const parameters = new Set(thread.parameters.map(({ name }) => name));
  const start = new Path(shared, number, parameters);
  for (const name of localsOf(thread.body)) if (!parameters.has(name)) start.locals.set(name, num(0));
  for (const [name, value] of initial) start.locals.set(name, num(value));
  const paths = run(thread.body, start);
  const inside = ({ depths }: Path): boolean => [...depths.values()].some((depth) => depth > 0);
  if (paths.some((path) => inside(path) && path.fault === undefined))
    throw new LitmusError(`P${number} ends inside a read-side section`, thread.at);
  return paths;
}

/** The names that a thread assigns to; a test need not declare them, and an unassigned one is 0. */
export function localsOf(statements: readonly Statement[]): string[] {
  return statements.flatMap((s) => {
    if (s.kind === "declare") return [s.name];
    if (s.kind === "assign") return s.target.kind === "name" ? [s.target.name] : [];
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
    case "if": {
      const assigned = [...localsOf(statement.then), ...localsOf(statement.otherwise)];
      return evaluate(statement.test, path).flatMap(([after, test]) =>
        branch(test, after, at).flatMap(({ way, taken, join }) => {
          const ends = run(taken ? statement.then : statement.otherwise, way);
          for (const end of ends) {
            join(end);
            // Their values now depend on the way taken.
            for (const name of assigned)
              end.locals.set(name, given(end.locals.get(name) ?? num(0), test, at));
          }
          return ends;
        }),
      );
    }
  }
}

function assign(name: string, value: Expr, path: Path): Path[] {
  return evaluate(value, path).map(([after, result]) => {
    after.locals.set(name, result);
    return after;
  });
}

/** `*x = value`: a plain store. */
function storePlain(target: Extract<Expr, { kind: "star" }>, value: Expr, path: Path): Path[] {
  return evaluate(value, path).flatMap(([p, stored]) =>
    evaluate(target.of, p).flatMap(([q, pointer]) =>
      q.targets(pointer, target.at).map(({ path: after, word, test }) => {
        after.store(target.at, "relaxed", word, stored, test);
        return after;
      }),
    ),
  );
}
