import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Project } from "ts-morph";
import { entryPoints } from "./typescript-pages.js";

/** What each entry point of the package exports, by the name that one imports it under. */
export function exportedNames(root: string): ReadonlyMap<string, readonly string[]> {
  const project = new Project({
    tsConfigFilePath: join(root, "tsconfig.build.json"),
    skipAddingFilesFromTsConfig: true,
  });
  return new Map(
    entryPoints(root).map(({ name, file }) => [
      name,
      [...project.addSourceFileAtPath(join(root, file)).getExportedDeclarations().keys()],
    ]),
  );
}

/** The functions that the C library exports, as its linker script lists them. */
export function exportedFunctions(root: string): readonly string[] {
  const script = readFileSync(join(root, "native", "src", "generated", "quiesce.map"), "utf8");
  return [...script.matchAll(/\bqs_\w+(?=;)/g)].map(([name]) => name);
}

/** Those of the names that no heading of a page is about. */
export function withoutEntry(names: readonly string[], page: string): string[] {
  const headings = [...page.matchAll(/^#{2,6} (.+)$/gm)].map(([, text = ""]) => text.replace(/[\\`]/g, ""));
  const words = new Set(headings.flatMap((heading) => heading.match(/\w+/g) ?? []));
  return names.filter((name) => !words.has(name));
}
