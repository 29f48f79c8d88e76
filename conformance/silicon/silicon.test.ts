import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Compiler } from "../../native/js/compiler.js";
import { root } from "../base/root.js";
import { createProgress } from "../base/terminal.js";
import { type CompiledTest, compileTest } from "../litmus/compile.js";
import { parseLitmus } from "../litmus/parser.js";
import { type RunLimits, runProgram } from "./child.js";
import { findCompilers } from "./compilers.js";
import { askMachine, type MachineResult } from "./machine.js";
import { mutantsOf } from "./mutants.js";
import { programOf } from "./program.js";
import { type Judged, judgeTally, orderOf } from "./verdict.js";
import { Workshop } from "./workshop.js";

const folder = mkdtempSync(join(tmpdir(), "quiesce-silicon-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { signal } = new AbortController();
const workshop = new Workshop(folder, signal);
const order = orderOf(process.arch) ?? "weak";
const own = (name: string): CompiledTest =>
  compileTest(
    parseLitmus(readFileSync(join(root, "conformance", "litmus", "tests", `${name}.litmus`), "utf8")),
  );

const TESTS = [
  "SB+poonceonces",
  "SB+fencembonceonces",
  "SB+memb+barrier",
  "MP+poonceonces",
  "LB+poonceonces",
  "IRIW+poonceonces+OnceOnce",
  "CoRR+poonceonce+Once",
  "R+fencembonceonces",
  "MP+polocks",
  "RCU+deferred-free",
  "SRCU+sync+read",
  "SB+xchgs",
] as const;
type Name = (typeof TESTS)[number];

let machine = new Map<Name, MachineResult>();
let compilers: readonly Compiler[] = [];
beforeAll(async () => {
  compilers = await findCompilers("gcc,clang", signal);
  const results = await askMachine(TESTS.map(own), order, {
    root,
    limits: { states: 500_000, choices: 5_000 },
    parallel: 1,
    timeoutMs: 600_000,
    signal,
    progress: await createProgress(true),
  });
  machine = new Map(TESTS.map((name, n) => [name, results[n] ?? { message: "none" }]));
});

const EACH: RunLimits = { milliseconds: 1_000, rounds: 0, seed: 7, silenceMs: 600_000 };
/** Until it is seen: only vitest's own limit ends it, which is far away. */
const UNTIL_SEEN: RunLimits = { ...EACH, milliseconds: 0 };

/** Runs a program, and judges it by the machine's answer to the test of that name. */
async function run(
  name: Name,
  compiler: Compiler | undefined,
  limits: RunLimits,
  program = programOf(own(name)),
  enough: (judged: Judged) => boolean = () => false,
): Promise<Judged> {
  if (compiler === undefined) throw new Error("there is no compiler");
  const test = own(name);
  const file = await workshop.build(name, program, compiler);
  const by = machine.get(name) ?? { message: "none" };
  const ran = await runProgram(file, limits, signal, (tally) =>
    enough(judgeTally(test, by, { tally, end: { kind: "ended" } })),
  );
  return judgeTally(test, by, ran);
}

/** A test without the call of that name, or without its pairs. */
function without(name: Name, what: string) {
  const mutant = mutantsOf(own(name).litmus).find((one) => one.name.includes(what));
  if (mutant === undefined) throw new Error(`${name} has no mutant ${what}`);
  return programOf(compileTest(mutant.litmus));
}

describe.each([0, 1])("with compiler %i", (n) => {
  it("store buffering without fences shows that the processor reorders", async () => {
    const seen = ({ condition }: Judged): boolean => condition.count > 0;
    const judged = await run(
      "SB+poonceonces",
      compilers[n],
      UNTIL_SEEN,
      programOf(own("SB+poonceonces")),
      seen,
    );
    expect(judged.condition.count).toBeGreaterThan(0);
    expect(judged.condition.machine).toBe("allowed");
  });

  it.each(TESTS)("%s shows nothing that the machine forbids", async (name) => {
    const judged = await run(name, compilers[n], EACH);
    expect(judged).toMatchObject({ verdict: "ok" });
    expect(judged.rounds).toBeGreaterThan(0);
  });

  it.each([
    ["SB+fencembonceonces", "P0 16:2: smp_mb() is barrier()"],
    ["SB+memb+barrier", "smp_memb() is barrier()"],
    ["R+fencembonceonces", "P1 23:2: smp_mb() is barrier()"],
    ["MP+polocks", "P0 13:1: spin_lock() and spin_unlock() are barrier()"],
    ["RCU+deferred-free", "synchronize_rcu() is barrier()"],
    ["SRCU+sync+read", "synchronize_srcu() is barrier()"],
  ] as const)("%s would be violated if %s", async (name, what) => {
    const violated = ({ verdict }: Judged): boolean => verdict === "violated";
    const judged = await run(name, compilers[n], UNTIL_SEEN, without(name, what), violated);
    expect(judged.verdict).toBe("violated");
  });
});

describe("a run", () => {
  it("ends after so many rounds", async () => {
    const judged = await run("SB+poonceonces", compilers[0], { ...EACH, milliseconds: 0, rounds: 5_000 });
    expect(judged.rounds).toBeGreaterThanOrEqual(5_000);
    expect(judged.rounds).toBeLessThan(10_000_000);
    const counted = judged.outcomes.reduce((sum, { count }) => sum + count, 0);
    expect(counted).toBe(judged.rounds);
  });
});
