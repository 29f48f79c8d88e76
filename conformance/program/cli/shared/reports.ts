import { appendFileSync, openSync, writeSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { EnvironmentError, messageOf, UsageError } from "../../../../spec/tlc/base/errors.js";
import { writeUnguarded } from "../../../base/guard.js";
import { writeOutput } from "../../../base/output-file.js";
import { annotations } from "../../report/annotations.js";
import { lines } from "../../report/lines.js";
import { markdown } from "../../report/markdown.js";
import { REPORTERS } from "../../report/reporters.js";
import type { Results } from "../../report/results.js";
import type { AskedReport } from "./reporter-option.js";

/** What a command's options say about its output. */
export interface ReportOptions {
  readonly json?: boolean;
  readonly jsonLines?: boolean;
  readonly reporter?: readonly AskedReport[];
}

/** A command's own formats. */
export interface OwnFormats {
  readonly text: () => string | Promise<string>;
  readonly json: () => unknown;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where the results of a command go: each format that was asked for, once, to its file or to standard output, which
 * takes one. In GitHub's CI, annotations and the job's summary are on by themselves.
 */
export class Reports {
  private readonly asked: readonly AskedReport[];
  private readonly lines: { readonly file?: string; readonly descriptor?: number }[] = [];
  /** The command has lines of its own. */
  private told = false;

  /** @throws UsageError when two formats want standard output; BadInputError when a file can't be written */
  constructor(
    options: ReportOptions,
    private readonly env: Environment = process.env,
  ) {
    this.asked = formatsOf(options, env);
    for (const { name, file } of this.asked)
      if (name === "json-lines")
        this.lines.push(file === undefined ? {} : { file, descriptor: openLines(file) });
  }

  /** Standard output is for a machine: what is for a person goes to standard error. */
  get machine(): boolean {
    return !this.asked.some(({ name, file }) => name === "text" && file === undefined);
  }

  /** A format is asked for that shows runs. */
  get wantsRuns(): boolean {
    return this.asked.some(({ name }) => REPORTERS.find((one) => one.name === name)?.runs === true);
  }

  /** Each result is wanted as soon as it is known. */
  get wantsLines(): boolean {
    return this.lines.length > 0;
  }

  /** Reports one result as a line of JSON, at once. The last line is of the kind "summary". */
  line(kind: string, value: object): void {
    this.told = true;
    const text = `${JSON.stringify({ kind, ...value })}\n`;
    for (const { descriptor } of this.lines) {
      if (descriptor === undefined) process.stdout.write(text);
      else writeSync(descriptor, text);
    }
  }

  /** Writes all that was asked for; with --watch, again after each change. A file that can't be written stops none of the others; the first is then thrown. */
  async finish(results: () => Results | Promise<Results>, own: OwnFormats): Promise<void> {
    let found: Results | undefined;
    const shared = async (): Promise<Results> => {
      found ??= await results();
      return found;
    };
    const failed: unknown[] = [];
    for (const { name, file } of this.asked) {
      try {
        if (name === "github") this.tellGithub(await shared());
        else if (name !== "json-lines") write(await this.render(name, shared, own), name, file);
        else if (!this.told) for (const { kind, value } of lines(await shared())) this.line(kind, value);
      } catch (error) {
        failed.push(error);
      }
    }
    if (failed.length > 0) throw failed[0];
  }

  private async render(name: string, results: () => Promise<Results>, own: OwnFormats): Promise<string> {
    if (name === "text") return own.text();
    if (name === "json") return `${JSON.stringify(own.json(), null, 2)}\n`;
    const reporter = REPORTERS.find((one) => one.name === name);
    return reporter?.report(await results(), folderOf(this.env)) ?? "";
  }

  private tellGithub(results: Results): void {
    // The runner reads both streams, and standard output may be a machine's.
    writeUnguarded(process.stderr, annotations(results, folderOf(this.env)));
    const summary = this.env["GITHUB_STEP_SUMMARY"];
    if (summary === undefined || summary === "") return;
    try {
      appendFileSync(summary, `${markdown.report(results, folderOf(this.env))}\n`);
    } catch (error) {
      throw new EnvironmentError(`the job's summary can't be written: ${messageOf(error)}`, {
        where: "GITHUB_STEP_SUMMARY",
      });
    }
  }
}

function formatsOf({ json, jsonLines, reporter = [] }: ReportOptions, env: Environment): AskedReport[] {
  const asked: AskedReport[] = [
    ...(json ? [{ name: "json" }] : []),
    ...(jsonLines ? [{ name: "json-lines" }] : []),
    ...reporter,
  ];
  const onOutput = asked.filter(({ name, file }) => file === undefined && name !== "github");
  const names = new Set(onOutput.map(({ name }) => name));
  if (names.size > 1 || onOutput.length > names.size)
    throw new UsageError(
      `standard output takes one format, not ${onOutput.map(({ name }) => name).join(" and ")}`,
      {
        hint: `Give the others a file:  --reporter ${onOutput.at(-1)?.name}=FILE`,
      },
    );
  const files = asked.flatMap(({ file }) => file ?? []);
  const twice = files.find((file, i) => files.indexOf(file) !== i);
  if (twice !== undefined) throw new UsageError(`two reporters write to ${twice}`);
  return [
    ...(onOutput.length === 0 ? [{ name: "text" }] : []),
    ...asked,
    ...(env["GITHUB_ACTIONS"] === "true" && !asked.some(({ name }) => name === "github")
      ? [{ name: "github" }]
      : []),
  ];
}

/** The folder that paths are relative to: GitHub wants them from the repository's. */
function folderOf(env: Environment): string {
  const workspace = env["GITHUB_ACTIONS"] === "true" ? env["GITHUB_WORKSPACE"] : undefined;
  return workspace === undefined || workspace === "" ? process.cwd() : workspace;
}

function openLines(file: string): number {
  // Says why it can't be written, as for the other formats; and whoever follows the file finds it empty.
  writeOutput(file, "", "the report", "--reporter json-lines");
  return openSync(file, "a");
}

function write(text: string, name: string, file: string | undefined): void {
  if (file === undefined) process.stdout.write(text);
  else writeOutput(file, stripVTControlCharacters(text), "the report", `--reporter ${name}`);
}
