import { Project, QuoteKind, VariableDeclarationKind } from "ts-morph";
import type { Plan } from "../contract/plan.js";
import type { Target } from "../targets/target.js";

const TESTS_PER_TARGET = 8;

/**
 * The vitest file that replays a plan's paths on one implementation. It lists ranges of paths and their numbers of
 * steps; the test reads the paths themselves from the plan when it runs.
 *
 * @param header first line of every generated file
 */
export function renderTests(plan: Plan, target: Pick<Target, "name" | "title">, header: string): string {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { quoteKind: QuoteKind.Double },
  });
  const file = project.createSourceFile("generated.test.ts");
  file.addImportDeclaration({ moduleSpecifier: "vitest", namedImports: ["describe", "expect", "it"] });
  file.addImportDeclaration({ moduleSpecifier: "../replay/follow.js", namedImports: ["follow"] });
  file.addVariableStatement({
    declarationKind: VariableDeclarationKind.Const,
    declarations: [{ name: "RANGES", initializer: (writer) => writeRanges(writer, plan) }],
  });
  file.addStatements((writer) => {
    writer.writeLine(`describe("${target.title}", () => {`);
    writer.writeLine(
      '  it.each(RANGES)("follows paths $from to $to of Urcu: $steps steps", async ({ from, to, steps }) => {',
    );
    writer.writeLine(
      `    expect(await follow("${target.name}", { from, to })).toEqual({ paths: to - from + 1, steps });`,
    );
    writer.writeLine("  });");
    writer.writeLine("});");
  });
  return `${header}\n${file.getFullText()}`;
}

interface TextWriter {
  write(text: string): unknown;
  writeLine(text: string): unknown;
}

/** Ranges of consecutive paths, of about equal size. Paths are numbered from 1, as reports number them. */
function writeRanges(writer: TextWriter, plan: Plan): void {
  const size = Math.ceil(plan.paths.length / TESTS_PER_TARGET);
  writer.writeLine("[");
  for (let start = 0; start < plan.paths.length; start += size) {
    const range = plan.paths.slice(start, start + size);
    const steps = range.reduce((sum, { moves }) => sum + moves.length / 3, 0);
    writer.writeLine(`  { from: ${start + 1}, to: ${start + range.length}, steps: ${steps} },`);
  }
  writer.write("]");
}
