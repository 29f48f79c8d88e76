import { randomInt } from "node:crypto";
import type { Compiler } from "../../native/js/compiler.js";
import { EnvironmentError } from "../../spec/tlc/base/errors.js";
import { withScratch } from "../../spec/tlc/base/scratch.js";
import { type CompiledTest, compileTest } from "../litmus/compile.js";
import { LitmusError } from "../litmus/lexer.js";
import type { Order } from "../litmus/model.js";
import type { OrderResult } from "../litmus/result.js";
import { runProgram } from "./child.js";
import { askMachine } from "./machine.js";
import { type Mutant, mutantsOf } from "./mutants.js";
import { type Program, programOf } from "./program.js";
import { readPrograms, type SiliconFile, type SiliconRequest } from "./run.js";
import { type Judged, judgeTally, keyOf } from "./verdict.js";
import { Workshop } from "./workshop.js";

/** A mutant of which the machine says that this processor can show it, and what a compiler's program has shown. */
export interface MutantResult {
  readonly file: string;
  readonly test: CompiledTest;
  readonly mutant: Mutant;
  readonly compiler: Compiler;
  /** Judged by what the machine allows the mutant. */
  readonly judged: Judged;
  /** How often there was an outcome that the machine forbids the test, and allows the mutant. */
  readonly shown: number;
}

export interface MutantSummary {
  readonly order: Order;
  readonly seed: number;
  readonly refused: readonly Extract<SiliconFile, { kind: "refused" }>[];
  readonly results: readonly MutantResult[];
  /** All mutants; those that have no new outcome under this processor's order; those that are not decided. */
  readonly mutants: number;
  readonly unchanged: number;
  readonly undecided: number;
  /** How many of those that can be shown were not run, for the interrupt. */
  readonly notRun: number;
  readonly interrupted: boolean;
  readonly seconds: number;
}

interface Candidate {
  readonly file: string;
  readonly original: CompiledTest;
  readonly mutant: Mutant;
  readonly test: CompiledTest;
  readonly program: Program;
}

const SEEDS = 2 ** 31;

/**
 * Runs each mutant that may have an outcome which the machine forbids its test, until that is seen. So a run that sees
 * nothing forbidden is one that would have.
 */
export async function runMutants(request: SiliconRequest): Promise<MutantSummary> {
  const started = performance.now();
  const { signal, order, compilers, progress } = request;
  const read = await readPrograms(request.files, signal);
  const runnable = read.flatMap((one) => ("program" in one ? [one] : []));
  const candidates = runnable.flatMap(({ file, test }) =>
    mutantsOf(test.litmus).flatMap((mutant): Candidate[] => {
      try {
        const mutated = compileTest(mutant.litmus);
        return [{ file, original: test, mutant, test: mutated, program: programOf(mutated) }];
      } catch (error) {
        // Without a lock or a section, a test may be none any more.
        if (error instanceof LitmusError) return [];
        throw error;
      }
    }),
  );
  const originals = new Map<CompiledTest, number>(runnable.map(({ test }, n) => [test, n]));
  const asked = await askMachine(
    [...runnable.map(({ test }) => test), ...candidates.map(({ test }) => test)],
    order,
    request,
  );
  let [unchanged, undecided] = [0, 0];
  const worth: { readonly one: Candidate; readonly machine: OrderResult; readonly fresh: Set<string> }[] = [];
  for (const [n, one] of candidates.entries()) {
    const before = asked[originals.get(one.original) ?? -1];
    const after = asked[runnable.length + n];
    if (before === undefined || after === undefined || "message" in before || "message" in after) {
      undecided++;
      continue;
    }
    const old = new Set(before.outcomes.map(keyOf));
    const fresh = new Set(after.outcomes.map(keyOf).filter((key) => !old.has(key)));
    if (fresh.size === 0) unchanged++;
    else worth.push({ one, machine: after, fresh });
  }
  const results: MutantResult[] = [];
  const seed = request.seed ?? randomInt(SEEDS);
  await withScratch("silicon", async (folder) => {
    const workshop = new Workshop(folder, signal);
    for (const { one, machine, fresh } of worth)
      for (const compiler of compilers) {
        if (signal.aborted) return;
        const { file, original, mutant, test, program } = one;
        const shownBy = (judged: Judged): number =>
          judged.outcomes.reduce(
            (sum, { outcome, count }) => sum + (fresh.has(keyOf(outcome)) ? count : 0),
            0,
          );
        try {
          const built = await workshop.build(mutant.name, program, compiler);
          const ran = await runProgram(built, { ...request.each, seed }, signal, (tally) => {
            const line = `Mutants ${results.length} of ${worth.length * compilers.length}   ${test.litmus.name}, ${mutant.name}`;
            progress.update([line], line);
            return shownBy(judgeTally(test, machine, { tally, end: { kind: "ended" } })) > 0;
          });
          // That it was stopped because it has shown enough is no lack.
          const end = ran.end.kind === "stopped" && !signal.aborted ? ({ kind: "ended" } as const) : ran.end;
          const judged = judgeTally(test, machine, { tally: ran.tally, end });
          results.push({ file, test: original, mutant, compiler, judged, shown: shownBy(judged) });
        } catch (error) {
          if (signal.aborted) return;
          if (!(error instanceof EnvironmentError)) throw error;
          throw new EnvironmentError(`${original.litmus.name}, ${mutant.name}: ${error.message}`, {
            ...(error.hint !== undefined && { hint: error.hint }),
          });
        }
      }
  });
  progress.done();
  return {
    order,
    seed,
    refused: read.flatMap((one) => ("program" in one ? [] : [one])),
    results,
    mutants: candidates.length,
    unchanged,
    undecided,
    notRun: worth.length * compilers.length - results.length,
    interrupted: signal.aborted,
    seconds: (performance.now() - started) / 1000,
  };
}
