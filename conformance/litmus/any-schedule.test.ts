import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findTools } from "../../spec/tlc/tools/tools.js";
import { type BatchOptions, runBatch } from "./batch.js";
import { type CompiledTest, compileTest } from "./compile.js";
import { batchModel, ORDERS } from "./model.js";
import { parseLitmus } from "./parser.js";
import { judge } from "./result.js";

/** Module Batch as it is: it tries every schedule of the compiler separately, and takes none of them for the same. */
const scheduled: typeof batchModel = (...args) => {
  const { module, config } = batchModel(...args);
  return {
    module,
    config: config
      .replace(/^ {2}(AllSchedules|Built|Precise) <-.*\n/gm, "")
      .replace("CodeInAnyOrder", "CodeOfCase")
      .replace("AnySpec", "BatchSpec"),
  };
};

const WORDS = ["x", "y", "z"];
const word = fc.constantFrom("x", "x", "x", "y", "y", "y", "z");
/** Statements; `#` is the register that this one loads, `@` a register that was loaded before, or a number. */
const statement = word.chain((w) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(`*${w} = 1;`, `*${w} = 2;`, `# = *${w};`, `# = *${w};`) },
    { weight: 10, arbitrary: fc.constantFrom(`WRITE_ONCE(*${w}, 3);`, `# = READ_ONCE(*${w});`) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        `*${w} = @ + 4;`,
        `WRITE_ONCE(*${w}, @);`,
        `if (@) *${w} = 5;`,
        `*${w} = @;`,
      ),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        `smp_store_release(${w}, 6);`,
        `# = smp_load_acquire(${w});`,
        `# = xchg_relaxed(${w}, 7);`,
        `# = xchg_acquire(${w}, 8);`,
        `# = xchg_release(${w}, 9);`,
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom("smp_mb();", "smp_rmb();", "smp_wmb();", "barrier();", "smp_memb();"),
    },
  ),
);
const programs = fc.array(fc.array(statement, { minLength: 3, maxLength: 4 }), {
  minLength: 2,
  maxLength: 2,
});

function text(threads: readonly (readonly string[])[], number: number): string {
  const places: string[] = [...WORDS];
  const bodies = threads.map((statements, t) => {
    let last = "0";
    const lines = statements.map((s, n) => {
      const line = s.replace("@", last).replace("#", `r${n}`);
      if (s.startsWith("#")) {
        last = `r${n}`;
        places.push(`${t}:r${n}`);
      }
      return line;
    });
    return `P${t}(int *x, int *y, int *z) { ${lines.join(" ")} }`;
  });
  return `C random${number}\n{}\n${bodies.join("\n")}\nlocations [${places.join("; ")}]\nexists (true)\n`;
}

const COUNT = 60;
const root = dirname(createRequire(import.meta.url).resolve("quiesce/package.json"));

/** The outcomes of each test under each order; undefined for one that is too large. */
async function outcomes(
  tests: readonly CompiledTest[],
  more: Partial<BatchOptions>,
): Promise<(string[][] | undefined)[]> {
  const seen = await runBatch(tests, {
    tools: await findTools(),
    machine: join(root, "spec", "machine"),
    orders: ORDERS,
    limits: { states: 20_000, choices: 1_000 },
    parallel: availableParallelism(),
    timeoutMs: 1_200_000,
    ...more,
  });
  return tests.map((test, n) => {
    const judged = judge(test, seen[n] ?? { unknown: "not run" });
    if ("message" in judged) {
      expect(judged.message).toMatch(/ more than /);
      return undefined;
    }
    return judged.map((result) => result.outcomes.map((one) => JSON.stringify(one)).sort());
  });
}

describe("random programs of plain and marked accesses", () => {
  it("end in the same ways whether the schedule is left open or each one is tried", async () => {
    const all = fc.sample(programs, { numRuns: COUNT, seed: 20_261_125 });
    const texts = all.map(text);
    const tests = texts.map((one) => compileTest(parseLitmus(one)));
    const open = await outcomes(tests, {});
    const apart = await outcomes(tests, { model: scheduled });
    let differing = 0;
    for (const [n, one] of texts.entries()) {
      const expected = apart[n];
      if (expected === undefined) continue;
      expect([one, open[n]]).toEqual([one, expected]);
      if (expected[0]?.length !== expected[3]?.length) differing++;
    }
    // Otherwise this would show little.
    expect(differing).toBeGreaterThan(4);
  });
});
