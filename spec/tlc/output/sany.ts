import { findLocation, type SourceLocation } from "./location.js";
import type { SpecProblem } from "./problems.js";

/** What SANY, TLC's parser, said: the files that it read, by module, and what is wrong with them. */
export interface SanyReport {
  readonly files: ReadonlyMap<string, string>;
  readonly problems: readonly SpecProblem[];
}

const PARSING = /^Parsing file (.*)$/;

/** Reads what SANY printed, line by line. Its warnings are not problems. */
export function readSany(lines: readonly string[]): SanyReport {
  const files = new Map<string, string>();
  const problems: SpecProblem[] = [];
  let file: string | undefined;
  let aborts: SpecProblem[] = [];
  let section: "none" | "errors" | "aborts" | "warnings" = "none";
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const parsing = PARSING.exec(line);
    if (parsing) {
      file = parsing[1] as string;
      files.set(moduleOf(file), file);
    } else if (line.startsWith("***Parse Error***")) {
      const end = lines.findIndex((l, at) => at > i && /^(Residual stack trace|Fatal errors while)/.test(l));
      const text = lines.slice(i + 1, end < 0 ? undefined : end);
      problems.push(parseError(text.join("\n").trim(), file));
      if (end > 0) i = end - 1;
    } else if (OPEN_COMMENT.test(line)) {
      problems.push(openComment(line, file));
    } else if (/^\W*Lexical error at line/i.test(line)) {
      problems.push(parseError(line.replace(/^\W*/, "").trim(), file));
    } else if (line === "Semantic errors:") {
      // The next module's, which repeats those of the modules that it extends.
      section = "none";
    } else if (/^\*\*\* (Errors|Abort messages|Warnings)/.test(line)) {
      section = line.startsWith("*** E") ? "errors" : line.startsWith("*** A") ? "aborts" : "warnings";
    } else if (section !== "none" && line.trim() !== "") {
      // A place, an empty line, what is wrong there (it may go on over lines), two empty lines.
      let end = lines.findIndex((l, at) => at > i + 1 && l.trim() === "");
      const said = lines.slice(i + 1, end < 0 ? undefined : end);
      // A circle of modules stands in a paragraph of its own.
      if (said.at(-1)?.endsWith("dependency cycle is:")) {
        end = lines.findIndex((l, at) => at > end && l.includes("-->"));
        said.push(lines[end] ?? "");
      }
      const message = said.join("\n").trim();
      const problem = semanticError(line, message, files);
      if (section === "errors") problems.push(problem);
      else if (section === "aborts") aborts.push(problem);
      i = end < 0 ? lines.length : end;
    }
  }
  // "Could not parse module X" repeats what has been said with a place.
  if (problems.length > 0) aborts = aborts.filter((p) => !p.message.startsWith("Could not parse module"));
  const told = new Map([...problems, ...aborts].map((one) => [JSON.stringify(one), one]));
  return { files, problems: [...told.values()] };
}

const moduleOf = (file: string): string => file.replace(/^.*[\\/]/, "").replace(/\.tla$/, "");

function parseError(text: string, file: string | undefined): SpecProblem {
  const location = findLocation(text);
  const where = file === undefined ? {} : { file, module: moduleOf(file) };
  const message = text.replace(/\s+/g, " ");
  return { kind: "parse", message, ...(location && { location: { ...location, ...where } }) };
}

/** SANY's own brace is never closed. */
const OPEN_COMMENT = /^Lexical \{?error: EOF reached, possibly open comment starting around line (\d+)/;

function openComment(text: string, file: string | undefined): SpecProblem {
  const line = Number(OPEN_COMMENT.exec(text)?.[1]);
  const where = file === undefined ? {} : { file, module: moduleOf(file) };
  return {
    kind: "parse",
    message: `the file ends within a comment, which seems to begin around line ${line}`,
    location: { ...where, line, column: 1 },
  };
}

function semanticError(place: string, message: string, files: ReadonlyMap<string, string>): SpecProblem {
  const location = withFile(findLocation(place), files);
  return { kind: "semantic", message: message.replace(/\s+/g, " "), ...(location && { location }) };
}

/** Adds the file to a location that names only its module. */
export function withFile(
  location: SourceLocation | undefined,
  files: ReadonlyMap<string, string>,
): SourceLocation | undefined {
  const file = location?.module === undefined ? undefined : files.get(location.module);
  return location === undefined || file === undefined ? location : { ...location, file };
}
