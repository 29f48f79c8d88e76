import { positionOf } from "../base/source-file.js";
import { suggest } from "../base/suggest.js";
import { NAME, tokensOf } from "../claim/config-tokens.js";
import type { ModuleClosure, ModuleFile } from "../claim/modules.js";
import { blankComments } from "../look/left-side.js";
import type { SourceLocation } from "../output/location.js";
import type { SpecProblem } from "../output/problems.js";

/** What a claim's problems may be about. */
export interface Sources {
  /** The configuration's text, and its file. */
  readonly text: string;
  readonly file: string;
  readonly modules: Pick<ModuleClosure, "files">;
}

/**
 * Gives a place to a problem of which TLC says only what it is about: a name of the configuration, a constant without a
 * value, modules that extend each other, a file that has no module. A misspelt name gets the one that is meant.
 */
export function placeProblem(problem: SpecProblem, sources: Sources): SpecProblem {
  if (problem.location !== undefined) return problem;
  return (
    inCircle(problem, sources) ??
    withoutModule(problem, sources) ??
    withoutValue(problem, sources) ??
    aboutName(problem, sources) ??
    problem
  );
}

/** SANY names the circle's files, perhaps one of the user's that stands in place of a module of TLC. */
function inCircle(problem: SpecProblem, { modules }: Sources): SpecProblem | undefined {
  const circle = /dependency cycle is: (.+)$/s.exec(problem.message)?.[1];
  const [first = "", next = ""] = circle?.split("-->").map((one) => one.trim().replace(/\.tla$/, "")) ?? [];
  const file = modules.files.find(({ name }) => name === first);
  if (circle === undefined || file === undefined) return undefined;
  // A module that is not among the files is TLC's own.
  const own = modules.files.some(({ name }) => name === next)
    ? ""
    : `; ${first}.tla here stands in place of the module ${first} of TLC, which ${next} needs: give it another name`;
  return {
    ...problem,
    message: `modules extend each other in a circle: ${circle}${own}`,
    location: inModule(file, new RegExp(`\\b${next}\\b`)) ?? startOf(file),
  };
}

function withoutModule(problem: SpecProblem, { modules }: Sources): SpecProblem | undefined {
  const name = /Module-Table lookup failure for module name (\w+)/.exec(problem.message)?.[1];
  const file = modules.files.find((one) => one.name === name);
  if (file === undefined) return undefined;
  const what = file.text.trim() === "" ? "the file is empty" : "there is no module in the file";
  return {
    ...problem,
    message: `${what}: a module begins with  ---- MODULE ${name} ----`,
    location: startOf(file),
  };
}

/** A constant is declared in a module; what lacks is a line of the configuration. */
function withoutValue(problem: SpecProblem, { modules }: Sources): SpecProblem | undefined {
  const name = /^The constant parameter (\w+) is not assigned a value/.exec(problem.message)?.[1];
  if (name === undefined) return undefined;
  const declared = new RegExp(`\\bCONSTANTS?\\b[^=]*?\\b(${name})\\b`, "d");
  const location = modules.files.map((file) => inModule(file, declared)).find((one) => one !== undefined);
  return { ...problem, ...(location && { location }) };
}

/** How TLC says that it means a name of the configuration; what it says of a second one explains the first. */
const NAMED = [
  /identifier (\S+?)\.?$/m,
  /substitutes for (\S+) with/,
  /but one was given: (\S+)/,
  /^The .*? (\S+) specified in the configuration file/,
  /^[Tt]he \w+(?: \w+)? (\S+) is (?:not|TRUE|FALSE|a )/,
  /^Evaluating invariant (\S+) failed/,
];

function aboutName(problem: SpecProblem, { text, file, modules }: Sources): SpecProblem | undefined {
  const tokens = tokensOf(text);
  for (const pattern of NAMED) {
    const name = pattern.exec(problem.message)?.[1];
    const token = tokens.find((one) => one.text === name);
    if (name === undefined || token === undefined || !NAME.test(name)) continue;
    const meant = /not defined|undefined|does not appear/.test(problem.message)
      ? suggest(name, modules.files.flatMap(definedIn))
      : undefined;
    return {
      ...problem,
      message: meant === undefined ? problem.message : `${problem.message}\nDid you mean ${meant}?`,
      location: { file, ...between(text, token.start, token.end) },
    };
  }
  return undefined;
}

/** The names that a module defines or declares at the beginning of a line. */
function definedIn({ text }: ModuleFile): string[] {
  return [...text.matchAll(/^[ \t]*(\w+)[^=\n]*==/gm)].map(([, name = ""]) => name);
}

/** Where a module's text, outside of comments, has what is looked for: its group, if it has one. */
function inModule({ name, path, text }: ModuleFile, wanted: RegExp): SourceLocation | undefined {
  const code = blankComments(text);
  // The line that begins the module names it, too.
  const from = Math.max(0, code.indexOf("\n", code.search(/\bMODULE\b/)));
  const found = new RegExp(wanted.source, "d").exec(code.slice(from));
  const [start, end] = found?.indices?.[1] ?? found?.indices?.[0] ?? [];
  if (start === undefined || end === undefined) return undefined;
  return { file: path, module: name, ...between(code, from + start, from + end) };
}

function startOf({ name, path }: ModuleFile): SourceLocation {
  return { file: path, module: name, line: 1, column: 1 };
}

/** The lines and columns of a stretch of a text within a line; offsets in UTF-16 units from 0. */
function between(text: string, start: number, end: number): Omit<SourceLocation, "file" | "module"> {
  const { line, column } = positionOf(text, start);
  return { line, column, endLine: line, endColumn: column + (end - start) - 1 };
}
