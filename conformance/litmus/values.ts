import { convert, operate } from "./arithmetic.js";
import type { Path } from "./branches.js";
import type { Mode } from "./code.js";
import { childrenOf } from "./expressions.js";
import { apply, type Formula, num, sizeOf, withoutResult } from "./formula.js";
import { LitmusError, type Token } from "./lexer.js";
import type { Ways } from "./operation.js";
import { addressArgument, OF_WORDS, OPERATIONS } from "./operations.js";
import type { Expr } from "./syntax.js";
import { type CType, common, promoted } from "./types.js";
import { typeOf, wordType } from "./typing.js";
import { unknownFunction } from "./unknown.js";

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

/** The same, as a value of a type. */
export function evaluateAs(e: Expr, path: Path, type: CType): Ways {
  const from = typeOf(e, path.scope);
  return evaluate(e, path).map(([after, value]) => [after, sized(convert(value, from, type), e.at)] as const);
}

function valuesOf(e: Expr, path: Path): Ways {
  switch (e.kind) {
    case "number":
      return [[path, num(e.value)]];
    case "name":
    case "address":
      return [[path, named(e, path)]];
    case "star": {
      const type = typeOf(e, path.scope);
      const mode = modeOf(type);
      return evaluate(e.of, path).flatMap(([p, pointer]) =>
        p.targets(pointer, e.at).map(({ path: after, word, test }) => {
          const value = after.load(e.at, mode, word, test);
          return [after, convert(value, after.typeOfWord(word), type)] as const;
        }),
      );
    }
    case "unary": {
      if (e.op === "!") return evaluate(e.of, path).map(([after, of]) => [after, apply("!", of)]);
      const type = typeOf(e, path.scope);
      return evaluateAs(e.of, path, type).map(([after, of]) => [
        after,
        sized(e.op === "~" ? apply("~", of) : operate("-", type, num(0), of), e.at),
      ]);
    }
    case "binary":
      return binary(e, path);
    case "choice": {
      const type = typeOf(e, path.scope);
      return evaluate(e.test, path).flatMap(([after, test]) =>
        branch(test, after, e.at).flatMap(({ way, taken, join }) =>
          evaluateAs(taken ? e.yes : e.no, way, type).map(([end, value]) => {
            join(end);
            return [end, given(value, test, e.at)] as const;
          }),
        ),
      );
    }
    case "cast":
      return evaluateAs(e.of, path, e.type);
    case "call":
      return call(e, path);
  }
}

/** How a plain access to something of a type is performed: what is volatile keeps its order among its like. */
export function modeOf(type: CType): Mode {
  return type.volatile === true ? "once" : "relaxed";
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
  if (e.op === "&&" || e.op === "||") return logical(e, path);
  const [left, right] = [typeOf(e.left, path.scope), typeOf(e.right, path.scope)];
  const shifts = e.op === "<<" || e.op === ">>";
  const type = shifts ? promoted(left) : common(left, right);
  return evaluateAs(e.left, path, type).flatMap(([after, a]) =>
    evaluateAs(e.right, after, shifts ? promoted(right) : type).map(
      ([end, b]) => [end, sized(operate(e.op, type, a, b), e.at)] as const,
    ),
  );
}

/** The right side is evaluated only when the left one does not decide, and so it may not be evaluated first, either. */
function logical(e: Extract<Expr, { kind: "binary" }>, path: Path): Ways {
  return evaluate(e.left, path).flatMap(([after, left]) => {
    // A number on the left decides, or leaves it to the right side, and so ends loops: i < 3 && !r0.
    if (left.kind === "num" && (left.value !== 0) === (e.op === "||"))
      return [[after, num(left.value === 0 ? 0 : 1)]];
    if (!hasEffects(e.right))
      return evaluate(e.right, after).map(
        ([end, right]) => [end, sized(apply(e.op, left, right), e.at)] as const,
      );
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
  const why = withoutResult(formula);
  if (why !== undefined) throw new LitmusError(why, at);
  return formula;
}

/** Does an expression read or write words? */
export function hasEffects(e: Expr): boolean {
  switch (e.kind) {
    case "star":
    case "call":
      return true;
    default:
      return childrenOf(e).some(hasEffects);
  }
}

function call(e: Extract<Expr, { kind: "call" }>, path: Path): Ways {
  const ofWord = OF_WORDS.get(e.name);
  const known = ofWord ?? OPERATIONS.get(e.name);
  if (known === undefined) throw unknownFunction(e);
  const [count, operation] = known;
  if (e.args.length !== count)
    throw new LitmusError(`${e.name}() takes ${count} ${count === 1 ? "argument" : "arguments"}`, e.at);
  const [word] = e.args;
  if (ofWord !== undefined && word?.kind !== "star")
    throw new LitmusError(`${e.name}() takes a word, as *x`, word?.at ?? e.at);
  const type = wordType(e, path.scope);
  const followed = addressArgument(e.name);
  let ways: (readonly [Path, readonly Formula[]])[] = [[path, []]];
  for (const [n, arg] of e.args.entries()) {
    const isWord = ofWord !== undefined && n === 0 && arg.kind === "star";
    ways = ways.flatMap(([p, done]) => {
      const values = isWord
        ? evaluate(arg.of, p)
        : n === followed
          ? evaluate(arg, p)
          : evaluateAs(arg, p, type);
      return values.map(([q, value]) => [q, [...done, value]] as const);
    });
  }
  return ways.flatMap(([p, args]) => operation(p, args, e.at, type));
}
