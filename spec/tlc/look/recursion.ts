import { positionOf } from "../base/source-file.js";
import type { ModuleClosure, ModuleFile } from "../claim/modules.js";
import type { SpecProblem } from "../output/problems.js";
import type { TlcReport } from "../output/report.js";
import { blankComments } from "./left-side.js";

/** A definition that may call itself, and where it stands. */
interface Recursive {
  readonly name: string;
  readonly module: ModuleFile;
  readonly line: number;
  readonly column: number;
}

/** The most definitions that a message names. */
const MOST_NAMED = 4;

/**
 * When Java's stack was too small, TLC often does not say where. A recursion can only be in a definition that is
 * recursive: the place is that of the only one, or the message names them.
 */
export function placeRecursion(report: TlcReport, { files }: Pick<ModuleClosure, "files">): TlcReport {
  if (!report.errors.some(isPlaceless)) return report;
  const found = files.flatMap(recursiveIn);
  return {
    ...report,
    errors: report.errors.map((error) => (isPlaceless(error) ? placed(error, found) : error)),
  };
}

function isPlaceless({ kind, location }: SpecProblem): boolean {
  return kind === "stack" && location === undefined;
}

/** Nothing is recursive: a long chain of operators is nested as deeply. */
const NESTED =
  "an expression is nested too deeply for Java's stack.\n" +
  "The claim can have a larger stack. In its header:  \\* Java-stack: 64m";

function placed(error: SpecProblem, found: readonly Recursive[]): SpecProblem {
  const [first, ...others] = found;
  if (first === undefined) return { ...error, message: NESTED };
  if (others.length === 0) {
    const { module, line, column, name } = first;
    const endColumn = column + name.length - 1;
    return {
      ...error,
      location: { file: module.path, module: module.name, line, column, endLine: line, endColumn },
    };
  }
  const named = found
    .slice(0, MOST_NAMED)
    .map(({ name, module, line }) => `${name} (${module.name}:${line})`);
  const more = found.length > MOST_NAMED ? `, or ${found.length - MOST_NAMED} others` : "";
  return { ...error, message: `${error.message}\nRecursive here: ${named.join(", ")}${more}.` };
}

/** The operators that a module declares as RECURSIVE, and the functions that it defines by themselves. */
function recursiveIn(module: ModuleFile): Recursive[] {
  const code = blankComments(module.text);
  const declared = new Set(
    [...code.matchAll(/\bRECURSIVE\s+((?:\w+(?:\s*\([^)]*\))?\s*,?\s*)+?)(?=\n|$)/g)].flatMap(
      ([, names = ""]) => names.split(/,(?![^(]*\))/).map((name) => name.replace(/\(.*/s, "").trim()),
    ),
  );
  const definitions = [
    ...code.matchAll(/(?<![\w!])(\w+)\s*(\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\\in[^\]]*\])?\s*==(?!=)/g),
  ];
  return definitions.flatMap((definition, i): Recursive[] => {
    const [whole, name = "", parameters = ""] = definition;
    const body = code.slice(definition.index + whole.length, definitions[i + 1]?.index);
    const recursive = parameters.startsWith("[")
      ? new RegExp(`\\b${name}\\s*\\[`).test(body)
      : declared.has(name);
    if (!recursive) return [];
    return [{ name, module, ...positionOf(code, definition.index) }];
  });
}
