import { join } from "node:path";
import type { Environment } from "../base/cache.js";
import { EnvironmentError, Interrupted } from "../base/errors.js";
import { type RunResult, run } from "../base/process.js";
import { chosenVariables, type JavaChoices, javaEnvironment, readChoices, wordsOf } from "./java-choices.js";

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
  /** What the person has chosen for every Java, where they have. */
  readonly choices?: JavaChoices;
}

/** TLC runs from Java 11 on. */
export const OLDEST_JAVA = 11;

/** How a Java that can't even start says that it gets no memory. */
const NO_MEMORY =
  /insufficient memory|(?:failed|could not|unable) to (?:reserve|allocate|commit|map)|could not (?:reserve|allocate)|failed to allocate/i;

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
  const variables = chosenVariables(env);
  // Java tells what it has made of the variables, also of what they only refer to; that takes it a little longer.
  const tell = variables.length > 0 ? ["-XX:+PrintFlagsFinal"] : [];
  for (const command of candidates) {
    const name = command === "java" ? "java on PATH" : `${command} (JAVA_HOME)`;
    const result = await run(command, ["-XX:-UsePerfData", ...tell, "-version"], {
      env: { ...env, ...javaEnvironment(env) },
      timeoutMs: 20_000,
      ...(options.signal && { signal: options.signal }),
    });
    if (result.aborted) throw new Interrupted();
    const java = readJavaVersion(command, `${result.stderr}\n${result.stdout}`);
    if (result.missing) reasons.push(`${name}: not there`);
    else if (result.timedOut) reasons.push(`${name}: no answer within 20 s`);
    else if (result.exitCode !== 0 || java === undefined) {
      reasons.push(`${name}: does not run: ${whyNot(result)}`);
    } else if (java.major < OLDEST_JAVA) reasons.push(`${name}: version ${java.version} is too old`);
    else return { ...java, ...(variables.length > 0 && { choices: readChoices(result.stdout) }) };
  }
  const list = reasons.map((reason) => `\n  ${reason}`).join("");
  if (variables.length > 0 && reasons.some((reason) => reason.includes(": does not run: "))) {
    throw new EnvironmentError(`Java does not start with the options that the environment gives it:${list}`, {
      where: variables.map((variable) => variable.replace(/=.*/s, "")).join(", "),
      hint: `Correct or unset ${variables.join(", ")}`,
    });
  }
  if (reasons.some((reason) => NO_MEMORY.test(reason)))
    throw new EnvironmentError(`Java is there, but gets too little memory to start:${list}`, {
      hint: "Raise what limits it: ulimit -v, or the memory of the container.",
    });
  throw new EnvironmentError(
    `Java was not found; TLC, the model checker, needs version ${OLDEST_JAVA} or newer. Searched:${list}`,
    { hint: INSTALL },
  );
}

/** Why a program that is there is not Java, or does not start; in its own words, where it has any. */
function whyNot(result: RunResult): string {
  const words = result.failure ?? wordsOf(`${result.stderr}\n${result.stdout}`);
  if (words !== "") return words.length > 300 ? `${words.slice(0, 300)}...` : words;
  return result.exitCode === undefined ? `ended by ${result.signal}` : `exit code ${result.exitCode}`;
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
