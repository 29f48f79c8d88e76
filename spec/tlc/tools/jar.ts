import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CacheError, cacheFolder, type Environment, readCached, writeAtomically } from "../base/cache.js";
import { BadInputError, codeOf, EnvironmentError, messageOf, throwIfInterrupted } from "../base/errors.js";
import { createScratch } from "../base/scratch.js";
import { DownloadError, type DownloadLimits, download } from "./download.js";
import { fetchWithMaven } from "./maven.js";
import { ARTIFACT, isZip, PINS, type Pin, RELEASE, sha256 } from "./pins.js";

/** TLC's jar on this machine. */
export interface Jar {
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
  /** The hash is one that this project pins. */
  readonly verified: boolean;
  readonly source: "TLA2TOOLS_JAR" | "cache" | "download" | "maven";
  /** Which of the pinned builds it is. */
  readonly pin?: Pin;
}

/** Where to look for the jar; everything has a default. */
export interface JarOptions {
  readonly env?: Environment;
  readonly signal?: AbortSignal;
  /** Called with what is being fetched, since that takes a while. */
  readonly onFetch?: (text: string) => void;
  /** Called with what a person should know but need not act on. */
  readonly onNotice?: (text: string) => void;
  /** The release's address (else QUIESCE_JAR_URL, else GitHub's). What it brings must have a pinned hash. */
  readonly url?: string;
  readonly limits?: Partial<DownloadLimits>;
  /** The Maven program (default `mvn`). */
  readonly maven?: string;
  readonly pins?: readonly Pin[];
}

/** A place that was searched, and why nothing was found there. */
interface Attempt {
  readonly place: string;
  readonly reason: string;
}

/**
 * Finds TLC's jar: TLA2TOOLS_JAR, the cache, the GitHub release, Maven. What is fetched, and what comes from the
 * cache, has a pinned hash; a corrupt file in the cache is replaced. Safe for several processes at once.
 * Throws BadInputError for a bad TLA2TOOLS_JAR, Interrupted, and EnvironmentError that lists what was tried.
 */
export async function findJar(options: JarOptions = {}): Promise<Jar> {
  const env = options.env ?? process.env;
  const pins = options.pins ?? PINS;
  throwIfInterrupted(options.signal);
  const given = env["TLA2TOOLS_JAR"];
  if (given !== undefined && given !== "") return await givenJar(given, pins);

  const folder = join(cacheFolder(env), "jar");
  const attempts: Attempt[] = [{ place: "TLA2TOOLS_JAR", reason: "not set" }];
  for (const pin of pins) {
    const path = join(folder, pin.file);
    const content = await readCached(path);
    if (content === undefined) continue;
    if (sha256(content) === pin.sha256) {
      return { path, sha256: pin.sha256, verified: true, source: "cache", pin };
    }
    attempts.push({ place: path, reason: "its hash is wrong, so it is not used" });
  }
  if (attempts.length === 1) attempts.push({ place: `the cache, ${folder}`, reason: "nothing there" });

  const url = options.url ?? (env["QUIESCE_JAR_URL"] || addressOf(pins));
  const artifact = artifactOf(pins);
  const sources = [
    {
      source: "download" as const,
      place: url,
      fetch: () =>
        download(url, {
          ...(options.signal && { signal: options.signal }),
          ...(options.limits && { limits: options.limits }),
        }),
    },
    {
      source: "maven" as const,
      place: `Maven, ${artifact}`,
      fetch: () =>
        fetchWithMaven(artifact, {
          ...(options.signal && { signal: options.signal }),
          ...(options.maven !== undefined && { command: options.maven }),
          env,
        }),
    },
  ];
  for (const { source, place, fetch } of sources) {
    throwIfInterrupted(options.signal);
    options.onFetch?.(`fetching TLC from ${place}`);
    try {
      const content = await fetch();
      const hash = sha256(content);
      const pin = pins.find((candidate) => candidate.sha256 === hash);
      if (pin === undefined) throw new DownloadError(`its hash is wrong (${content.length} bytes, ${hash})`);
      const path = await store(join(folder, pin.file), content, options.onNotice);
      return { path, sha256: hash, verified: true, source, pin };
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      attempts.push({ place, reason: error.message });
    }
  }
  throw notFound(attempts, url);
}

/** A user who names a jar wants that one: no other is taken in its place. */
async function givenJar(given: string, pins: readonly Pin[]): Promise<Jar> {
  const path = resolve(given);
  const bad = (problem: string, cause?: unknown): BadInputError =>
    new BadInputError(`TLA2TOOLS_JAR names ${path}, ${problem}`, {
      where: "TLA2TOOLS_JAR",
      hint: "Set it to the path of tla2tools.jar, or unset it to let Quiesce find the jar.",
      cause,
    });
  let content: Buffer;
  try {
    if (!(await isZip(path))) throw bad("which is not a jar");
    content = await readFile(path);
  } catch (error) {
    if (error instanceof BadInputError) throw error;
    const reasons: Record<string, string> = {
      ENOENT: "which does not exist",
      EISDIR: "which is a folder",
      EACCES: "which may not be read",
    };
    throw bad(reasons[codeOf(error) ?? ""] ?? `which can't be read: ${messageOf(error)}`, error);
  }
  const hash = sha256(content);
  const pin = pins.find((candidate) => candidate.sha256 === hash);
  return { path, sha256: hash, verified: pin !== undefined, source: "TLA2TOOLS_JAR", ...(pin && { pin }) };
}

/** Keeps the jar in the cache or, if that fails, in a folder that lasts as long as our process. */
async function store(file: string, content: Buffer, onNotice?: (text: string) => void): Promise<string> {
  try {
    await writeAtomically(file, content);
    return file;
  } catch (error) {
    if (!(error instanceof CacheError)) throw error;
    onNotice?.(`TLC's jar is kept for this run only: ${error.message} (${file}). ${error.hint ?? ""}`.trim());
    const scratch = await createScratch("jar");
    const path = join(scratch.path, "tla2tools.jar");
    await writeAtomically(path, content);
    return path;
  }
}

function addressOf(pins: readonly Pin[]): string {
  for (const { from } of pins) if ("url" in from) return from.url;
  return "url" in RELEASE.from ? RELEASE.from.url : "";
}

function artifactOf(pins: readonly Pin[]): string {
  for (const { from } of pins) if ("maven" in from) return from.maven;
  return "maven" in ARTIFACT.from ? ARTIFACT.from.maven : "";
}

function notFound(attempts: readonly Attempt[], url: string): EnvironmentError {
  const list = attempts.map(({ place, reason }) => `\n  ${place}: ${reason}`).join("");
  return new EnvironmentError(`TLC's jar was not found. Searched:${list}`, {
    hint: [
      "Any one of these helps:",
      "- install Maven, which fetches it:  sudo apt-get install maven   (macOS: brew install maven)",
      `- download ${url}`,
      "  with a browser, then:  export TLA2TOOLS_JAR=/path/to/tla2tools.jar",
    ].join("\n"),
  });
}
