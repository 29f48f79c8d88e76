import { readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { Ajv, type ErrorObject } from "ajv";
import { BadInputError, UsageError } from "../../../spec/tlc/base/errors.js";
import { excerpt } from "../../../spec/tlc/base/excerpt.js";
import { exists } from "../../../spec/tlc/base/exists.js";
import { foldersAbove } from "../../../spec/tlc/base/ignored.js";
import { nameOf } from "../../../spec/tlc/base/source-file.js";
import { suggest } from "../../../spec/tlc/base/suggest.js";
import { readTextInput } from "../../../spec/tlc/base/text-file.js";
import { mebibytesOf, millisecondsOf } from "../../../spec/tlc/claim/claim-run.js";
import { root as home } from "../../base/root.js";
import { JsonSyntaxError, type PlacedJson, parsePlaced } from "./json-places.js";

/** The file of a repository's settings. */
export const SETTINGS_FILE = "quiesce.json";

const SCHEMA = join(home, "conformance", "program", "cli", "schema", "quiesce.schema.json");
const MOST_BYTES = 1024 * 1024;

/** What a repository says about how its claims are checked: see the schema. Paths are absolute. */
export interface Settings {
  readonly file: string;
  readonly libraries: readonly string[];
  readonly ignore: readonly string[];
  readonly timeoutMs?: number;
  readonly timeLimitS?: number;
  readonly memoryMiB?: number;
  readonly workers?: number | "all";
  readonly parallel?: number;
  readonly cache?: boolean;
  readonly strict?: boolean;
  readonly undeclared?: boolean;
  /** The folder of Java. */
  readonly java?: string;
}

interface Written extends Omit<Partial<Settings>, "file" | "timeoutMs" | "timeLimitS" | "memoryMiB"> {
  readonly timeout?: number | string;
  readonly timeLimit?: number | string;
  readonly memory?: number | string;
}

/**
 * The settings for what a command is asked for: paths, or names of claims below `root`; none means all of it.
 *
 * @throws UsageError when two paths have different settings, BadInputError as readSettings
 */
export async function settingsFor(
  paths: readonly string[],
  root: string,
  trusted: boolean,
): Promise<Settings | undefined> {
  const [first, ...others] = await Promise.all(
    (paths.length === 0 ? [root] : paths).map(async (path) => ({
      path,
      file: await findSettings(folderOf(path, root)),
    })),
  );
  const other = others.find(({ file }) => file !== first?.file);
  if (first !== undefined && other !== undefined) {
    const says = (file: string | undefined): string => (file === undefined ? "none" : nameOf(file));
    throw new UsageError(
      `the settings of ${first.path} (${says(first.file)}) and of ${other.path} (${says(other.file)}) differ`,
      { hint: "Check them one after another." },
    );
  }
  return first?.file === undefined ? undefined : readSettings(first.file, trusted);
}

/** The folder in which the search for the settings of a path begins: a claim's name is one below `root`. */
function folderOf(path: string, root: string): string {
  for (const place of [resolve(path), resolve(root, path)]) {
    const found = statSync(place, { throwIfNoEntry: false });
    if (found !== undefined) return found.isDirectory() ? place : dirname(place);
  }
  return root;
}

/** The nearest file of settings in a folder, or above it in its repository. */
export async function findSettings(folder: string): Promise<string | undefined> {
  for (const one of [resolve(folder), ...(await foldersAbove(folder))]) {
    const file = join(one, SETTINGS_FILE);
    if (await exists(file)) return file;
  }
  return undefined;
}

/**
 * Reads settings. They may be a stranger's: what would choose the code that runs here, or have modules read elsewhere, is
 * refused unless it is `trusted`.
 *
 * @throws BadInputError with the place of what is wrong
 */
export function readSettings(file: string, trusted: boolean): Settings {
  const text = readTextInput(file, MOST_BYTES, "the settings", nameOf(file));
  const bad = (message: string, offset: number, hint?: string): BadInputError => {
    const before = text.slice(0, offset).split("\n");
    const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
    const source = text.split(/\r?\n/)[line - 1] ?? "";
    const word = /^(?:"[^"]*"|[\w.-]+)/.exec(source.slice(column - 1))?.[0].length ?? 1;
    const shown = excerpt(source, { line, column, endColumn: column + word - 1 });
    return new BadInputError(`${message}\n${shown}`, {
      where: `${nameOf(file)}:${line}:${column}`,
      ...(hint !== undefined && { hint }),
    });
  };
  const placed = parse(text, bad);
  const written = validated(placed, bad);
  const folder = dirname(file);
  if (!trusted) {
    const hint = "If you trust this file, add --trust. It could run any program on your machine.";
    if (written.java !== undefined)
      throw bad("`java` chooses what runs", placed.places.get("#/java") ?? 0, hint);
    for (const [index, path] of (written.libraries ?? []).entries()) {
      const why = isElsewhere(resolve(folder, path), folder)
        ? "this library is not below the file's own folder"
        : isFile(resolve(folder, path)) && "a jar may hold operators in Java";
      if (why !== false) throw bad(why, placed.places.get(`/libraries/${index}`) ?? 0, hint);
    }
  }
  const { timeout, timeLimit, memory, java, libraries = [], ignore = [], ...plain } = written;
  const timeoutMs = millisecondsOf(String(timeout ?? ""));
  const limit = millisecondsOf(String(timeLimit ?? ""));
  const memoryMiB = mebibytesOf(String(memory ?? ""), 64);
  const wrong = (
    [
      ["timeout", timeout, timeoutMs, "It is at least 1 second, and at most 24 days."],
      ["timeLimit", timeLimit, limit, "It is at least 1 second, and at most 24 days."],
      ["memory", memory, memoryMiB, "It is at least 64 MiB."],
    ] as const
  ).find(([, given, read]) => given !== undefined && read === undefined);
  if (wrong !== undefined)
    throw bad(
      `\`${wrong[0]}\` can't be ${JSON.stringify(wrong[1])}`,
      placed.places.get(`/${wrong[0]}`) ?? 0,
      wrong[3],
    );
  return {
    ...plain,
    file,
    libraries: libraries.map((path) => resolve(folder, path)),
    ignore,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(limit !== undefined && { timeLimitS: limit / 1000 }),
    ...(memoryMiB !== undefined && { memoryMiB }),
    ...(java !== undefined && { java: resolve(folder, java) }),
  };
}

type Bad = (message: string, offset: number, hint?: string) => BadInputError;

function parse(text: string, bad: Bad): PlacedJson {
  try {
    return parsePlaced(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw bad(`this is not JSON: ${error.message}`, error.offset);
    throw error;
  }
}

function validated({ value, places }: PlacedJson, bad: Bad): Written {
  const schema: unknown = JSON.parse(readFileSync(SCHEMA, "utf8"));
  const validate = new Ajv({ allowUnionTypes: true, verbose: true }).compile<Written>(schema as object);
  if (validate(value)) return value;
  const [error] = validate.errors ?? [];
  throw error === undefined ? bad("these are not settings", 0) : problemOf(error, places, bad);
}

function problemOf(error: ErrorObject, places: ReadonlyMap<string, number>, bad: Bad): BadInputError {
  const { instancePath, keyword, params, data, parentSchema } = error;
  const at = places.get(instancePath) ?? 0;
  if (keyword === "additionalProperties") {
    const key = String(params["additionalProperty"]);
    const known = Object.keys((parentSchema?.["properties"] as object | undefined) ?? {});
    const meant = suggest(key, known);
    const hint = meant === undefined ? `There are: ${known.join(", ")}.` : `Did you mean ${meant}?`;
    return bad(`unknown key ${JSON.stringify(key)}`, places.get(`#${instancePath}/${key}`) ?? at, hint);
  }
  const name = instancePath.slice(1).replace(/\/(\d+)$/, "[$1]");
  const about = String(parentSchema?.["description"] ?? error.message ?? "");
  if (name === "") return bad(`settings are an object, { "timeout": "15min", ... }`, at);
  return bad(
    `\`${name}\` can't be ${shown(data)}: it ${error.message}`,
    at,
    about === "" ? undefined : about,
  );
}

function shown(data: unknown): string {
  const text = JSON.stringify(data) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
}

function isElsewhere(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way);
}
