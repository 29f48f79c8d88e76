import { build } from "./artifact.js";
import { SHARED, TARGET_OPTIONS, targetSources } from "./build.js";
import { type MutantRow, mutantText } from "./mutants.js";

/** Mutants that are built as one: each changes other lines. */
export interface Together {
  readonly names: readonly string[];
  /** The changed files' texts, by their paths below native/. */
  readonly changed: ReadonlyMap<string, string>;
}

/** Puts each mutant with the first others whose changes leave its lines as they are. */
export async function together(mutants: readonly MutantRow[]): Promise<Together[]> {
  const groups: { names: string[]; changed: Map<string, string> }[] = [];
  for (const mutant of mutants) {
    const alone = await mutantText(mutant);
    const fitting = groups.find(({ changed }) => fits(mutant, changed));
    const group = fitting ?? { names: [], changed: new Map<string, string>() };
    if (fitting === undefined) groups.push(group);
    group.names.push(mutant.name);
    for (const [file, text] of alone) {
      const before = group.changed.get(file);
      group.changed.set(file, before === undefined ? text : change(mutant, before));
    }
  }
  return groups;
}

function fits({ file, lines, become }: MutantRow, changed: ReadonlyMap<string, string>): boolean {
  const text = changed.get(file);
  // What it becomes may be what another of the group has changed, or has made of its own lines.
  return (
    text === undefined || (text.split(lines.join("\n")).length === 2 && !text.includes(become.join("\n")))
  );
}

function change({ lines, become }: MutantRow, text: string): string {
  return text.split(lines.join("\n")).join(become.join("\n"));
}

/** The library with step points, and all changes of a group. Returns the path of the compiled shared library. */
export function buildTogether({ names, changed }: Together): Promise<string> {
  return build({
    name: `target-with-${names.length}-mutants`,
    ending: ".so",
    sources: targetSources(),
    options: [...SHARED, ...TARGET_OPTIONS],
    changed,
  });
}
