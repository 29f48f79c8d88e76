import { Project, QuoteKind, VariableDeclarationKind } from "ts-morph";
import type { Target } from "../targets/target.js";
import type { BuiltPlan } from "./build.js";

const TESTS_PER_PLAN = 8;

/**
 * The vitest file that replays the paths of all plans on one implementation. It lists ranges of paths and their
 * numbers of steps; the test reads the paths themselves from the plan when it runs.
 *
 * @param header first line of every generated file
 */
export function renderTests(
  plans: readonly Pick<BuiltPlan, "claim" | "plan">[],
  target: Pick<Target, "name" | "title">,
  header: string,
): string {
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
    declarations: [{ name: "RANGES", initializer: (writer) => writeRanges(writer, plans) }],
  });
  file.addStatements((writer) => {
    writer.writeLine(`describe("${target.title}", () => {`);
    writer.writeLine(
      '  it.each(RANGES)("follows paths $from to $to of $claim: $steps steps", async ({ steps, ...range }) => {',
    );
    writer.writeLine(
      `    expect(await follow("${target.name}", range)).toEqual({ paths: range.to - range.from + 1, steps });`,
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
function writeRanges(writer: TextWriter, plans: readonly Pick<BuiltPlan, "claim" | "plan">[]): void {
  writer.writeLine("[");
  for (const { claim, plan } of plans) {
    const size = Math.ceil(plan.paths.length / TESTS_PER_PLAN);
    for (let start = 0; start < plan.paths.length; start += size) {
      const range = plan.paths.slice(start, start + size);
      const steps = range.reduce((sum, path) => sum + path.length, 0);
      writer.writeLine(
        `  { claim: "${claim}", from: ${start + 1}, to: ${start + range.length}, steps: ${steps} },`,
      );
    }
  }
  writer.write("]");
}
