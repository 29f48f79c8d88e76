import { join } from "node:path";
import { keep, readCached, readObject } from "../base/cache.js";
import type { ClaimRun } from "../claim/claim-run.js";
import type { ModuleClosure } from "../claim/modules.js";
import type { TlcMessage } from "../output/messages.js";
import { readReport } from "../output/report.js";
import { sha256 } from "../tools/pins.js";
import type { Tools } from "../tools/tools.js";
import type { TlcOutcome } from "./outcome.js";

/** The layout of a kept run, and how TLC is called; a change to either makes the kept runs useless. */
const FORMAT = 1;

/**
 * Where the run of a model is kept: named after everything that its outcome depends on, the content of the
 * configuration (without comment lines), of the modules and of the jar, and how its claim is run. Undefined when it depends on more than that.
 */
export function resultFile(
  tools: Pick<Tools, "cache" | "jar">,
  config: string,
  modules: ModuleClosure,
  run: ClaimRun = {},
): string | undefined {
  if (modules.impure || run.environment !== undefined) return undefined;
  // With several workers, what a specification keeps in TLC's registers depends on who found what.
  if (run.workers !== undefined && modules.files.some(({ text }) => /\bTLC[GS]et\b/.test(text)))
    return undefined;
  const { mode, noDeadlock, javaProperties, workers } = run;
  const jars = modules.jars.length > 0 ? modules.jars.map(({ sha256 }) => sha256) : undefined;
  const how = { mode, noDeadlock, javaProperties, jars, ...(workers !== undefined && { workers }) };
  // Where a comment may span lines, a line that looks like a comment may end one and go on with what counts.
  const meaning = config.includes("(*")
    ? config
    : config
        .split("\n")
        .filter((line) => !/^\s*\\\*/.test(line))
        .join("\n");
  const [model] = modules.files;
  const inputs = [
    FORMAT,
    tools.jar.sha256,
    model?.name,
    meaning,
    ...modules.files.flatMap((f) => [f.name, f.text]),
    // Nothing for an ordinary run, so that what is kept of these stays.
    ...(JSON.stringify(how) === "{}" ? [] : [how]),
  ];
  const key = sha256(JSON.stringify(inputs));
  return join(tools.cache, "results", key.slice(0, 2), `${key}.json`);
}

/** What is kept: TLC's own words, so that the verdict is decided again each time. */
interface Kept {
  readonly format: number;
  readonly exitCode: number;
  readonly seconds: number;
  readonly messages: readonly TlcMessage[];
}

/**
 * Takes a run from the cache; undefined when it is missing or malformed. The run may come from another copy of the same
 * modules: the places in it are those of `modules`.
 */
export async function recall(file: string, modules: ModuleClosure): Promise<TlcOutcome | undefined> {
  const content = await readCached(file);
  const kept = content === undefined ? undefined : parseKept(content.toString("utf8"));
  if (kept === undefined) return undefined;
  const { exitCode, seconds, messages } = kept;
  const report = readReport(messages, new Map(modules.files.map(({ name, path }) => [name, path])));
  return { exitCode, seconds, messages, report, timedOut: false, stderr: "" };
}

/** Keeps a run that ended. If the cache can't be written, the run is simply not kept. */
export async function remember(file: string, outcome: TlcOutcome): Promise<void> {
  if (outcome.exitCode === undefined) return;
  const { exitCode, seconds, messages } = outcome;
  const kept: Kept = { format: FORMAT, exitCode, seconds, messages };
  await keep(file, JSON.stringify(kept));
}

function parseKept(text: string): Kept | undefined {
  const value = readObject(text);
  const messages = value?.["messages"];
  const fine =
    value?.["format"] === FORMAT &&
    typeof value["exitCode"] === "number" &&
    typeof value["seconds"] === "number" &&
    Array.isArray(messages) &&
    messages.every((m: unknown) => typeof m === "object" && m !== null && "code" in m && "text" in m);
  return fine ? (value as unknown as Kept) : undefined;
}
