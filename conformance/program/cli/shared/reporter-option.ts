import { Option } from "commander";
import { UsageError } from "../../../../spec/tlc/base/errors.js";
import { suggest } from "../../../../spec/tlc/base/suggest.js";

/** A format that is asked for, and its file; without one, it goes to standard output. */
export interface AskedReport {
  readonly name: string;
  readonly file?: string;
}

/** Those that each command has for itself, the one that speaks to GitHub, and those of report/reporters.ts. */
export const REPORTER_NAMES: readonly string[] = [
  "text",
  "json",
  "json-lines",
  "github",
  "junit",
  "sarif",
  "markdown",
  "html",
];

/** `--reporter NAME[=FILE]`, the same for every command that decides something. */
export function reporterOption(): Option {
  return new Option(
    "--reporter <name[=file]>",
    `also report as ${REPORTER_NAMES.join(", ")}; may be repeated (without a file: on standard output, in place of text)`,
  ).argParser((text: string, before: readonly AskedReport[] = []) => [...before, readReport(text)]);
}

function readReport(text: string): AskedReport {
  const [, name = "", file] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  if (!REPORTER_NAMES.includes(name)) {
    const near = suggest(name, REPORTER_NAMES);
    throw new UsageError(`there is no reporter "${name}"`, {
      hint: `${near === undefined ? "" : `Did you mean ${near}? `}There are ${REPORTER_NAMES.join(", ")}.`,
    });
  }
  if (file === "") throw new UsageError(`--reporter ${name}= names no file`);
  if (name === "github" && file !== undefined)
    throw new UsageError("--reporter github takes no file: it speaks to GitHub's runner");
  return file === undefined ? { name } : { name, file };
}
