import type { Path } from "./branches.js";
import { type Formula, num } from "./formula.js";
import type { Token } from "./lexer.js";

/** An evaluated expression: the ways that it may go, each with its value. */
export type Ways = readonly (readonly [Path, Formula])[];

/** What a function that a test calls does to a path. */
export type Operation = (path: Path, args: readonly Formula[], at: Token) => Ways;

/** The value of something that has no value. */
export const NOTHING: Formula = num(0);

/** Does something to each word that the first argument may point to. */
export function ofWord(
  work: (path: Path, word: string, test: Formula | undefined, args: readonly Formula[], at: Token) => Ways,
): Operation {
  return (path, [pointer, ...args], at) =>
    path.targets(pointer ?? NOTHING, at).flatMap((way) => work(way.path, way.word, way.test, args, at));
}
