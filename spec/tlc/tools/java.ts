import { join } from "node:path";
import type { Environment } from "../base/cache.js";
import { EnvironmentError, Interrupted } from "../base/errors.js";
import { run } from "../base/process.js";

/** A Java runtime that can run TLC. */
export interface Java {
  /** The program: a path, or `java` for the one on PATH. */
  readonly command: string;
  /** As it reports it: `17.0.15`. */
  readonly version: string;
  /** 17. */
  readonly major: number;
  /** The virtual machine's own line of its version text, for telling builds apart. */
  readonly build: string;
}

/** TLC runs from Java 11 on. */
export const OLDEST_JAVA = 11;

const INSTALL = [
  "Debian, Ubuntu:  sudo apt-get install default-jre-headless",
  "Fedora:          sudo dnf install java-17-openjdk-headless",
  "macOS:           brew install openjdk",
  "or set JAVA_HOME to the folder of a newer one.",
].join("\n");

/**
 * Finds Java: JAVA_HOME/bin/java, then `java` on PATH; the first that runs and is new enough.
 * Throws EnvironmentError with the command that installs one, or Interrupted.
 */
export async function findJava(
  options: { readonly env?: Environment; readonly signal?: AbortSignal } = {},
): Promise<Java> {
  const env = options.env ?? process.env;
  const home = env["JAVA_HOME"];
  const candidates = home !== undefined && home !== "" ? [join(home, "bin", "java"), "java"] : ["java"];
  const reasons: string[] = [];
  for (const command of candidates) {
    const name = command === "java" ? "java on PATH" : `${command} (JAVA_HOME)`;
    const result = await run(command, ["-XX:-UsePerfData", "-version"], {
      env,
      timeoutMs: 20_000,
      ...(options.signal && { signal: options.signal }),
    });
    if (result.aborted) throw new Interrupted();
    const java = readJavaVersion(command, `${result.stderr}\n${result.stdout}`);
    if (result.missing) reasons.push(`${name}: not there`);
    else if (result.timedOut) reasons.push(`${name}: no answer within 20 s`);
    else if (result.exitCode !== 0 || java === undefined) reasons.push(`${name}: does not run`);
    else if (java.major < OLDEST_JAVA) reasons.push(`${name}: version ${java.version} is too old`);
    else return java;
  }
  const list = reasons.map((reason) => `\n  ${reason}`).join("");
  throw new EnvironmentError(
    `Java was not found; TLC, the model checker, needs version ${OLDEST_JAVA} or newer. Searched:${list}`,
    { hint: INSTALL },
  );
}

/** Reads what `java -version` prints; undefined when that is no version. */
export function readJavaVersion(command: string, text: string): Java | undefined {
  const version = /version "([^"]+)"/.exec(text)?.[1];
  if (version === undefined) return undefined;
  // Before 9 it was 1.8.0_392.
  const major = Number(/^(?:1\.)?(\d+)/.exec(version)?.[1]);
  if (!Number.isInteger(major)) return undefined;
  const lines = text.split("\n").map((line) => line.trim());
  const build = lines.find((line) => line.includes(" VM ")) ?? version;
  return { command, version, major, build };
}
