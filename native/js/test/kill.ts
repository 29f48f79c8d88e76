import type { BuildOptions } from "../artifact.js";
import { MutantError } from "../errors.js";
import { readMutant } from "../mutants.js";
import { buildProgram, runTap } from "./program.js";

/** What the test that is declared to kill a mutant says of it. */
export interface TestOutcome {
  readonly test: string;
  readonly failed: boolean;
}

/**
 * Runs the test that native/mutants.json declares for a mutant, on the mutant.
 *
 * @throws MutantError when no test is declared for it; CompileError, CompilerMissingError, Interrupted
 */
export async function testMutant(name: string, options: BuildOptions = {}): Promise<TestOutcome> {
  const { killer } = readMutant(name);
  if (killer === "replay" || !("test" in killer))
    throw new MutantError(`no test is declared to kill the mutant "${name}"`, {
      where: "native/mutants.json",
      hint: "Replay or a claim is: quiesce conform --mutants shows which.",
    });
  const { program, test } = killer;
  const file = await buildProgram(program, { mutant: name }, options);
  // A mutant that one test notices may well hang in another, for as long as the program has.
  const { failed, passed, signal } = await runTap(file, options.signal, test);
  // A test in which the program hangs or crashes says nothing more.
  return { test, failed: failed.includes(test) || (signal !== null && !passed.includes(test)) };
}
