import { describe, expect, it } from "vitest";
import { instructionText } from "./code.js";
import { parseLitmus } from "./parser.js";
import { pathsOf } from "./thread.js";

const SHARED = {
  addresses: new Map([
    ["x", 1024],
    ["y", 2048],
  ]),
  pointees: ["x", "y"],
  types: new Map(),
  domains: new Map([
    [
      "rcu",
      {
        readers: [
          { thread: 0, slots: 1 },
          { thread: 1, slots: 1 },
        ],
        manyUpdaters: false,
      },
    ],
  ]),
};

/** The ways through a thread with this body, as instructions of the machine. */
function code(body: string, more: Partial<typeof SHARED> = {}): string[][] {
  const [thread] = parseLitmus(`C T\n{}\nP0(int *x, int *y) { ${body} }\nexists (true)`).threads;
  if (thread === undefined) throw new Error("no thread");
  return pathsOf(thread, 0, { ...SHARED, ...more }).map((path) =>
    path.code.map((i) => instructionText(i, path.taken()).replace(/^<<(.*)>>$/, "$1")),
  );
}

const once = (access: string): string => `In("once", ${access})`;
const STORE_X = 'StoreExpr("x", <<"num", 1>>)';
const SWAP_X = 'Swap("", "x", <<"num", 1>>)';
const MB = 'Point("", "mb")';
const BARRIER = 'Point("", "barrier")';

describe("what a function becomes on the machine", () => {
  it.each([
    ["WRITE_ONCE(*x, 1);", [once(STORE_X)]],
    ["*x = 1;", [`In("relaxed", ${STORE_X})`]],
    ["READ_ONCE(*x);", [once('Load("", "x")')]],
    ["smp_store_release(x, 1);", [`In("release", ${STORE_X})`]],
    ["rcu_assign_pointer(*x, 1);", [`In("release", ${STORE_X})`]],
    ["smp_load_acquire(x);", ['In("acquire", Load("", "x"))']],
    ["smp_store_mb(*x, 1);", [once(STORE_X), MB]],
    [
      "smp_rmb(); smp_wmb(); smp_memb();",
      ['Point("", "rmb")', 'Point("", "wmb")', 'Point("", "membarrier")'],
    ],
    ["xchg(x, 1);", [MB, once(SWAP_X), MB]],
    ["xchg_relaxed(x, 1);", [once(SWAP_X)]],
    ["xchg_acquire(x, 1);", [`In("acquire", ${SWAP_X})`]],
    ["xchg_release(x, 1);", [`In("release", ${SWAP_X})`]],
    ["atomic_inc(x);", [once('Swap("", "x", <<"+", <<"read">>, <<"num", 1>>>>)')]],
    ["atomic_sub_return_release(2, x);", ['In("release", Swap("", "x", <<"-", <<"read">>, <<"num", 2>>>>))']],
    [
      "spin_lock(x); spin_unlock(x);",
      [
        `In("acquire", When(<<"==", <<"read">>, <<"num", 0>>>>, ${SWAP_X}))`,
        'In("release", StoreExpr("x", <<"num", 0>>))',
      ],
    ],
    ["smp_mb__before_atomic(); atomic_inc(x);", [BARRIER, MB, expect.stringContaining("Swap")]],
    [
      "smp_mb__before_atomic(); WRITE_ONCE(*x, 1); atomic_inc(x);",
      [BARRIER, once(STORE_X), MB, expect.stringContaining("Swap")],
    ],
    ["smp_mb__before_atomic(); atomic_set(x, 1);", [BARRIER, once(STORE_X)]],
    ["atomic_inc(x); smp_mb__after_atomic();", [expect.stringContaining("Swap"), MB]],
    ["atomic_set(x, 1); smp_mb__after_atomic();", [once(STORE_X), BARRIER]],
    [
      "atomic_inc(x); WRITE_ONCE(*x, 1); smp_mb__after_atomic();",
      [expect.stringContaining("Swap"), once(STORE_X), MB],
    ],
    [
      "rcu_read_lock(); rcu_read_lock(); rcu_read_unlock(); rcu_read_unlock();",
      [
        'In("relaxed", Load("v1", "rcu.gp"))',
        'In("relaxed", StoreExpr("rcu.announced0", <<"reg", "v1">>))',
        'Point("A", "barrier")',
        'Lettered("B", <<In("release", StoreExpr("rcu.announced0", <<"num", 0>>))>>)',
        'Point("C", "barrier")',
      ],
    ],
    [
      "synchronize_rcu();",
      [
        'Point("E", "membarrier")',
        'In("relaxed", StoreExpr("rcu.gp", <<"num", 2>>))',
        'In("relaxed", When(<<"||", <<"==", <<"read">>, <<"num", 0>>>>, <<">=", <<"read">>, <<"num", 2>>>>>>, Await("rcu.announced1", {})))',
        'Point("H", "acquire")',
      ],
    ],
  ])("%s", (body, expected) => {
    expect(code(body)).toEqual([expected]);
  });

  it("with several updaters, synchronize_rcu() takes their lock", () => {
    const [path = []] = code("synchronize_rcu();", {
      domains: new Map([["rcu", { readers: [], manyUpdaters: true }]]),
    });
    expect(path[0]).toMatch(/^In\("acquire", When\(.*Swap\("", "rcu.updater"/);
    expect(path.at(-1)).toBe('In("release", StoreExpr("rcu.updater", <<"num", 0>>))');
  });

  it("cmpxchg() may succeed, between barriers, or fail, as a load", () => {
    expect(code("cmpxchg(x, 0, 1);")).toEqual([
      [MB, once(`When(<<"==", <<"read">>, <<"num", 0>>>>, ${SWAP_X})`), MB],
      [once('When(<<"!", <<"==", <<"read">>, <<"num", 0>>>>>>, Load("", "x"))')],
    ]);
  });

  it("a cmpxchg() that fails orders nothing, but barriers around a swap are around it, too", () => {
    const [, failed] = code("smp_mb__before_atomic(); cmpxchg(x, 0, 1); smp_mb__after_atomic();");
    expect(failed).toEqual([BARRIER, MB, expect.stringContaining("Load"), MB]);
  });

  it("a lock is taken after an earlier one was released, whichever lock that was", () => {
    const [path = []] = code("spin_lock(x); spin_unlock(x); spin_lock(y);");
    expect(path[1]).toBe('In("release", [StoreExpr("x", <<"num", 0>>) EXCEPT !.dst = "v2"])');
    expect(path[2]).toContain('When(<<"given", <<"==", <<"read">>, <<"num", 0>>>>, <<"reg", "v2">>>>, Swap');
  });
});

describe("ways through a thread", () => {
  it("a branch has two, each with its condition", () => {
    const load = once('Load("v1", "x")');
    expect(code("if (READ_ONCE(*x)) WRITE_ONCE(*y, 1);")).toEqual([
      [load, 'Numbered(1, Branch(<<"reg", "v1">>))', once('StoreExpr("y", <<"num", 1>>)')],
      [load, 'Numbered(1, Branch(<<"!", <<"reg", "v1">>>>))'],
    ]);
  });

  it("code after an if no longer depends on it, except through what was assigned there", () => {
    const [taken = []] = code("int r = 1; if (READ_ONCE(*x)) r = 2; WRITE_ONCE(*y, r);");
    expect(taken.at(-1)).toBe(
      'Past({1}, In("once", StoreExpr("y", <<"given", <<"num", 2>>, <<"reg", "v1">>>>)))',
    );
  });

  it("a known condition has none: if (1)", () => {
    expect(code("int r = 2; if (r == 2) *x = 1; else *y = 1;")).toEqual([[`In("relaxed", ${STORE_X})`]]);
  });

  it("&& is evaluated no further than in C", () => {
    expect(code("if (READ_ONCE(*x) && READ_ONCE(*y)) ;").map((path) => path.length)).toEqual([4, 4, 3]);
  });

  it("a pointer has one for each word that it may point to, and one for pointing to none", () => {
    const load = once('Load("v1", "x")');
    const is = (address: number) => `<<"==", <<"reg", "v1">>, <<"num", ${address}>>>>`;
    expect(code("int *r = READ_ONCE(*x); WRITE_ONCE(*r, 1);")).toEqual([
      [load, once(`When(${is(1024)}, ${STORE_X})`)],
      [load, once(`When(${is(2048)}, StoreExpr("y", <<"num", 1>>))`)],
      [load, `Numbered(1, Branch(<<"&&", <<"!", ${is(1024)}>>, <<"!", ${is(2048)}>>>>))`],
    ]);
  });
});
