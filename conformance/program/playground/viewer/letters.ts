import type { Instruction } from "quiesce/conformance/litmus/code";
import type { CompiledTest } from "quiesce/conformance/litmus/compile";

/** The letters of the protocol that a test's sections and grace periods have. */
export function lettersIn({ paths }: Pick<CompiledTest, "paths">): string[] {
  const letters = paths.flat().flatMap(({ code }) => code.flatMap((one) => letterOf(one) ?? []));
  return [...new Set(letters)].sort();
}

/** The same test, with one ordering point of the protocol left out: its fence is gone, or its store is a plain one. */
export function withoutLetter(test: CompiledTest, letter: string): CompiledTest {
  const drop = (one: Instruction): Instruction[] => {
    if (letterOf(one) !== letter) return [one];
    if (one.op !== "store") return [];
    const { letter: _, ...plain } = one;
    return [{ ...plain, mode: "relaxed" }];
  };
  return {
    ...test,
    paths: test.paths.map((paths) => paths.map((path) => ({ ...path, code: path.code.flatMap(drop) }))),
  };
}

function letterOf(one: Instruction): string | undefined {
  return one.op === "fence" || one.op === "store" ? one.letter : undefined;
}
