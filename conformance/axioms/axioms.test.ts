import { describe, expect, it } from "vitest";
import type { Tools } from "../../spec/tlc/tools/tools.js";
import { runBatch } from "../litmus/batch.js";
import type { CompiledTest } from "../litmus/compile.js";
import { agreementOf } from "../litmus/declared.js";
import { ORDERS, type Order } from "../litmus/model.js";
import { PUBLISHED } from "../litmus/published.fixture.js";
import { judge, type OrderResult } from "../litmus/result.js";
import { decideByAxioms } from "./decide.js";
import { allFiles, compiled } from "./files.fixture.js";
import { ALL_RULES, RULES, type Rule, type Rules } from "./rules.js";

const FILES = new Map([...allFiles()].map(([name, text]) => [name, compiled(text)]));

/** Ten times what the slowest takes. */
const timeoutMs = 60_000;

function results(test: CompiledTest, rules: Rules = ALL_RULES): readonly OrderResult[] {
  const judged = judge(test, decideByAxioms(test, ORDERS, { timeoutMs, rules }));
  if ("message" in judged) throw new Error(judged.message);
  return judged;
}

function observed(name: string, order: Order, rules?: Rules): string | undefined {
  const test = FILES.get(name);
  if (test === undefined) throw new Error(`there is no file ${name}`);
  return results(test, rules).find((result) => result.order === order)?.observation;
}

/** A file, and an order under which it ends as it must not once a rule is left out. */
const KILLED_BY: Readonly<Record<Rule, readonly [string, Order]>> = {
  data: ["MP+onceassign+derefonce", "weak"],
  control: ["LB+fencembonceonce+ctrlonceonce", "weak"],
  acquire: ["LB+poacquireonce+pooncerelease", "weak"],
  release: ["2+2W+poreleases", "pso"],
  mb: ["R+fencembonceonces", "tso"],
  rmb: ["MP+fencewmbonceonce+fencermbonceonce", "weak"],
  wmb: ["MP+fencewmbonceonce+poonceonces", "pso"],
  "acquire fence": ["RCU+sync-load+section-store", "weak"],
  "same word": ["CoRR+poonceonce+Once", "weak"],
  "own store": ["dep+plain", "weak"],
  "memory order": ["2+2W+poonceonces", "tso"],
  "compiler: fence": ["SB+memb+barrier", "tso"],
  "compiler: volatile": ["LB+poonceonces", "sc"],
  "compiler: acquire, release": ["MP+plain+poacquireonce", "sc"],
  "compiler: dependency": ["dep+plain", "weak"],
  "compiler: same word": ["dep+plain", "weak"],
  "compiler: branch": ["LB+ctrl-plain+mb", "sc"],
  "read from": ["ISA2+poonceonces", "sc"],
  "from read": ["CoWW+poonceonce", "sc"],
  "own stores first": ["CoWR+poonceonce+Once", "tso"],
  interrupt: ["SB+memb+poonceonce", "tso"],
  "interrupt is precise": ["SB+memb+poonceonce", "tso"],
  "one schedule": ["SB+plain-data+mbs", "tso"],
};

describe("the axioms", () => {
  it.each(RULES)("need the rule of %s", (rule) => {
    const [name, order] = KILLED_BY[rule];
    expect(observed(name, order)).toBe("Never");
    const mutant = new Set([...ALL_RULES].filter((one) => one !== rule));
    expect(observed(name, order, mutant)).toBe("Sometimes");
  });

  it.each(Object.entries(PUBLISHED))(
    "%s ends as it was published, or the difference has its reason",
    (name, published) => {
      if (published.x86 !== undefined) expect(observed(name, "tso")).toBe(published.x86);
      if (published.armv8 !== undefined) expect(observed(name, "weak")).toBe(published.armv8);
      if (published.lkmm !== undefined)
        expect(observed(name, "weak")).toBe(published.because === undefined ? published.lkmm : "Never");
    },
  );

  it("break no Result: of any file, and each order allows what the one before it allows", () => {
    for (const [name, test] of FILES) {
      const all = results(test);
      const { declared } = test.litmus;
      if (declared !== undefined) expect([name, agreementOf(declared, all)]).not.toEqual([name, "broken"]);
      // One order alone, without what the stronger ones were found to allow.
      for (const { order, outcomes } of all) {
        const judged = judge(test, decideByAxioms(test, [order], { timeoutMs }));
        expect([name, order, "message" in judged ? judged : textsOf(judged[0]?.outcomes ?? [])]).toEqual([
          name,
          order,
          textsOf(outcomes),
        ]);
      }
    }
  });
});

const textsOf = (outcomes: readonly unknown[]): string[] =>
  outcomes.map((outcome) => JSON.stringify(outcome)).sort();

describe("what the axioms don't decide has no verdict", () => {
  const sb = FILES.get("SB+poonceonces") as CompiledTest;

  it("because the time is over", () => {
    const threads = Array.from(
      { length: 8 },
      (_, n) =>
        `P${n}(int *x, int *y) { WRITE_ONCE(*x, ${n + 1}); int r0 = READ_ONCE(*x); int r1 = READ_ONCE(*y); WRITE_ONCE(*y, ${n + 1}); int r2 = READ_ONCE(*x); }`,
    );
    const places = threads.flatMap((_, n) => [`${n}:r0`, `${n}:r1`, `${n}:r2`]);
    const large = compiled(`C T\n{}\n${threads.join("\n")}\nlocations [${places.join("; ")}]\nexists (x=1)`);
    expect(decideByAxioms(large, ["weak"], { timeoutMs: 100 })).toMatchObject({
      unknown: "the axioms do not decide it within 0.1 s",
    });
    expect(decideByAxioms(sb, ["weak"], { timeoutMs })).toHaveProperty("cases");
  });

  it.each([
    ["a division by zero", "r0 / READ_ONCE(*y)"],
    ["a shift by too much", "r0 << (READ_ONCE(*y) + 40)"],
  ])("because of %s", (_, value) => {
    const test = compiled(
      `C T\n{}\nP0(int *x, int *y) { int r0 = READ_ONCE(*x); int r1 = ${value}; WRITE_ONCE(*x, r1); }\nexists (x=1)`,
    );
    expect(decideByAxioms(test, ["sc"], { timeoutMs })).toMatchObject({
      unknown: expect.stringMatching(/^in some run there is a value that C leaves open/),
    });
  });

  it("but a filter leaves nothing open: no end passes it, or none comes", () => {
    const of = (body: string) =>
      results(compiled(`C T\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); ${body} }\nfilter (x=2)\nexists (x=1)`)).map(
        ({ ends, outcomes }) => [ends, outcomes.length],
      );
    expect(of("")).toEqual(Array(4).fill([true, 0]));
    expect(of("while (READ_ONCE(*x) == 1) ;")).toEqual(Array(4).fill([false, 0]));
  });

  it("and a pointer that may hold no address is refused, as on the machine", () => {
    const wild = compiled(
      "C T\n{}\nP0(int *x) { int *r; r = READ_ONCE(*x); WRITE_ONCE(*r, 1); }\nP1(int *x) { WRITE_ONCE(*x, x); }\nexists (x=1)\n",
    );
    expect(judge(wild, decideByAxioms(wild, ORDERS, { timeoutMs }))).toMatchObject({
      message: "this follows a pointer that may hold no address",
      position: { line: 3 },
    });
  });
});

describe("a test of more threads than the machine takes", () => {
  const CHAIN = 10;
  const text = (barrier: string): string => {
    const threads = Array.from(
      { length: CHAIN },
      (_, n) =>
        `P${n}(int *x${n}, int *x${(n + 1) % CHAIN}) { WRITE_ONCE(*x${n}, 1); ${barrier} int r0 = READ_ONCE(*x${(n + 1) % CHAIN}); }`,
    );
    const all = threads.map((_, n) => `${n}:r0=0`).join(" /\\ ");
    return `C SB-of-${CHAIN}\n{}\n${threads.join("\n")}\nexists (${all})\n`;
  };

  it("is decided by the axioms, and the machine says that it takes fewer", async () => {
    expect(results(compiled(text(""))).map(({ observation }) => observation)).toEqual([
      "Never",
      "Sometimes",
      "Sometimes",
      "Sometimes",
    ]);
    const test = compiled(text("smp_mb();"));
    expect(results(test).every(({ observation }) => observation === "Never")).toBe(true);
    // It needs no TLC to say so.
    const [seen] = await runBatch([test], {
      ...{ tools: {} as Tools, machine: "", orders: ORDERS, limits: { states: 1, choices: 1 } },
      ...{ parallel: 1, timeoutMs },
    });
    expect(seen).toEqual({ unknown: "it has 10 threads, and the machine takes up to 8" });
  });

  it("is refused with its place if it has more than anybody wrote", () => {
    const many = Array.from({ length: 65 }, (_, n) => `P${n}(int *x) { }`).join("\n");
    expect(() => compiled(`C many\n{}\n${many}\nexists (x=0)\n`)).toThrow(/more than 64 threads/);
  });
});
