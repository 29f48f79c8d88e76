import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findTools } from "../../spec/tlc/tools/tools.js";
import { runBatch } from "./batch.js";
import { compileTest } from "./compile.js";
import { ORDERS } from "./model.js";
import { parseLitmus } from "./parser.js";
import { judge, type OrderResult, type Undecided } from "./result.js";
import type { Observation } from "./syntax.js";

const N = "Never";
const S = "Sometimes";
const A = "Always";

/** The writer of a message, and readers of it; where each of sc, tso, pso and weak should say of `1:r0=1 /\ 1:r1=0`. */
const writer = (store = "smp_store_release(y, 1);") => `P0(int *x, int *y) { WRITE_ONCE(*x, 1); ${store} }`;
const message = (reader: string, condition = "exists (1:r1=0)", store?: string): string =>
  `{}\n${writer(store)}\nP1(int *x, int *y) { ${reader} }\n${condition}`;
const alone = (body: string, condition: string, initial = "", parameters = "int *x"): string =>
  `{ ${initial} }\nP0(${parameters}) { ${body} }\nforall (${condition})`;

const TESTS: Readonly<Record<string, readonly [string, ...(readonly Observation[])]>> = {
  // A loop that waits: what follows it is held back as by a branch, or an acquire.
  "while, acquire": [
    message("while (smp_load_acquire(y) == 0) cpu_relax(); int r1 = READ_ONCE(*x);"),
    N,
    N,
    N,
    N,
  ],
  "while, READ_ONCE": [message("while (READ_ONCE(*y) == 0) ; int r1 = READ_ONCE(*x);"), N, N, N, S],
  "do while": [
    message("int r0; do { r0 = READ_ONCE(*y); } while (!r0); smp_rmb(); int r1 = READ_ONCE(*x);"),
    N,
    N,
    N,
    N,
  ],
  "a load, and again": [
    message(
      "int r0 = READ_ONCE(*y); while (r0 != 1) r0 = READ_ONCE(*y); int r1 = READ_ONCE(*x);",
      "exists (1:r0=1 /\\ 1:r1=0)",
    ),
    N,
    N,
    N,
    S,
  ],
  "a store after a loop": [
    "{}\nP0(int *x, int *y) { while (READ_ONCE(*x) == 0) ; WRITE_ONCE(*y, 1); }\n" +
      "P1(int *x, int *y) { int r0 = READ_ONCE(*y); smp_mb(); WRITE_ONCE(*x, 1); }\nexists (1:r0=1)",
    N,
    N,
    N,
    N,
  ],
  "a lock by cmpxchg": [
    "{}\nP0(int *l, int *x) { while (cmpxchg_acquire(l, 0, 1) != 0) ; int r = *x; *x = r + 1; smp_store_release(l, 0); }\n" +
      "P1(int *l, int *x) { while (cmpxchg_acquire(l, 0, 1)) ; int r = *x; *x = r + 1; smp_store_release(l, 0); }\nforall (x=2)",
    A,
    A,
    A,
    A,
  ],
  "what an earlier round saw": [
    message("int r1 = 5; while (READ_ONCE(*y) == 0) r1 = READ_ONCE(*x);", "exists (1:r1=1)"),
    S,
    S,
    S,
    S,
  ],
  // A loop that is taken apart.
  for: [
    alone("int r = 0; for (int i = 1; i <= 4; i++) { r += i; *x = r; }", "0:r=10 /\\ x=10 /\\ 0:i=5"),
    A,
    A,
    A,
    A,
  ],
  "at most three looks": [
    message(
      "int i; int r0 = 0; for (i = 0; i < 3 && !r0; i++) r0 = READ_ONCE(*y);",
      "exists (1:r0=1 /\\ 1:i=3)",
    ),
    S,
    S,
    S,
    S,
  ],
  "do once": [alone("int r = 0; do r++; while (r < 1);", "0:r=1"), A, A, A, A],
  "a local with a first value": ["{ 0:r=7; }\nP0(int *x) { *x = r; }\nexists (0:r=7 /\\ x=7)", A, A, A, A],
  // volatile
  volatile: [
    "{}\nP0(volatile int *x, volatile int *y) { *x = 1; *y = 1; }\n" +
      "P1(volatile int *x, int volatile *y) { int r0 = *y; int r1 = *x; }\nexists (1:r0=1 /\\ 1:r1=0)",
    N,
    N,
    S,
    S,
  ],
  "not volatile": [
    "{}\nP0(int *x, int *y) { *x = 1; *y = 1; }\n" +
      "P1(int *x, int *y) { int r0 = *y; int r1 = *x; }\nexists (1:r0=1 /\\ 1:r1=0)",
    S,
    S,
    S,
    S,
  ],
  // Locks of readers and writers
  "a writer alone": [
    "{}\nP0(int *x, int *y, struct rw_semaphore *s) { down_write(s); *x = 1; *y = 1; up_write(s); }\n" +
      "P1(int *x, int *y, struct rw_semaphore *s) { down_read(s); int r0 = *x; int r1 = *y; up_read(s); }\nforall (1:r0=1:r1)",
    A,
    A,
    A,
    A,
  ],
  "two readers": [
    "{}\nP0(int *x, int *y, struct rw_semaphore *s) { down_read(s); WRITE_ONCE(*x, 1); int r = READ_ONCE(*y); up_read(s); }\n" +
      "P1(int *x, int *y, struct rw_semaphore *s) { down_read(s); WRITE_ONCE(*y, 1); int r = READ_ONCE(*x); up_read(s); }\nexists (0:r=1 /\\ 1:r=1)",
    S,
    S,
    S,
    S,
  ],
  "a downgraded writer": [
    "{}\nP0(int *x, struct rw_semaphore *s) { down_write(s); *x = 1; downgrade_write(s); *x = 2; up_read(s); }\n" +
      "P1(int *x, struct rw_semaphore *s) { int r = down_write_trylock(s); int r0 = 0; if (r) { r0 = *x; up_write(s); } }\nexists (1:r0=1)",
    N,
    N,
    N,
    N,
  ],
  "a mutex": [
    "{}\nP0(int *x, struct mutex *m) { mutex_lock(m); int r = *x; *x = r + 1; mutex_unlock(m); }\n" +
      "P1(int *x, struct mutex *m) { mutex_lock(m); int r = *x; *x = r + 1; mutex_unlock(m); }\nforall (x=2)",
    A,
    A,
    A,
    A,
  ],
  // Sections of SRCU that overlap, each with its own end: the grace period waits for one, or for both.
  "an inner section that goes on": [
    "{}\nP0(int *x, int *y, struct srcu_struct *s) { int i = srcu_read_lock(s); int r2 = READ_ONCE(*y); " +
      "int j = srcu_read_lock(s); int r1 = READ_ONCE(*x); srcu_read_unlock(s, i); srcu_read_unlock(s, j); }\n" +
      "P1(int *x, int *y, struct srcu_struct *s) { WRITE_ONCE(*y, 1); synchronize_srcu(s); WRITE_ONCE(*x, 1); }\nexists (0:r1=1 /\\ 0:r2=0)",
    N,
    N,
    N,
    N,
  ],
  "an outer section that is over": [
    "{}\nP0(int *x, int *y, struct srcu_struct *s) { int i = srcu_down_read(s); int r2 = READ_ONCE(*y); " +
      "int j = srcu_down_read(s); srcu_up_read(s, i); int r1 = READ_ONCE(*x); srcu_up_read(s, j); }\n" +
      "P1(int *x, int *y, struct srcu_struct *s) { WRITE_ONCE(*y, 1); synchronize_srcu(s); WRITE_ONCE(*x, 1); }\nexists (0:r1=1 /\\ 0:r2=0)",
    S,
    S,
    S,
    S,
  ],
  // Atomic words of every width, and operations on their bits
  atomic64_t: [
    alone(
      "long r = atomic64_add_return(5, x); atomic64_andnot(1, x); long s = atomic64_fetch_xor(7, x);",
      "0:r=5 /\\ 0:s=4 /\\ x=3",
      "",
      "atomic64_t *x",
    ),
    A,
    A,
    A,
    A,
  ],
  atomic_long_t: [
    alone(
      "int r = atomic_long_inc_not_zero(x); long s = atomic_long_fetch_add_unless(x, 3, 9);",
      "0:r=1 /\\ 0:s=9 /\\ x=9",
      "x = ATOMIC_LONG_INIT(8);",
      "atomic_long_t *x",
    ),
    A,
    A,
    A,
    A,
  ],
  "an int wraps around": [
    alone(
      "int r = atomic_inc_return(x); int s = atomic_add_negative(0, x);",
      "0:r=-2147483648 /\\ 0:s=1 /\\ x=-2147483648",
      "x = ATOMIC_INIT(2147483647);",
      "atomic_t *x",
    ),
    A,
    A,
    A,
    A,
  ],
  // Values without a sign, negative ones, and large ones
  "the smallest long": [
    alone("long r = -2147483648; long s = - 2147483648L + 1;", "0:r=-2147483648 /\\ 0:s=-2147483647"),
    A,
    A,
    A,
    A,
  ],
  "a bit of a negative number": [
    alone("int r0 = READ_ONCE(*x); int r1 = r0 & 1;", "0:r1=1", "x=-1;"),
    A,
    A,
    A,
    A,
  ],
  "without a sign": [
    alone(
      "unsigned int r = READ_ONCE(*x); int s = r > 5; unsigned int t = r / 3;",
      "0:r=4294967295 /\\ x=0xffffffff /\\ 0:s=1 /\\ 0:t=1431655765",
      "x = -1;",
      "unsigned int *x",
    ),
    A,
    A,
    A,
    A,
  ],
  "a large number": [
    alone("int r = READ_ONCE(*x) % 1000000;", "0:r=483647 /\\ x=2147483647", "x=2147483647;"),
    A,
    A,
    A,
    A,
  ],
  "an address is no number": [
    alone(
      "int *r = READ_ONCE(*p); int s = READ_ONCE(*x) == 1073741824;",
      "0:r=&x /\\ 0:s=1",
      "int *p = &x; x = 1073741824;",
      "int **p, int *x",
    ),
    A,
    A,
    A,
    A,
  ],
  "a choice": [alone("int r = READ_ONCE(*x) ? 3 : 4;", "0:r=4"), A, A, A, A],
  "no condition": [`{}\n${writer()}`, A, A, A, A],
};

/** What the machine has no number for, or C leaves open, is not decided. */
const OPEN: Readonly<Record<string, readonly [string, RegExp]>> = {
  "a long out of range": ["long r = READ_ONCE(*x); long t = r * 3; s = t == 1;", /numbers have 32 bits/],
  "a large unsigned int as a long": [
    "unsigned int r = READ_ONCE(*x) * 2; long t = r; s = t == 1;",
    /a long is too large for the machine/,
  ],
  "a division by zero": ["int r = 1 / (READ_ONCE(*x) - 2000000000);", /division by zero/],
  "a shift by too much": ["int r = 1 << READ_ONCE(*x);", /a shift by/],
};

describe("the language of tests", () => {
  const names = [...Object.keys(TESTS), ...Object.keys(OPEN)];
  const judged = new Map<string, readonly OrderResult[] | Undecided>();
  beforeAll(async () => {
    const texts = [
      ...Object.values(TESTS).map(([text]) => `C T\n${text}\n`),
      ...Object.values(OPEN).map(
        ([body]) => `C T\n${alone(`int s; ${body}`, "0:r=0 \\/ 0:s=0", "x=2000000000;")}`,
      ),
    ];
    const tests = texts.map((text) => compileTest(parseLitmus(text)));
    const root = dirname(createRequire(import.meta.url).resolve("quiesce/package.json"));
    const seen = await runBatch(tests, {
      tools: await findTools(),
      machine: join(root, "spec", "machine"),
      orders: ORDERS,
      limits: { states: 100_000, choices: 5_000 },
      parallel: availableParallelism(),
      timeoutMs: 1_200_000,
    });
    for (const [n, name] of names.entries())
      judged.set(name, judge(tests[n] as (typeof tests)[number], seen[n] ?? { unknown: "not run" }));
  });

  it.each(Object.entries(TESTS))("%s", (name, [, ...expected]) => {
    const results = judged.get(name) ?? [];
    if ("message" in results) throw new Error(results.message);
    expect(results.map(({ observation }) => observation)).toEqual(expected);
  });

  it.each(Object.entries(OPEN))("%s is not decided", (name, [, message]) => {
    expect(judged.get(name)).toEqual({ message: expect.stringMatching(message) });
  });
});
