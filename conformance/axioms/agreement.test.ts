import { availableParallelism } from "node:os";
import { join } from "node:path";
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

/** The first of the random tests. Many more were compared once: CHANGELOG.md has the figures. */
const FIRST = 200_000;
const COUNT = 100;

/**
 * The kernel's own tests are left to conformance/litmus/litmus.test.ts, which runs them on the machine, and to
 * axioms.test.ts, which holds the axioms to the same published results.
 */
const FILES = [...allFiles()].filter(([, text]) => /rcu|memb|lock|dep|plain/i.test(text));
const TESTS = new Map(
  [
    ...FILES,
    ...Array.from({ length: COUNT }, (_, n) => [`random ${FIRST + n}`, randomLitmus(FIRST + n)] as const),
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

  function differing(rules: Rules): string[] {
    return [...TESTS].flatMap(([name, test], n) => {
      const both = agreed(
        test,
        machine[n] ?? { unknown: "it was not run" },
        decideByAxioms(test, ORDERS, { timeoutMs, rules }),
      );
      return "unknown" in both ? [`${name}: ${both.unknown}`] : [];
    });
  }

  it(`allow the same outcomes of ${NAMES.length} tests, under every order`, () => {
    expect(differing(ALL_RULES)).toEqual([]);
  });

  it.each(["own stores first", "mb", "interrupt is precise", "same word", "compiler: volatile"] as const)(
    "would be told apart by random tests if the axioms lacked the rule of %s",
    (rule) => {
      const without = differing(new Set([...ALL_RULES].filter((one) => one !== rule)));
      expect(without.filter((text) => text.startsWith("random")).length).toBeGreaterThan(0);
      expect(without[0]).toMatch(/: the engines differ: under \w+ only the axioms allow /);
    },
  );
});
