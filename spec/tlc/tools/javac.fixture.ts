import { run } from "../base/process.js";
import { findJava } from "./java.js";
import { javacOf } from "./resident-classes.js";

/**
 * The Java compiler that belongs to the Java of this machine, for tests that can't do without one: a runtime alone
 * decides every claim, only more slowly. Undefined where it is missing, which is said with the command that mends it;
 * in CI that is an error.
 *
 * @param what the tests, for the message
 */
export async function findJavac(what: string): Promise<string | undefined> {
  const command = javacOf(await findJava());
  if ((await run(command, ["-version"], { timeoutMs: 60_000 })).exitCode === 0) return command;
  const message = `${what}: skipped, for want of javac. Debian: apt-get install default-jdk-headless`;
  if (process.env["CI"] === "true") throw new Error(message);
  process.stderr.write(`${message}\n`);
  return undefined;
}
