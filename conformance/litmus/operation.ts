import { convert } from "./arithmetic.js";
import type { Path } from "./branches.js";
import { apply, type Formula, num } from "./formula.js";
import type { Token } from "./lexer.js";
import type { CType } from "./types.js";

/** An evaluated expression: the ways that it may go, each with its value. */
export type Ways = readonly (readonly [Path, Formula])[];

/** What a function that a test calls does to a path; `type` is that of the word that it works on, as its caller has it. */
export type Operation = (path: Path, args: readonly Formula[], at: Token, type: CType) => Ways;

/** How many arguments a function takes, and what it does. */
export type Known = readonly [number, Operation];

/** What it does to one word: with a test that this is the word, and arguments of the word's own type. */
export type WordOperation = (
  path: Path,
  word: string,
  test: Formula | undefined,
  args: readonly Formula[],
  at: Token,
  type: CType,
) => Ways;

/** The value of something that has no value. */
export const NOTHING: Formula = num(0);

/** Does something to each word that the first argument may point to. */
export function ofWord(work: WordOperation): Operation {
  return (path, [pointer, ...args], at, type) =>
    path.targets(pointer ?? NOTHING, at).flatMap((way) => {
      const own = way.path.typeOfWord(way.word);
      const values = args.map((arg) => convert(arg, type, own));
      return work(way.path, way.word, way.test, values, at, own).map(
        ([after, value]) => [after, convert(value, own, type)] as const,
      );
    });
}

/** Both tests, of which the first may be none. */
export const and = (a: Formula | undefined, b: Formula): Formula => (a === undefined ? b : apply("&&", a, b));
