import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findTools } from "../../spec/tlc/tools/tools.js";
import { type BatchOptions, runBatch } from "./batch.js";
import { type CompiledTest, compileTest } from "./compile.js";
import { batchModel, ORDERS, type Order } from "./model.js";
import { parseLitmus } from "./parser.js";
import { PUBLISHED } from "./published.fixture.js";
import { judge, type OrderResult } from "./result.js";

const root = dirname(createRequire(import.meta.url).resolve("quiesce/package.json"));
const folder = join(root, "conformance", "litmus", "tests");
const NAMES = readdirSync(folder).map((file) => file.replace(/\.litmus$/, ""));

async function decide(tests: readonly CompiledTest[], more: Partial<BatchOptions> = {}) {
  const seen = await runBatch(tests, {
    tools: await findTools(),
    machine: join(root, "spec", "machine"),
    orders: ORDERS,
    limits: { states: 500_000, choices: 20_000 },
    parallel: availableParallelism(),
    timeoutMs: 1_200_000,
    ...more,
  });
  return tests.map((test, n) => judge(test, seen[n] ?? { unknown: "not run" }));
}

const read = (name: string): CompiledTest =>
  compileTest(parseLitmus(readFileSync(join(folder, `${name}.litmus`), "utf8")));

type Results = ReadonlyMap<Order, OrderResult>;
const byOrder = (judged: Awaited<ReturnType<typeof decide>>[number] | undefined): Results => {
  if (judged === undefined || "message" in judged) throw new Error(judged?.message ?? "there is no result");
  return new Map(judged.map((result) => [result.order, result]));
};

describe("tests with published results", () => {
  const results = new Map<string, Results>();
  beforeAll(async () => {
    const judged = await decide(NAMES.map(read));
    for (const [n, name] of NAMES.entries()) results.set(name, byOrder(judged[n]));
  });

  it("are all in the table, and the table has no others", () => {
    expect([...NAMES].sort()).toEqual(Object.keys(PUBLISHED).sort());
  });

  it.each(NAMES)("%s agrees, or the difference has its reason", (name) => {
    const published = PUBLISHED[name] ?? {};
    const of = (order: Order) => results.get(name)?.get(order)?.observation;
    expect(read(name).litmus.declared).toBe(published.lkmm);
    if (published.x86 !== undefined) expect(of("tso")).toBe(published.x86);
    if (published.armv8 !== undefined) expect(of("weak")).toBe(published.armv8);
    if (published.lkmm !== undefined) {
      if (published.because === undefined) expect(of("weak")).toBe(published.lkmm);
      else expect([of("weak"), published.lkmm]).toEqual(["Never", "Sometimes"]);
    }
  });

  it.each(NAMES)("%s: each order allows what the one before it allows", (name) => {
    let before: readonly string[] = [];
    for (const order of ORDERS) {
      const now =
        results
          .get(name)
          ?.get(order)
          ?.outcomes.map((outcome) => JSON.stringify(outcome)) ?? [];
      expect(now).toEqual(expect.arrayContaining([...before]));
      before = now;
    }
  });

  it("a test whose threads wait for themselves never ends, and so has no outcome", () => {
    expect(results.get("RCU+sync-in-section")?.get("weak")?.outcomes).toEqual([]);
    expect(results.get("RCU+sync-in-section")?.get("weak")?.states).toBeGreaterThan(10);
  });
});

/** A test whose expansion is wrong, and the order under which its condition then holds. */
const MUTANTS: readonly (readonly [string, string, RegExp, string, Order])[] = [
  ["smp_rmb is smp_wmb", "MP+fencewmbonceonce+fencermbonceonce", /"rmb"/g, '"wmb"', "weak"],
  ["smp_wmb is smp_rmb", "MP+fencewmbonceonce+fencermbonceonce", /"wmb"/g, '"rmb"', "pso"],
  ["smp_mb is smp_rmb", "SB+fencembonceonces", /"mb"/g, '"rmb"', "tso"],
  ["smp_mb is a barrier to the compiler", "R+fencembonceonces", /"mb"/g, '"barrier"', "tso"],
  ["smp_memb is smp_mb", "SB+memb+barrier", /"membarrier"/g, '"mb"', "tso"],
  ["barrier is nothing", "SB+memb+plain", /"membarrier"/g, '"mb"', "sc"],
  ["smp_load_acquire is READ_ONCE", "MP+pooncerelease+poacquireonce", /"acquire"/g, '"once"', "weak"],
  ["smp_store_release is WRITE_ONCE", "MP+pooncerelease+poacquireonce", /"release"/g, '"once"', "pso"],
  [
    "rcu_assign_pointer is WRITE_ONCE",
    "MP+onceassign+derefonce",
    /"release", StoreExpr\("p"/g,
    '"once", StoreExpr("p"',
    "pso",
  ],
  ["xchg has no barriers", "SB+xchgs", /Point\("", "mb"\)/g, 'Point("", "none")', "weak"],
  ["spin_unlock releases nothing", "MP+polocks", /"release"/g, '"once"', "pso"],
  [
    "spin_lock takes what is taken",
    "MP+polocks",
    /When\(<<"==", <<"read">>, <<"num", 0>>>>, (Swap.*?)\)\)>>/g,
    "$1)>>",
    "weak",
  ],
  ["a branch is nothing", "LB+fencembonceonce+ctrlonceonce", /<<Numbered\(.*?\)>>\n/g, "<<>>\n", "weak"],
  [
    "rcu_read_lock without letter A",
    "RCU+sync+readswapped",
    /Point\("A", "barrier"\)/g,
    'Point("A", "none")',
    "weak",
  ],
  [
    "rcu_read_unlock without letter B",
    "RCU+sync+readswapped",
    /"release", StoreExpr\("rcu/g,
    '"relaxed", StoreExpr("rcu',
    "weak",
  ],
  [
    "synchronize_rcu without letter E",
    "RCU+sync+readswapped",
    /Point\("E", "membarrier"\)/g,
    'Point("E", "mb")',
    "tso",
  ],
  [
    "synchronize_rcu does not scan",
    "RCU+deferred-free",
    /<<"\|\|".*?<<"num", 2>>>>>>/g,
    '<<"num", 1>>',
    "sc",
  ],
];

describe("an expansion that is wrong changes a result", () => {
  const judged: Results[] = [];
  beforeAll(async () => {
    const tests = MUTANTS.map(([, name, what, by]) => {
      const test = read(name);
      return { ...test, text: test.text.replace(what, by) };
    });
    for (const one of await decide(tests)) judged.push(byOrder(one));
  });

  it.each(MUTANTS.map(([what, name, pattern, , order], n) => [what, name, pattern, order, n] as const))(
    "%s: seen by %s",
    (_, name, pattern, order, n) => {
      expect(read(name).text).toMatch(new RegExp(pattern.source));
      expect(judged[n]?.get(order)?.reachable).toBe(true);
    },
  );
});

describe("a test with many states", () => {
  it("runs again with the requested limit", async () => {
    const tests = [read("CoWW+poonceonce"), read("SB+rcusync+rcuread"), read("SB+poonceonces")];
    const judged = (await decide(tests, { smallStates: 20 })).map(byOrder);
    const states = judged.map((results) => results.get("weak")?.states ?? 0);
    expect(states[0]).toBeLessThan(20);
    expect(states[1]).toBeGreaterThan(100);
    expect(judged.map((results) => results.get("tso")?.observation)).toEqual(["Never", "Never", "Sometimes"]);
  });
});

describe("no verdict comes from a run that is not whole", () => {
  it("because it takes too long: each test is undecided", async () => {
    const judged = await decide([read("SB+poonceonces"), read("MP+polocks")], { timeoutMs: 1 });
    const undecided = { message: "not decided within the time limit of 0.001 s" };
    expect(judged).toEqual([undecided, undecided]);
  });

  it("because it takes too long: the others, in the same run, are not blamed for it", async () => {
    // A clock that is up for one of the tests, wherever that is.
    const slow = read("MP+polocks");
    const sizes: number[] = [];
    const judged = await decide([read("SB+poonceonces"), slow, read("LB+datas")], {
      parallel: 1,
      model: (tests, ...rest) => {
        sizes.push(tests.length);
        const { module, config } = batchModel(tests, ...rest);
        const late = [`case[1] = ${tests.indexOf(slow) + 1}`, ...(tests.length > 1 ? ["case[1] > 1"] : [])];
        const clock = `\nClock == IF ~InChain /\\ (${late.join(" \\/ ")})
  THEN TLCSet(Stopped(case[1], case[2]), TRUE) /\\ FALSE ELSE TRUE\n====`;
        return { module: module.replace("\n====", clock), config: `${config}CONSTANT InTime <- Clock\n` };
      },
    });
    expect(judged.map((one) => "message" in one)).toEqual([false, true, false]);
    expect(judged[1]).toEqual({ message: expect.stringMatching(/^not decided within the time limit/) });
    // Together, the two that were late, and each of these.
    expect(sizes).toEqual([3, 2, 1, 1]);
  });

  it("because TLC fails at one of its tests: the others are decided", async () => {
    const broken = { ...read("LB+datas"), text: read("LB+datas").text.replace('"+"', '"?"') };
    const others = ["CoWW+poonceonce", "MP+polocks", "SB+poonceonces"].map(read);
    let runs = 0;
    const judged = await decide([broken, ...others], {
      parallel: 1,
      model: (...args) => {
        runs++;
        return batchModel(...args);
      },
    });
    expect(judged.map((one) => "message" in one)).toEqual([true, false, false, false]);
    expect(judged[0]).toEqual({ message: expect.stringMatching(/^TLC failed/) });
    // Once more without the test that TLC names, and not in halves.
    expect(runs).toBe(2);
  });
});

describe("plain accesses", () => {
  /** Stores to this many words, which the compiler may order as it likes, and a reader of the first two. */
  const plain = (count: number): CompiledTest => {
    const words = Array.from({ length: count }, (_, n) => `w${n}`);
    const parameters = words.map((word) => `int *${word}`).join(", ");
    const stores = words.map((word) => `*${word} = 1;`).join(" ");
    const reader = "P1(int *w0, int *w1) { int r0 = READ_ONCE(*w1); int r1 = READ_ONCE(*w0); }";
    return compileTest(
      parseLitmus(`C T\n{}\nP0(${parameters}) { ${stores} }\n${reader}\nexists (1:r0=1 /\\ 1:r1=0)`),
    );
  };

  it("move in every way, and many of them are no more work than few", async () => {
    const judged = await decide([plain(2), plain(5), plain(40)], {
      limits: { states: 1_000, choices: 10 },
    });
    for (const one of judged)
      for (const order of ORDERS) expect(byOrder(one).get(order)?.observation).toBe("Sometimes");
  });

  it("that would need too many orders are reported", async () => {
    // A load that a store depends on, among stores and loads in order: what tso allows depends on where it is.
    const words = ["a", "b", "c", "d"];
    const parameters = [...words, "x", "y"].map((word) => `int *${word}`).join(", ");
    const pairs = words.map((word, n) => `int p${n} = *${word}; *${word} = p${n} + 1;`).join(" ");
    const text = `C T\n{}\nP0(${parameters}) { WRITE_ONCE(*x, 1); int r = READ_ONCE(*y); ${pairs} }\nexists (x=0)`;
    const test = compileTest(parseLitmus(text));
    const [few, enough] = [
      await decide([test], { orders: ["tso"], limits: { states: 50_000, choices: 3 } }),
      await decide([test], { orders: ["tso"] }),
    ];
    expect(few[0]).toEqual({ message: expect.stringMatching(/^the compiler .* more than 3 ways$/) });
    expect(byOrder(enough[0]).get("tso")?.observation).toBe("Never");
  });
});

describe("operators", () => {
  const SUMS: readonly (readonly [string, number])[] = [
    ["r & 6", 4],
    ["r | 2", 7],
    ["r ^ 6", 3],
    ["r - 7", -2],
    ["r * r + 1", 26],
    ["-r < 0 && !(r == 4)", 1],
    ["r >= 6 || r <= 4 || r != 5", 0],
    ["1 | r == 5", 1],
    ["(r & 8) + 3", 3],
  ];
  it("are those of C, even when the machine computes them", async () => {
    const tests = SUMS.map(([sum, value]) =>
      compileTest(
        parseLitmus(
          `C T\n{ x=5; }\nP0(int *x) { int r = READ_ONCE(*x); int s = ${sum}; }\nforall (0:s=${value})`,
        ),
      ),
    );
    const judged = await decide(tests, { orders: ["sc"] });
    expect(judged.map((one) => byOrder(one).get("sc")?.outcomes)).toEqual(
      SUMS.map(([, value]) => [{ "0:s": value }]),
    );
  });

  it("gives addresses no low bits", async () => {
    const text =
      "C T\n{ int *p = &x; }\nP0(int **p) { int r = READ_ONCE(*p); int s = r & 8; int t = r == 0; }\n";
    const [one] = await decide([compileTest(parseLitmus(`${text}forall (0:s=0 /\\ 0:t=0)`))], {
      orders: ["sc"],
    });
    expect(byOrder(one).get("sc")?.observation).toBe("Always");
  });
});
