import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { findTools } from "../../spec/tlc/tools/tools.js";
import { root } from "../base/root.js";
import { agreed } from "../litmus/agreed.js";
import type { Seen } from "../litmus/answers.js";
import { runBatch } from "../litmus/batch.js";
import { ORDERS } from "../litmus/model.js";
import { decideByAxioms } from "./decide.js";
import { allFiles, compiled } from "./files.fixture.js";
import { randomLitmus } from "./random.fixture.js";
import { ALL_RULES, type Rules } from "./rules.js";
import { shapedLitmus } from "./shapes.fixture.js";

/**
 * The random tests, by numbers: so many of each kind. A few are compared each time; QUIESCE_RANDOM=FIRST,COUNT compares
 * others, as many as one likes: QUIESCE_RANDOM=5000,1000 npx vitest run conformance/axioms/agreement -t allow
 */
const [FIRST = 200_000, COUNT = 100] = numbersIn(process.env["QUIESCE_RANDOM"] ?? "");

function numbersIn(text: string): number[] {
  if (text === "") return [];
  const [, first, count] = /^(\d{1,9}),(\d{1,5})$/.exec(text) ?? [];
  if (first === undefined)
    throw new Error(`QUIESCE_RANDOM takes FIRST,COUNT, as in 5000,1000; not "${text}"`);
  return [Number(first), Number(count)];
}

/**
 * The kernel's own tests are left to conformance/litmus/litmus.test.ts, which runs them on the machine, and to
 * axioms.test.ts, which holds the axioms to the same published results.
 */
const FILES = [...allFiles()].filter(([, text]) => /rcu|memb|lock|dep|plain/i.test(text));
const TESTS = new Map(
  [
    ...FILES,
    ...Array.from({ length: COUNT }, (_, n) => [`random ${FIRST + n}`, randomLitmus(FIRST + n)] as const),
    ...Array.from({ length: COUNT }, (_, n) => [`shape ${FIRST + n}`, shapedLitmus(FIRST + n)] as const),
  ].map(([name, text]) => [name, compiled(text)]),
);
const NAMES = [...TESTS.keys()];
const timeoutMs = 600_000;

describe("the axioms and the machine", () => {
  const machine: Seen[] = [];

  beforeAll(async () => {
    const seen = await runBatch([...TESTS.values()], {
      tools: await findTools(),
      machine: join(root, "spec", "machine"),
      orders: ORDERS,
      limits: { states: 500_000, choices: 5_000 },
      parallel: availableParallelism(),
      timeoutMs: 1_200_000,
    });
    machine.push(...seen);
  });

  async function differing(rules: Rules): Promise<string[]> {
    const found: string[] = [];
    for (const [n, [name, test]] of [...TESTS].entries()) {
      // Vitest asks for a sign of life each minute, which a busy machine may need for all of them.
      await setImmediate();
      const both = agreed(
        test,
        machine[n] ?? { unknown: "it was not run" },
        decideByAxioms(test, ORDERS, { timeoutMs, rules }),
      );
      if ("unknown" in both) found.push(`${name}: ${both.unknown}`);
    }
    return found;
  }

  it(`allow the same outcomes of ${NAMES.length} tests, under every order`, async () => {
    expect(await differing(ALL_RULES)).toEqual([]);
  });

  it.each([
    ["own stores first", "random"],
    ["mb", "random"],
    ["interrupt is precise", "random"],
    ["same word", "random"],
    ["compiler: volatile", "random"],
    ["data", "shape"],
    ["control", "shape"],
    ["acquire", "shape"],
    ["release", "shape"],
    ["interrupt", "shape"],
  ] as const)("would be told apart if the axioms lacked the rule of %s: by a %s test", async (rule, kind) => {
    const without = await differing(new Set([...ALL_RULES].filter((one) => one !== rule)));
    expect(without.filter((text) => text.startsWith(kind)).length).toBeGreaterThan(0);
    expect(without[0]).toMatch(/: the engines differ: under \w+ only the axioms allow /);
  });
});
