import { randomInt } from "node:crypto";
import type { Compiler } from "../../native/js/compiler.js";
import { EnvironmentError, Interrupted, throwIfInterrupted } from "../../spec/tlc/base/errors.js";
import { inParallel } from "../../spec/tlc/base/pool.js";
import { withScratch } from "../../spec/tlc/base/scratch.js";
import type { CompiledTest } from "../litmus/compile.js";
import { type Refusal, readTest } from "../litmus/files.js";
import { LitmusError } from "../litmus/lexer.js";
import type { Order } from "../litmus/model.js";
import { NOTHING_SEEN, type RunLimits, runProgram, type Tally } from "./child.js";
import { askMachine, type MachineOptions, type MachineResult } from "./machine.js";
import { type Program, programOf } from "./program.js";
import { type Judged, judgeTally } from "./verdict.js";
import { Workshop } from "./workshop.js";

export interface SiliconRequest extends MachineOptions {
  readonly files: readonly string[];
  readonly order: Order;
  readonly compilers: readonly Compiler[];
  readonly limits: MachineOptions["limits"];
  readonly each: Omit<RunLimits, "seed">;
  /** Chosen by chance where it is not given. */
  readonly seed?: number;
}

/** What came of one file with one compiler. */
export interface CompilerResult {
  readonly compiler: Compiler;
  readonly judged: Judged;
}

/**
 * What came of a file: it ran; it is refused; or it was not run, because no run of it comes to an end on the machine,
 * or because the time for all was up.
 */
export type SiliconFile = { readonly file: string } & (
  | { readonly kind: "ran"; readonly test: CompiledTest; readonly results: readonly CompilerResult[] }
  | { readonly kind: "refused"; readonly error: Refusal }
  | { readonly kind: "not run"; readonly test: CompiledTest; readonly reason: string }
);

export interface SiliconSummary {
  readonly order: Order;
  readonly compilers: readonly Compiler[];
  readonly files: readonly SiliconFile[];
  readonly seed: number;
  readonly interrupted: boolean;
  readonly seconds: number;
}

/** A test that can be run, and what the machine says of it. */
export interface Runnable {
  readonly file: string;
  readonly test: CompiledTest;
  readonly program: Program;
}

const READ_AT_ONCE = 16;
/** The number of a seed is at most this. */
const SEEDS = 2 ** 31;

/** Reads files, and makes a program of each test; in the files' order. Throws Interrupted. */
export async function readPrograms(
  files: readonly string[],
  signal: AbortSignal,
): Promise<readonly (Runnable | Extract<SiliconFile, { kind: "refused" }>)[]> {
  return await inParallel(files, READ_AT_ONCE, async (file) => {
    throwIfInterrupted(signal);
    const read = await readTest(file);
    if ("refused" in read) return { file, kind: "refused", error: read.refused } as const;
    try {
      return { file, test: read.test, program: programOf(read.test) };
    } catch (error) {
      if (!(error instanceof LitmusError)) throw error;
      const { message, position, hint } = error;
      return {
        file,
        kind: "refused",
        error: { message, position, ...(hint !== undefined && { hint }) },
      } as const;
    }
  });
}

/**
 * Runs litmus tests on this processor, one after the other, and judges what is seen by what the machine allows. Where
 * it is interrupted, the summary has what was found until then; before the first test, it throws Interrupted.
 */
export async function runOnSilicon(request: SiliconRequest): Promise<SiliconSummary> {
  const started = performance.now();
  const { signal, order, compilers } = request;
  const read = await readPrograms(request.files, signal);
  const runnable = read.flatMap((one) => ("program" in one ? [one] : []));
  const machine = await askMachine(
    runnable.map(({ test }) => test),
    order,
    request,
  );
  const seed = request.seed ?? randomInt(SEEDS);
  const results = await withScratch("silicon", async (folder) => {
    const workshop = new Workshop(folder, signal);
    for (const compiler of compilers)
      await workshop.prepare(
        runnable.map(({ program }) => program.needs),
        compiler,
      );
    const runs = new Runs(request, seed, workshop, runnable.length);
    const done: SiliconFile[] = [];
    for (const [n, one] of runnable.entries())
      done.push(await runs.file(one, machine[n] ?? { message: "it did not run" }));
    return done;
  });
  request.progress.done();
  let next = 0;
  const files = read.map((one): SiliconFile => {
    if (!("program" in one)) return one;
    return results[next++] as SiliconFile;
  });
  const seconds = (performance.now() - started) / 1000;
  return { order, compilers, files, seed, interrupted: signal.aborted, seconds };
}

class Runs {
  #done = 0;
  readonly #started = performance.now();

  constructor(
    readonly request: SiliconRequest,
    readonly seed: number,
    readonly workshop: Workshop,
    readonly total: number,
  ) {}

  async file({ file, test, program }: Runnable, machine: MachineResult): Promise<SiliconFile> {
    const { signal, each, compilers } = this.request;
    if ("position" in machine) return { file, kind: "refused", error: machine };
    if (signal.aborted) return { file, kind: "not run", test, reason: "interrupted" };
    if ("ends" in machine && !machine.ends)
      return { file, kind: "not run", test, reason: "no run of it ends on the machine" };
    const results: CompilerResult[] = [];
    for (const compiler of compilers) {
      try {
        const built = await this.workshop.build(test.litmus.name, program, compiler);
        const ran = await runProgram(built, { ...each, seed: this.seed }, signal, (tally) =>
          this.#show(test, compiler, tally),
        );
        results.push({ compiler, judged: judgeTally(test, machine, ran) });
      } catch (error) {
        if (error instanceof Interrupted) break;
        if (!(error instanceof EnvironmentError)) throw error;
        const message = [error.message, error.hint].filter((text) => text !== undefined).join("\n");
        const ran = { tally: NOTHING_SEEN, end: { kind: "refused", message } } as const;
        results.push({ compiler, judged: judgeTally(test, machine, ran) });
      }
    }
    this.#done++;
    return results.length > 0
      ? { file, kind: "ran", test, results }
      : { file, kind: "not run", test, reason: "interrupted" };
  }

  #show(test: CompiledTest, { command }: Compiler, { rounds }: Tally): false {
    const seconds = Math.round((performance.now() - this.#started) / 1000);
    const line =
      `Silicon ${this.#done} of ${this.total} tests   ${seconds} s   ` +
      `${test.litmus.name}, ${command[0]}: ${rounds.toLocaleString("en-US")} rounds`;
    this.request.progress.update([line], line);
    return false;
  }
}
