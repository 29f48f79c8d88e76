import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Compiler } from "../../../native/js/compiler.js";
import { type MutantRow, mutantText } from "../../../native/js/mutants.js";
import { SOURCES } from "../../../native/js/root.js";
import { throwIfInterrupted } from "../../../spec/tlc/base/errors.js";
import { createScratch, withScratch } from "../../../spec/tlc/base/scratch.js";
import { root } from "../../base/root.js";
import type { CompiledTest } from "../../litmus/compile.js";
import { readTest } from "../../litmus/files.js";
import { runProgram } from "../../silicon/child.js";
import { findCompilers } from "../../silicon/compilers.js";
import type { MachineResult } from "../../silicon/machine.js";
import { programOf } from "../../silicon/program.js";
import { judgeTally, orderOf } from "../../silicon/verdict.js";
import { Workshop } from "../../silicon/workshop.js";
import { askAbout } from "./machine.js";
import { once } from "./once.js";
import { killed, MISSED, type Outcome, open, type SuiteContext } from "./suite.js";

/** Tests whose sections and grace periods are the library's. */
export const RCU_TESTS = [
  "silicon/tests/RCU+sync-in-slow-section",
  ...["RCU+deferred-free", "RCU+sync+read", "RCU+sync+readswapped", "RCU+nested", "SB+rcusync+rcuread"].map(
    (name) => `litmus/tests/${name}`,
  ),
].map((name) => `conformance/${name}.litmus`);

/** For each test: so many rounds, or so long on a machine that is busy. */
const LIMITS = { rounds: 20_000, milliseconds: 600, seed: 7 };
/** The first test is the one that shows most. */
const LIMITS_OF_FIRST = { ...LIMITS, rounds: 200_000, milliseconds: 10_000 };
/** A round takes microseconds. */
const SILENCE_MS = 20_000;

interface Asked {
  readonly test: CompiledTest;
  readonly machine: MachineResult;
}

const asked = once(async (context: SuiteContext): Promise<readonly Asked[]> => {
  const tests: CompiledTest[] = [];
  for (const file of RCU_TESTS) {
    const read = await readTest(join(root, file));
    if (!("test" in read)) throw new Error(`${file}: ${read.refused.message}`);
    tests.push(read.test);
  }
  const machine = await askAbout(tests, orderOf(process.arch) ?? "weak", context);
  return tests.map((test, n) => ({ test, machine: machine[n] ?? { message: "it did not run" } }));
});

/** Runs litmus tests on this processor, with the changed library for their sections and grace periods. */
export async function rcuLitmus(change: MutantRow | undefined, context: SuiteContext): Promise<Outcome> {
  const { signal } = context;
  const [compiler] = await findCompilers(undefined, signal);
  if (compiler === undefined) throw new Error("findCompilers returned none");
  const all = await asked(context);
  return withScratch("suite", async (folder) => {
    const workshop = await workshopFor(change, compiler, folder, context);
    let undecided: Outcome | undefined;
    for (const [number, { test, machine }] of all.entries()) {
      const { name } = test.litmus;
      const file = await workshop.build(name, programOf(test), compiler);
      const limits = { ...(number === 0 ? LIMITS_OF_FIRST : LIMITS), silenceMs: SILENCE_MS };
      let found = false;
      const ran = await runProgram(file, limits, signal, (tally) => {
        found = judgeTally(test, machine, { tally, end: { kind: "ended" } }).verdict === "violated";
        return found;
      });
      throwIfInterrupted(signal);
      const { verdict, reason, outcomes, rounds } = judgeTally(
        test,
        machine,
        found ? { tally: ran.tally, end: { kind: "ended" } } : ran,
      );
      if (verdict === "violated") {
        const bad = outcomes.find((one) => one.machine === "forbidden");
        const values = Object.entries(bad?.outcome ?? {}).map(([place, value]) => `${place}=${value}`);
        return killed(`${name}: ${values.join(" ")} in ${bad?.count} of ${rounds} rounds`);
      }
      if (verdict === "hung" || verdict === "crashed")
        return killed(`${name} ${verdict === "hung" ? "hangs" : `crashes: ${reason?.split("\n")[0]}`}`);
      if (verdict !== "ok") undecided ??= open(`${name}: ${reason ?? verdict}`);
    }
    return undecided ?? MISSED;
  });
}

/** What all mutants have alike, compiled. The folder goes when our process ends. */
const unchanged = once(async ({ signal }: SuiteContext, compiler: Compiler) => {
  const { path } = await createScratch("suite");
  const workshop = new Workshop(path, signal);
  await workshop.prepare(["library"], compiler);
  return workshop;
});

async function workshopFor(
  change: MutantRow | undefined,
  compiler: Compiler,
  folder: string,
  context: SuiteContext,
): Promise<Workshop> {
  const others = await unchanged(context, compiler);
  const sources = change === undefined ? SOURCES : join(folder, "native");
  const texts = change === undefined ? new Map<string, string>() : await mutantText(change);
  if (change !== undefined)
    for (const name of ["include", "src", "silicon"])
      await cp(join(SOURCES, name), join(sources, name), { recursive: true });
  for (const [path, text] of texts) await writeFile(join(sources, path), text);
  // Nobody knows better than the compiler who includes a header.
  const all = [...texts.keys()].some((path) => !path.endsWith(".c"));
  const isChanged = (source: string): boolean => all || texts.has(source);
  return new Workshop(folder, context.signal, { sources, others, isChanged });
}
