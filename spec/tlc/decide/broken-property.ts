import { Interrupted } from "../base/errors.js";
import { run } from "../base/process.js";
import { withScratch } from "../base/scratch.js";
import type { Config } from "../claim/config.js";
import type { ModuleClosure } from "../claim/modules.js";
import { SyntaxTree } from "../output/syntax-tree.js";
import type { Violation } from "../output/violation.js";
import { jvmArguments } from "../tools/jvm.js";
import type { Tools } from "../tools/tools.js";
import { Beside, namesIn } from "./alone.js";

/** What finding a property's name needs. */
export interface BrokenIn {
  readonly tools: Tools;
  readonly config: Config;
  readonly modules: ModuleClosure;
  /** Where the outcome is kept; the answer is kept beside it. */
  readonly file: string | undefined;
  readonly signal?: AbortSignal;
}

/** SANY takes a moment; a limit against hanging. */
const LIMIT_MS = 120_000;

/**
 * TLC takes the properties of a configuration apart, and names the broken part: by its place, or by the definition that
 * it stands in. The violation with the properties that have this part: its name where that is one, `oneOf` where that are
 * several. As it is where it names what the configuration names, and where the part is found in none.
 */
export async function nameBroken(violation: Violation, broken: BrokenIn): Promise<Violation> {
  const { config } = broken;
  const known = [...config.invariants, ...config.properties];
  const ofProperties =
    ["action", "temporal", "invariant"].includes(violation.kind) && config.properties.length > 0;
  const told =
    violation.name === undefined ? violation.location !== undefined : !known.includes(violation.name);
  if (!ofProperties || !told) return violation;
  const names = config.properties.length === 1 ? config.properties : await propertiesWith(violation, broken);
  const [name] = names;
  if (name === undefined) return violation;
  return names.length === 1 ? { ...violation, name } : { ...withoutName(violation), oneOf: names };
}

function withoutName({ name: _, ...rest }: Violation): Violation {
  return rest;
}

async function propertiesWith(violation: Violation, broken: BrokenIn): Promise<readonly string[]> {
  const place = new Beside(broken.file, "property", "properties");
  const names = namesIn(await place.read());
  if (names !== undefined) return names;
  const tree = await syntaxTree(broken);
  if (tree === undefined) return [];
  const { location, name } = violation;
  const found = broken.config.properties.filter((property) =>
    tree
      .partsOf(property)
      .some((part) =>
        name === undefined
          ? location !== undefined &&
            (["module", "line", "column", "endLine", "endColumn"] as const).every(
              (key) => part.location[key] === location[key],
            )
          : part.definition === name,
      ),
  );
  await place.keep(found);
  return found;
}

async function syntaxTree({ tools, modules, signal }: BrokenIn): Promise<SyntaxTree | undefined> {
  const [model] = modules.files;
  if (model === undefined) return undefined;
  return await withScratch("syntax", async (folder) => {
    const jvm = {
      ...tools,
      temporary: folder,
      heapMiB: 512,
      short: true,
      jars: modules.jars.map(({ path }) => path),
    };
    const libraries = modules.folders.flatMap((one) => ["-I", one]);
    let output = "";
    const result = await run(
      tools.java.command,
      jvmArguments(jvm, "tla2sany.xml.XMLExporter", ["-o", ...libraries, `${model.name}.tla`]),
      { cwd: folder, timeoutMs: LIMIT_MS, onStdout: (chunk) => (output += chunk), ...(signal && { signal }) },
    );
    if (result.aborted) throw new Interrupted();
    return SyntaxTree.read(output);
  });
}
