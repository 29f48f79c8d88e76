import { describe, expect, it } from "vitest";
import { agreed } from "../litmus/agreed.js";
import type { CompiledTest } from "../litmus/compile.js";
import { ORDERS } from "../litmus/model.js";
import { judge, type OrderResult } from "../litmus/result.js";
import { decideByAxioms } from "./decide.js";
import { allFiles, compiled } from "./files.fixture.js";
import { budgetOf } from "./limits.js";
import { randomLitmus } from "./random.fixture.js";
import { ALL_RULES, type Rules } from "./rules.js";
import { pathsOf, waysThrough } from "./ways.js";

const timeoutMs = 600_000;

/** The same rules in another set: no path is left out then before its executions are looked at. */
const UNPRUNED: Rules = new Set(ALL_RULES);

const waysOf = (test: CompiledTest, rules: Rules): number =>
  [...waysThrough(test, pathsOf(test, rules), { rules, budget: budgetOf(timeoutMs) })].length;

function results(test: CompiledTest, rules: Rules = ALL_RULES): readonly OrderResult[] {
  const judged = judge(test, decideByAxioms(test, ORDERS, { timeoutMs, rules }));
  if ("message" in judged) throw new Error(judged.message);
  return judged;
}

/** Pointers passed along from thread to thread, each of which may hold no more than two of the words. */
const POINTERS = `C passed-along
{ x0=u; x1=u; x2=u; }
P0(int **x0, int *y) { WRITE_ONCE(*x0, y); }
${[0, 1].map((n) => `P${n + 1}(int **x${n}, int **x${n + 1}) { int *r0 = READ_ONCE(*x${n}); WRITE_ONCE(*x${n + 1}, r0); int r1 = READ_ONCE(*r0); }`).join("\n")}
exists (1:r0=y /\\ 2:r0=y)
`;

describe("the ways through a test", () => {
  it("are those along which some value leads: a pointer goes only where it may point to", () => {
    const test = compiled(POINTERS);
    expect(waysOf(test, UNPRUNED)).toBe(9);
    expect(waysOf(test, ALL_RULES)).toBe(3);
  });

  it("leave nothing out: with and without the others, tests end the same", () => {
    const texts = [
      ["passed along", POINTERS] as const,
      ...[...allFiles()].filter(([, text]) => /if|while|\*\*|deref/.test(text)),
      ...Array.from({ length: 80 }, (_, n) => [`random ${n}`, randomLitmus(300_000 + n)] as const),
    ];
    let pruned = 0;
    for (const [name, text] of texts) {
      const test = compiled(text);
      if (waysOf(test, ALL_RULES) < waysOf(test, UNPRUNED)) pruned++;
      const [all, few] = [UNPRUNED, ALL_RULES].map((rules) =>
        decideByAxioms(test, ORDERS, { timeoutMs, rules }),
      );
      if (all === undefined || few === undefined) throw new Error("neither was asked");
      const both = agreed(test, all, few);
      expect([name, "unknown" in both && !/^neither/.test(both.unknown) ? both.unknown : "same"]).toEqual([
        name,
        "same",
      ]);
    }
    expect(pruned).toBeGreaterThan(10);
  });
});

describe("a test with more outcomes than anybody reads", () => {
  /** Each of n threads stores and looks at the next one's store: all outcomes but one, or all. */
  const ring = (n: number, barrier: string, condition = "exists"): CompiledTest => {
    const threads = Array.from({ length: n }, (_, t) => {
      const next = (t + 1) % n;
      return `P${t}(int *x${t}, int *x${next}) { WRITE_ONCE(*x${t}, 1); ${barrier} int r0 = READ_ONCE(*x${next}); }`;
    });
    const all = threads.map((_, t) => `${t}:r0=0`).join(" /\\ ");
    return compiled(`C ring\n{}\n${threads.join("\n")}\n${condition} (${all})\n`);
  };

  it("has a verdict and an example of each kind", () => {
    const free = results(ring(16, ""));
    expect(free.map(({ observation }) => observation)).toEqual(["Never", ...Array(3).fill("Sometimes")]);
    for (const { examples, outcomes, reachable } of free) {
      expect(examples).toBe(true);
      expect(outcomes).toHaveLength(reachable ? 2 : 1);
    }
    const held = results(ring(16, "smp_mb();"));
    expect(held.every(({ observation, negative }) => observation === "Never" && negative === 1)).toBe(true);
  });

  it("is followed back from its end: a value that goes through 40 threads is found link by link", () => {
    const link = (n: number) =>
      `P${n}(int *x${n}, int *x${n + 1}) { int r = READ_ONCE(*x${n}); WRITE_ONCE(*x${n + 1}, r); }`;
    const links = Array.from({ length: 40 }, (_, n) => link(n + 1)).join("\n");
    const first =
      "P0(int *x1, int *x41, int *y) { WRITE_ONCE(*x1, 1); int r = READ_ONCE(*x41); WRITE_ONCE(*y, r); }";
    const test = compiled(`C chain\n{}\n${first}\n${links}\nexists (y=1)\n`);
    const seen = decideByAxioms(test, ORDERS, { timeoutMs });
    if (seen === undefined || !("cases" in seen)) throw new Error("it is not decided");
    const judged = judge(test, seen);
    if ("message" in judged) throw new Error(judged.message);
    expect(judged.map(({ observation }) => observation)).toEqual(Array(4).fill("Sometimes"));
    // Tried from the beginning, each link doubles the steps.
    for (const { states } of seen.cases) expect(states).toBeLessThan(100_000);
  });

  it("and a filter holds for its examples", () => {
    const filtered = ring(16, "").litmus;
    const text = `filter (0:r0=1)\nexists`;
    expect(filtered.quantifier).toBe("exists");
    for (const { observation, outcomes } of results(ring(16, "", text))) {
      expect(observation).toBe("Never");
      expect(outcomes).toEqual([expect.objectContaining({ "0:r0": 1 })]);
    }
  });

  it("where a test has few enough, all are listed", () => {
    for (const { examples, outcomes } of results(ring(6, "smp_mb();"))) {
      expect(examples).toBeUndefined();
      expect(outcomes).toHaveLength(63);
    }
  });

  it("agrees with the other engine if the verdict and its examples do", () => {
    const test = ring(4, "");
    const whole = decideByAxioms(test, ["tso"], { timeoutMs });
    if (!("cases" in whole)) throw new Error(whole.unknown);
    const [only] = whole.cases;
    if (only === undefined) throw new Error("there is no case");
    const isZero = ({ finals }: (typeof only.ends)[number]): boolean =>
      finals.every(([value]) => value === 0);
    const [zero, other] = [only.ends.find(isZero), only.ends.find((end) => !isZero(end))];
    const some = (...ends: (typeof zero)[]) => ({
      cases: [{ ...only, ends: ends.filter((end) => end !== undefined), examples: true as const }],
    });
    expect(agreed(test, whole, some(zero, other))).toBe(whole);
    expect(agreed(test, whole, some(other))).toEqual({
      unknown: "the engines differ: under tso the machine says Sometimes, the axioms say Never",
    });
  });
});
