import { EnvironmentError } from "../base/errors.js";
import { type RunOptions, type RunResult, run } from "../base/process.js";
import type { Java } from "./java.js";
import { chosenVariables, javaEnvironment, whyUnstarted, withoutNotices } from "./java-choices.js";

/** Runs Java to its end, with what the person has set for every Java; see process.ts. */
export async function runJava(
  java: Pick<Java, "command">,
  arguments_: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  const env = { ...process.env, ...options.env };
  const result = await run(java.command, arguments_, {
    ...options,
    env: { ...options.env, ...javaEnvironment(env) },
  });
  return { ...result, stderr: withoutNotices(result.stderr) };
}

/**
 * Throws EnvironmentError, with Java's words and the variables that give it options, when it did not even start; what a
 * run says otherwise is for others to judge.
 */
export function expectStarted(
  java: Pick<Java, "command">,
  exitCode: number | undefined,
  output: string,
): void {
  const why = exitCode === 1 ? whyUnstarted(output) : undefined;
  if (why === undefined) return;
  const set = chosenVariables(process.env);
  throw new EnvironmentError(`Java (${java.command}) does not start: ${why}`, {
    hint:
      set.length > 0
        ? `These variables give it options: ${set.join(", ")}. Correct or unset them.`
        : "Give it less memory with --memory, or make more of it available.",
  });
}
