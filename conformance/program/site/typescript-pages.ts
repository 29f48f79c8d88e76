import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { EnvironmentError } from "../../../spec/tlc/base/errors.js";
import type { SitePage } from "./place.js";

/** Where the pages stand on the site. */
export const TYPESCRIPT = "reference/typescript";

/** The typed functions of the package: what its `exports` name, without those that name whole folders. */
export function entryPoints(root: string): readonly { readonly name: string; readonly file: string }[] {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, string>>;
  };
  const known = Object.entries(exports)
    .filter(([name, target]) => !name.includes("*") && target.endsWith(".js"))
    .map(([name, target]) => ({
      name: name.slice("./".length),
      file: target.replace(/^\.\/dist\//, "").replace(/\.js$/, ".ts"),
    }));
  // "./rcu" and "./impl" are the same.
  return known.filter(({ file }, i) => known.findIndex((other) => other.file === file) === i);
}

/**
 * TypeDoc's pages of these, as Markdown.
 *
 * @param scratch a folder for what TypeDoc writes
 * @throws EnvironmentError when it can't read the sources
 */
export async function typescriptPages(root: string, scratch: string): Promise<SitePage[]> {
  const { Application, LogLevel } = await import("typedoc");
  const out = join(scratch, "typedoc");
  const points = entryPoints(root);
  const app = await Application.bootstrapWithPlugins({
    entryPoints: points.map(({ file }) => join(root, file)),
    plugin: ["typedoc-plugin-markdown"],
    tsconfig: join(root, "tsconfig.build.json"),
    // The compiler has looked at them before; here they are only read.
    skipErrorChecking: true,
    disableSources: true,
    disableGit: true,
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    readme: "none",
    out,
    logLevel: LogLevel.Error,
    validation: false,
    hideGenerator: true,
    ...{
      hidePageHeader: true,
      hideBreadcrumbs: true,
      entryFileName: "README.md",
      outputFileStrategy: "modules",
      parametersFormat: "table",
      interfacePropertiesFormat: "table",
      propertyMembersFormat: "table",
      typeDeclarationFormat: "table",
      enumMembersFormat: "table",
    },
  });
  const project = await app.convert();
  if (project === undefined) throw new EnvironmentError("TypeDoc can't read the sources", { where: root });
  project.name = "The TypeScript API";
  for (const child of project.children ?? []) {
    const point = points.find(({ file }) => file.replace(/(?:\/index)?\.ts$/, "").endsWith(child.name));
    if (point !== undefined) child.name = `quiesce/${point.name}`;
  }
  await app.generateOutputs(project);
  const made = existsSync(out) ? await readdir(out, { recursive: true }) : [];
  return made
    .filter((path) => path.endsWith(".md"))
    .map((path) => {
      const from = `${TYPESCRIPT}/${path}`;
      return {
        from,
        path: from.replace(/README\.md$/, "index.md"),
        text: readFileSync(join(out, path), "utf8"),
      };
    });
}
