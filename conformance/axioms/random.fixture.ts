/** Random litmus tests, small enough for TLC and wild enough to tell two engines apart. The same number, the same test. */
export function randomLitmus(number: number): string {
  const draw = generator(number);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(draw() * from.length)] as T;
  const skeleton = draw();
  const watching = skeleton < 0.12;
  const interrupting = skeleton > 0.88;
  const kinds = pick(FLAVOURS);
  const words = watching ? ["x", "y", "z", "w"] : draw() < 0.7 ? ["x", "y"] : ["x", "y", "z"];
  const count = watching || draw() < 0.35 ? 3 : 2;
  const most = count === 2 ? 4 : 3;
  const places: string[] = words.map((word) => `[${word}]`);
  const threads = Array.from({ length: count }, (_, thread) => {
    const length = 2 + Math.floor(draw() * (most - 1));
    const text = watching
      ? watched(thread, pick, draw, places)
      : interrupting
        ? interrupted(thread, words, pick, draw, places)
        : body(thread, length, kinds, words, pick, draw, places);
    return `P${thread}(${PARAMETERS})\n{\n${text}}\n`;
  });
  return `C random-${number}\n{ p=&x; }\n${threads.join("\n")}\nlocations [${places.join("; ").replace(/[[\]]/g, "")}]\nexists (true)\n`;
}

const PARAMETERS = "int *x, int *y, int *z, int *w, int **p, spinlock_t *l, struct srcu_struct *s";

type Kind =
  | "once"
  | "plain"
  | "order"
  | "fence"
  | "swap"
  | "data"
  | "branch"
  | "pointer"
  | "wait"
  | "lock"
  | "rcu"
  | "srcu"
  | "membarrier"
  | "choice";

/** What a test is made of: all of it in one would have too many states. */
const FLAVOURS: readonly (readonly Kind[])[] = [
  ["once", "once", "order", "fence", "data", "branch"],
  ["once", "plain", "plain", "order", "fence", "data"],
  ["plain", "plain", "data", "once", "swap"],
  ["plain", "plain", "membarrier", "fence", "once"],
  ["once", "swap", "swap", "fence", "branch", "order"],
  ["once", "membarrier", "plain", "order"],
  ["once", "lock", "plain", "lock"],
  ["once", "rcu", "rcu", "plain"],
  ["once", "srcu", "srcu", "plain", "fence"],
  ["pointer", "once", "order", "plain", "fence"],
  ["wait", "once", "plain", "fence", "order"],
  ["choice", "branch", "once", "plain", "data"],
  ["once", "plain", "order", "fence", "swap", "data", "branch", "membarrier", "pointer", "wait", "choice"],
];

/**
 * What a compiler and tso turn round between them: two accesses that keep their place and two that don't, in a thread
 * that two others watch. Nearly all other tests can't tell whether there is one schedule that explains everything.
 */
function watched(
  thread: number,
  pick: <T>(from: readonly T[]) => T,
  draw: () => number,
  places: string[],
): string {
  const mostly = (word: string): string => (draw() < 0.85 ? word : pick(["x", "y", "z", "w"]));
  const load = (register: string, text: string): string => {
    places.push(`${thread}:${register}`);
    return `int ${register} = ${text};`;
  };
  const lines = ((): string[] => {
    if (thread === 1)
      return [`WRITE_ONCE(*${mostly("y")}, 1);`, "smp_mb();", `WRITE_ONCE(*${mostly("z")}, 1);`];
    if (thread === 2)
      return [
        load("r0", `READ_ONCE(*${mostly("w")})`),
        "smp_mb();",
        load("r1", `READ_ONCE(*${mostly("x")})`),
      ];
    const kept = [`WRITE_ONCE(*${mostly("x")}, 1);`, load("r0", `READ_ONCE(*${mostly("y")})`)];
    const second = pick([
      `*${mostly("w")} = r1;`,
      `if (r1 == 1) { *${mostly("w")} = 1; }`,
      `*${mostly("w")} = 1;`,
    ]);
    const moved = [load("r1", `*${mostly("z")}`), second];
    const mixed: string[] = [];
    while (kept.length + moved.length > 0) {
      const from = moved.length === 0 || (kept.length > 0 && draw() < 0.5) ? kept : moved;
      mixed.push(from.shift() ?? "");
    }
    return mixed;
  })();
  return lines.map((line) => `  ${line}\n`).join("");
}

/** Two accesses that the compiler, or nothing, keeps in order, in a thread that another interrupts between its own two. */
function interrupted(
  thread: number,
  words: readonly string[],
  pick: <T>(from: readonly T[]) => T,
  draw: () => number,
  places: string[],
): string {
  const access = (n: number): string => {
    const [word, plain] = [pick(words), draw() < 0.25];
    if (draw() < 0.5) return plain ? `*${word} = ${n + 1};` : `WRITE_ONCE(*${word}, ${n + 1});`;
    places.push(`${thread}:r${n}`);
    return `int r${n} = ${plain ? `*${word}` : `READ_ONCE(*${word})`};`;
  };
  const between =
    thread === 0 ? pick(["barrier();", "", "smp_wmb();"]) : pick(["smp_memb();", "smp_memb();", "smp_mb();"]);
  return [access(0), between, access(1)].map((line) => `  ${line}\n`).join("");
}

function body(
  thread: number,
  length: number,
  kinds: readonly Kind[],
  words: readonly string[],
  pick: <T>(from: readonly T[]) => T,
  draw: () => number,
  places: string[],
): string {
  const lines: string[] = [];
  const registers: string[] = [];
  const register = (): string => {
    const name = `r${registers.push(`r${registers.length}`) - 1}`;
    places.push(`${thread}:${name}`);
    return name;
  };
  const known = (): string | undefined => (registers.length === 0 ? undefined : pick(registers));
  const value = (): string => `${1 + Math.floor(draw() * 2)}`;
  const word = (): string => pick(words);
  const load = (text: string): string => `int ${register()} = ${text};`;
  const access = (of: "once" | "plain"): string => {
    const w = word();
    if (of === "plain") return draw() < 0.5 ? load(`*${w}`) : `*${w} = ${value()};`;
    return draw() < 0.5 ? load(`READ_ONCE(*${w})`) : `WRITE_ONCE(*${w}, ${value()});`;
  };
  let inside: string[] = [];
  let calls = 0;
  for (let n = 0; n < length; n++) {
    const kind = pick(kinds);
    const line = ((): string => {
      switch (kind) {
        case "once":
        case "plain":
          return access(kind);
        case "order":
          return draw() < 0.5
            ? load(`smp_load_acquire(${word()})`)
            : `smp_store_release(${word()}, ${value()});`;
        case "fence":
          return `${pick(["smp_mb", "smp_rmb", "smp_wmb", "barrier", "smp_mb"])}(); ${access(pick(["once", "plain"]))}`;
        case "swap": {
          const suffix = pick(["", "_relaxed", "_acquire", "_release"]);
          return pick([
            () => load(`xchg${suffix}(${word()}, ${value()})`),
            () => load(`cmpxchg${suffix}(${word()}, ${pick(["0", "1"])}, 2)`),
            () => `atomic_inc(${word()});`,
            () => load(`atomic_fetch_add${suffix}(1, ${word()})`),
            () => load(`atomic_add_unless(${word()}, 1, 1)`),
          ])();
        }
        case "data": {
          const from = known();
          if (from === undefined) return load(`READ_ONCE(*${word()})`);
          return pick([
            `WRITE_ONCE(*${word()}, ${from} + 1);`,
            `*${word()} = ${from};`,
            `WRITE_ONCE(*${word()}, (${from} & 0) + 1);`,
          ]);
        }
        case "branch": {
          const from = known();
          if (from === undefined) return load(`READ_ONCE(*${word()})`);
          const test = `if (${from} == ${pick(["0", "1"])})`;
          return pick([
            () => `${test} { WRITE_ONCE(*${word()}, ${value()}); }`,
            () => `${test} { *${word()} = ${value()}; } else { WRITE_ONCE(*${word()}, 1); }`,
            () => `${test} { smp_mb(); }\n  ${access("once")}`,
          ])();
        }
        case "pointer":
          return pick([
            () => `WRITE_ONCE(*p, ${pick(["x", "y"])});`,
            () => `rcu_assign_pointer(*p, y);`,
            () => `int *q${n} = READ_ONCE(*p);\n  ${load(`*q${n}`)}`,
            () => `int *q${n} = rcu_dereference(*p);\n  ${load(`READ_ONCE(*q${n})`)}`,
            () => `int *q${n} = READ_ONCE(*p);\n  WRITE_ONCE(*q${n}, 2);`,
          ])();
        case "wait": {
          const w = word();
          return pick([
            `while (READ_ONCE(*${w}) == 0) ;`,
            `while (smp_load_acquire(${w}) == 0) ;`,
            `while (cmpxchg(${w}, 0, 1) != 0) ;`,
          ]);
        }
        case "choice": {
          const from = known();
          if (from === undefined) return load(`READ_ONCE(*${word()})`);
          const own = register();
          return `int ${own} = ${from} ? ${pick([`READ_ONCE(*${word()})`, "1"])} : ${pick([`*${word()}`, "2"])};\n  WRITE_ONCE(*${word()}, ${own});`;
        }
        case "lock":
          if (inside.length > 0) return `${inside.pop()}`;
          inside = ["spin_unlock(l);"];
          return draw() < 0.3 ? `smp_mb();\n  spin_lock(l);` : "spin_lock(l);";
        case "rcu":
          if (inside.length > 0) return `${inside.pop()}`;
          if (thread !== 0 && draw() < 0.5 && calls++ < 1) return "synchronize_rcu();";
          inside = ["rcu_read_unlock();"];
          return "rcu_read_lock();";
        case "srcu":
          if (inside.length > 0) return `${inside.pop()}`;
          if (thread !== 0 && draw() < 0.5 && calls++ < 1) return "synchronize_srcu(s);";
          inside = [`srcu_read_unlock(s, i${n});`];
          return `int i${n} = srcu_read_lock(s);`;
        case "membarrier":
          return calls++ < 2 ? "smp_memb();" : access("plain");
      }
    })();
    lines.push(line);
  }
  return [...lines, ...inside].map((line) => `  ${line}\n`).join("");
}

/** Numbers from 0 to 1 (mulberry32). */
export function generator(seed: number): () => number {
  let state = (seed * 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
