import { generator } from "./random.fixture.js";

/**
 * Random litmus tests of the shapes that tests are written in (MP, SB, LB, S, R, 2+2W, ISA2 and their like): each
 * thread has an access to one word and then to the next thread's, and something between or around them that may keep
 * them in order. Nearly every random line of these can tell two engines apart. The same number, the same test.
 */
export function shapedLitmus(number: number): string {
  const draw = generator(number);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(draw() * from.length)] as T;
  const count = draw() < 0.35 ? 3 : 2;
  const words = ["x", "y", "z"].slice(0, count);
  const family = pick(FAMILIES);
  const places = words.map((word) => word);
  const threads = words.map((first, thread) => {
    const second = words[(thread + 1) % count] ?? first;
    const lines = threadOf({ thread, first, second, count, family, pick, draw });
    for (const register of new Set([...lines.join(" ").matchAll(/\bint (r\d)\b/g)].map(([, name]) => name)))
      places.push(`${thread}:${register}`);
    return `P${thread}(${PARAMETERS})\n{\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;
  });
  return `C shape-${number}\n{ p=&x; }\n${threads.join("\n")}\nlocations [${places.join("; ")}]\nexists (true)\n`;
}

const PARAMETERS =
  "int *x, int *y, int *z, int **p, spinlock_t *l, struct srcu_struct *s, struct srcu_struct *t";

type Link = keyof typeof LINKS;

/** A test has links of one family: the interrupts of all in one would have too many states. */
const FAMILIES: readonly (readonly Link[])[] = [
  ["none", "none", "fence", "data", "branch", "nested", "address"],
  ["none", "none", "fence", "branch", "either", "data", "early"],
  ["rcu", "rcu ends", "rcu waits", "fence", "none"],
  ["srcu", "srcu other", "srcu waits", "srcu other waits", "none"],
  ["lock", "lock ends", "relock", "fence", "none", "none"],
  ["membarrier", "barrier", "barrier", "none", "data"],
  ["swap", "add", "taken", "none", "fence", "branch"],
  ["wait", "swap", "data", "none", "fence", "address"],
];

interface Ingredients {
  readonly thread: number;
  readonly first: string;
  readonly second: string;
  readonly count: number;
  readonly family: readonly Link[];
  readonly pick: <T>(from: readonly T[]) => T;
  readonly draw: () => number;
}

/** What a link makes of two accesses; `r0` is what the first has read, if it reads. */
type Build = (
  a: string,
  b: string,
  given: Ingredients & { readonly store: (value: string) => string },
) => string[];

const FENCES = [
  "smp_mb();",
  "smp_mb();",
  "smp_rmb();",
  "smp_wmb();",
  "smp_mb__before_atomic();",
  "barrier();",
];

const LINKS = {
  none: (a, b) => [a, b],
  fence: (a, b, { pick }) => [a, pick(FENCES), b],
  barrier: (a, b) => [a, "barrier();", b],
  membarrier: (a, b) => [a, "smp_memb();", b],
  data: (_, __, { first, pick, store }) => [
    `int r0 = READ_ONCE(*${first});`,
    store(pick(["r0 + 1", "(r0 ^ r0) + 1", "r0", "r0 * 0 + 2"])),
  ],
  address: (_, b, { second, pick }) => [
    `int *q = ${pick(["READ_ONCE(*p)", "rcu_dereference(*p)"])};`,
    pick([`int r1 = READ_ONCE(*q);`, `WRITE_ONCE(*q, 3);`, `int r1 = *q;\n  WRITE_ONCE(*p, ${second});`]),
    b,
  ],
  branch: (a, b, { pick }) => [load(a), `if (r0 ${pick(["==", "!="])} ${pick(["0", "1"])}) { ${inside(b)} }`],
  nested: (a, b, { pick, store }) => [
    load(a),
    `if (r0 < 2) { if (r0 ${pick(["== 0", "> 0"])}) { ${inside(b)} } ${pick(["", `else { ${store("2")} }`])} }`,
  ],
  either: (a, b, { store, pick }) => [
    load(a),
    `if (r0) { ${inside(b)} } else { ${pick([store("1"), "smp_mb();", ""])} }`,
    pick([store("3"), ""]),
  ],
  early: (a, b, { pick, store }) => [
    load(a),
    `int r2 = r0 ? ${pick(["r0 + 1", "1"])} : 2;`,
    pick([store("r2"), b]),
  ],
  rcu: (a, b) => ["rcu_read_lock();", a, b, "rcu_read_unlock();"],
  "rcu ends": (a, b) => ["rcu_read_lock();", a, "rcu_read_unlock();", b],
  "rcu waits": (a, b) => [a, "synchronize_rcu();", b],
  srcu: (a, b) => ["int i = srcu_read_lock(s);", a, b, "srcu_read_unlock(s, i);"],
  "srcu other": (a, b, { draw }) =>
    draw() < 0.5
      ? ["int i = srcu_read_lock(t);", a, b, "srcu_read_unlock(t, i);"]
      : ["int i = srcu_read_lock(s);", a, "srcu_read_unlock(s, i);", b],
  "srcu waits": (a, b) => [a, "synchronize_srcu(s);", b],
  "srcu other waits": (a, b) => [a, "synchronize_srcu(t);", b],
  lock: (a, b) => ["spin_lock(l);", a, b, "spin_unlock(l);"],
  "lock ends": (a, b, { pick }) => [
    "spin_lock(l);",
    a,
    "spin_unlock(l);",
    pick(["", "smp_mb__after_unlock_lock();"]),
    b,
  ],
  relock: (a, b, { pick }) => [
    "spin_lock(l);",
    a,
    "spin_unlock(l);",
    "spin_lock(l);",
    pick(["", "smp_mb__after_spinlock();"]),
    b,
    "spin_unlock(l);",
  ],
  swap: (_, b, { first, pick }) => [`int r0 = xchg${pick(SUFFIXES)}(${first}, 2);`, b],
  add: (a, _, { second, pick }) => [
    a,
    pick([
      `int r1 = atomic_fetch_add${pick(SUFFIXES)}(1, ${second});`,
      `int r1 = atomic_dec_and_test(${second});`,
      `int r1 = atomic_inc_return${pick(SUFFIXES)}(${second});`,
      `int r1 = atomic_fetch_or${pick(SUFFIXES)}(2, ${second});`,
      `atomic_add(2, ${second});`,
    ]),
  ],
  taken: (a, _, { second, pick }) => [
    a,
    `int r1 = ${pick([`cmpxchg${pick(SUFFIXES)}(${second}, ${pick(["0", "1"])}, 2)`, `atomic_inc_not_zero(${second})`])};`,
    pick(["", `if (r1 == 0) { WRITE_ONCE(*${second}, 3); }`]),
  ],
  wait: (_, b, { first, pick }) => [
    pick([
      `while (READ_ONCE(*${first}) == 0) ;`,
      `while (smp_load_acquire(${first}) == 0) ;`,
      `while (cmpxchg(${first}, 1, 2) != 1) ;`,
    ]),
    b,
  ],
} as const satisfies Record<string, Build>;

const SUFFIXES = ["", "_relaxed", "_acquire", "_release"];

/** The first access as one that reads, for what is decided by it. */
const load = (a: string): string =>
  a.startsWith("int r0") ? a : `int r0 = READ_ONCE(*${/[xyz]/.exec(a.replace(/^\w+/, ""))?.[0] ?? "x"});`;

/** Inside a branch nothing is declared whose value is looked at afterwards. */
const inside = (b: string): string => b.replace(/^int /, "");

function threadOf(given: Ingredients): string[] {
  const { thread, first, second, count, family, pick, draw } = given;
  const read = (register: string, word: string): string => {
    const how = draw();
    if (how < 0.55) return `int ${register} = READ_ONCE(*${word});`;
    return how < 0.75 ? `int ${register} = *${word};` : `int ${register} = smp_load_acquire(${word});`;
  };
  const write = (word: string, value: string): string => {
    const how = draw();
    if (how < 0.55) return `WRITE_ONCE(*${word}, ${value});`;
    return how < 0.75 ? `*${word} = ${value};` : `smp_store_release(${word}, ${value});`;
  };
  const a = draw() < 0.5 ? read("r0", first) : write(first, "1");
  const b = draw() < 0.5 ? read("r1", second) : write(second, "1");
  // A grace period of ours interrupts everybody: two of them are enough to be compared.
  const links = family.filter((link) => thread < 2 || count < 3 || !link.endsWith("waits"));
  const build: Build = LINKS[pick(links)];
  const lines = build(a, b, { ...given, store: (value) => write(second, value) });
  return lines.filter((line) => line !== "");
}
