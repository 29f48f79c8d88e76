import type { Path } from "./branches.js";
import { apply, type Formula, num, sizeOf } from "./formula.js";
import { LitmusError, type Token } from "./lexer.js";
import type { Ways } from "./operation.js";
import { OF_WORDS, OPERATIONS } from "./operations.js";
import type { Expr } from "./syntax.js";

/** The ways through a thread's branches. */
const MOST_PATHS = 256;
/** The size of a value's formula. */
const LARGEST_FORMULA = 200;

/** Throws LitmusError when there are too many ways to go on, at the place that made them too many. */
export function limit(ways: readonly unknown[], at: Token): void {
  if (ways.length > MOST_PATHS)
    throw new LitmusError(`there are more than ${MOST_PATHS} ways through the branches and pointers`, at);
}

/** A value that a branch on `test` chose. */
export function given(value: Formula, test: Formula, at: Token): Formula {
  return test.kind === "num" ? value : sized(apply("given", value, test), at);
}

interface Way {
  readonly way: Path;
  readonly taken: boolean;
  /** Call it where both ways have come together. */
  readonly join: (path: Path) => void;
}

/** The ways that a branch may go. */
export function branch(test: Formula, path: Path, at: Token): Way[] {
  if (test.kind === "num") return [{ way: path, taken: test.value !== 0, join: () => undefined }];
  const known = test.kind === "op" && test.op === "given" ? test.args[0] : undefined;
  const ways = known?.kind === "num" ? [known.value !== 0] : [true, false];
  return ways.map((taken) => {
    const way = path.clone();
    const number = way.branch(at, taken ? test : apply("!", test));
    return { way, taken, join: (end) => end.join(number) };
  });
}

/** All ways to evaluate an expression on a path, each with the value that it has there. Throws LitmusError. */
export function evaluate(e: Expr, path: Path): Ways {
  const ways = path.fault === undefined ? valuesOf(e, path) : ([[path, num(0)]] as const);
  limit(ways, e.at);
  return ways;
}

function valuesOf(e: Expr, path: Path): Ways {
  switch (e.kind) {
    case "number":
      return [[path, num(e.value)]];
    case "name":
    case "address":
      return [[path, named(e, path)]];
    case "star":
      return evaluate(e.of, path).flatMap(([p, pointer]) =>
        p
          .targets(pointer, e.at)
          .map(({ path: after, word, test }) => [after, after.load(e.at, "relaxed", word, test)] as const),
      );
    case "unary":
      return evaluate(e.of, path).map(([after, of]) => [
        after,
        e.op === "!" ? apply("!", of) : apply("-", num(0), of),
      ]);
    case "binary":
      return binary(e, path);
    case "call":
      return call(e, path);
  }
}

/** What a name stands for: a local's value, or, for a parameter, the address of the word. */
function named(e: Extract<Expr, { kind: "name" | "address" }>, path: Path): Formula {
  const local = path.locals.get(e.name);
  if (local !== undefined && e.kind === "address")
    throw new LitmusError(`the address of a local, "${e.name}", is not supported`, e.at);
  if (local !== undefined) return local;
  const address = path.shared.addresses.get(e.name);
  if (path.parameters.has(e.name) && address !== undefined) return num(address);
  throw new LitmusError(`"${e.name}" is neither a parameter nor a local of P${path.thread}`, e.at);
}

function binary(e: Extract<Expr, { kind: "binary" }>, path: Path): Ways {
  const short = (e.op === "&&" || e.op === "||") && hasEffects(e.right);
  return evaluate(e.left, path).flatMap(([after, left]) => {
    if (!short)
      return evaluate(e.right, after).map(
        ([end, right]) => [end, sized(apply(e.op, left, right), e.at)] as const,
      );
    // The right side is evaluated only when the left one does not decide.
    return branch(left, after, e.at).flatMap(({ way, taken, join }): Ways => {
      const right: Ways = taken === (e.op === "||") ? [[way, num(taken ? 1 : 0)]] : evaluate(e.right, way);
      return right.map(([end, value]) => {
        join(end);
        return [end, given(apply("!=", value, num(0)), left, e.at)] as const;
      });
    });
  });
}

function sized(formula: Formula, at: Token): Formula {
  if (sizeOf(formula) > LARGEST_FORMULA) throw new LitmusError("this value's expression is too large", at);
  const large = formula.kind === "num" && Math.abs(formula.value) > 1_000_000_000;
  if (large) throw new LitmusError("this value is too large", at);
  return formula;
}

function hasEffects(e: Expr): boolean {
  switch (e.kind) {
    case "star":
    case "call":
      return true;
    case "unary":
      return hasEffects(e.of);
    case "binary":
      return hasEffects(e.left) || hasEffects(e.right);
    default:
      return false;
  }
}

function call(e: Extract<Expr, { kind: "call" }>, path: Path): Ways {
  const ofWord = OF_WORDS.get(e.name);
  const known = ofWord ?? OPERATIONS.get(e.name);
  if (known === undefined) throw new LitmusError(`unknown function "${e.name}"`, e.at, functions());
  const [count, operation] = known;
  if (e.args.length !== count)
    throw new LitmusError(`${e.name}() takes ${count} ${count === 1 ? "argument" : "arguments"}`, e.at);
  const [word] = e.args;
  if (ofWord !== undefined && word?.kind !== "star")
    throw new LitmusError(`${e.name}() takes a word, as *x`, word?.at ?? e.at);
  let ways: (readonly [Path, readonly Formula[]])[] = [[path, []]];
  for (const [n, arg] of e.args.entries()) {
    const inner = ofWord !== undefined && n === 0 && arg.kind === "star" ? arg.of : arg;
    ways = ways.flatMap(([p, done]) =>
      evaluate(inner, p).map(([q, value]) => [q, [...done, value]] as const),
    );
  }
  return ways.flatMap(([p, args]) => operation(p, args, e.at));
}

function functions(): string {
  return `The known functions are ${[...OF_WORDS.keys(), ...OPERATIONS.keys()].join(", ")}.`;
}
