import { tmpdir } from "node:os";
import { basename, delimiter } from "node:path";
import { cacheFolder } from "../base/cache.js";
import { EnvironmentError } from "../base/errors.js";
import { type Abilities, findAbilities } from "./abilities.js";
import { findArchive } from "./archive.js";
import { findJar, type Jar, type JarOptions } from "./jar.js";
import { findJava, type Java } from "./java.js";
import { findResident } from "./resident-classes.js";

/** All that running TLC needs. */
export interface Tools {
  readonly java: Java;
  readonly jar: Jar;
  readonly abilities: Abilities;
  /** The archive of prepared classes, where there is one. */
  readonly archive?: string;
  /** The classes for a Java process that stays (see resident-classes.ts), where there are any. */
  readonly resident?: string;
  /** The cache's folder; it need not be writable. */
  readonly cache: string;
}

/**
 * Java divides a class path at each `:`, and takes `*` at its end for all jars of a folder: a file with such a name would
 * bring in others.
 *
 * @throws EnvironmentError that names the variable to change
 */
function expectOnPath(path: string, what: string, variable: string): void {
  const part = path.includes(delimiter) ? delimiter : basename(path) === "*" ? "*" : undefined;
  if (part === undefined) return;
  throw new EnvironmentError(`${what} can't be on Java's class path, for the \`${part}\` in it: ${path}`, {
    where: variable,
    hint: `Set ${variable} to a path without it.`,
  });
}

/**
 * Finds Java and TLC, finds out what TLC can do, and prepares its classes. Slow the first time on a machine (up to
 * several seconds, and a download), quick afterwards. Throws EnvironmentError, BadInputError or Interrupted.
 */
export async function findTools(options: JarOptions = {}): Promise<Tools> {
  const env = options.env ?? process.env;
  const cache = cacheFolder(env);
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  // Java first: without it, fetching a jar would be for nothing.
  const java = await findJava({ env, ...signal });
  expectOnPath(cache, "the cache", "QUIESCE_CACHE");
  expectOnPath(tmpdir(), "the temporary folder", "TMPDIR");
  const jar = await findJar(options);
  expectOnPath(jar.path, "TLC's jar", "TLA2TOOLS_JAR");
  const archive = await findArchive({ java, jar }, { cache, ...signal });
  const tools = { java, jar, ...(archive !== undefined && { archive }) };
  const abilities = await findAbilities(tools, { cache, ...signal });
  const resident = await findResident({ java, jar }, { cache, ...signal });
  return { ...tools, abilities, cache, ...(resident !== undefined && { resident }) };
}
