import { ATOMIC_PREFIXES } from "../litmus/atomics.js";

/** Who waits while a function runs: for a system call the other threads have to wait in every round. */
export interface KernelFunction {
  /** Its C, from the word that it works on and its other arguments. */
  readonly c: (word: string, args: readonly string[]) => string;
  /** In words, for the table in native/silicon/README.md. */
  readonly how: string;
  /** Does it return something? One that does not has the value 0 where a test uses it. */
  readonly gives: boolean;
  readonly systemCall?: true;
  /** Does it add? An address is no number to add to. */
  readonly adds?: true;
}

const does = (name: string, how: string): KernelFunction => ({
  c: (word, args) => `${name}(${[word, ...args].filter((one) => one !== "").join(", ")})`,
  how,
  gives: false,
});
const gives = (name: string, how: string): KernelFunction => ({ ...does(name, how), gives: true });

/** An addition to a word: what is added, and what is made of the value that the word had. */
function adds(
  order: Order,
  added: (arg: string) => string,
  result: (old: string, added: string) => string,
  how: string,
): KernelFunction {
  return {
    c: (word, [arg = "1"]) => result(`qs_add_${order}(${word}, ${added(arg)})`, added(arg)),
    how,
    gives: true,
    adds: true,
  };
}

type Order = "full" | "relaxed" | "acquire" | "release";
const ORDERS: readonly (readonly [string, Order])[] = [
  ["", "full"],
  ["_relaxed", "relaxed"],
  ["_acquire", "acquire"],
  ["_release", "release"],
];

const HOW: Readonly<Record<Order, string>> = {
  full: "one step between two full fences",
  relaxed: "one step, memory_order_relaxed",
  acquire: "one step, memory_order_acquire",
  release: "one step, memory_order_release",
};

const same = (arg: string): string => arg;
const minus = (arg: string): string => `-(${arg})`;
const one = (): string => "1";
const minusOne = (): string => "-1";
const old = (before: string): string => before;
const fresh = (before: string, added: string): string => `${before} + ${added}`;

const BITS = ["and", "or", "xor", "andnot"] as const;

/** Sets, clears or turns bits. An address has none of its own. */
function changesBits(bits: (typeof BITS)[number], order: Order, how: string): KernelFunction {
  const [name, arg] = bits === "andnot" ? ["and", (mask: string) => `~(${mask})`] : [bits, same];
  return {
    c: (word, [mask = "0"]) => `qs_${name}_${order}(${word}, ${arg(mask)})`,
    how,
    gives: true,
    adds: true,
  };
}

/** What each of the three kinds of atomic word has, under its prefix. */
function inOneStep(suffix: string, order: Order): [string, KernelFunction][] {
  const how = HOW[order];
  return [
    [`xchg${suffix}`, gives(`qs_xchg_${order}`, how)],
    [`cmpxchg${suffix}`, gives(`qs_cmpxchg_${order}`, `${how}; relaxed where it fails`)],
    [`add_return${suffix}`, adds(order, same, fresh, how)],
    [`sub_return${suffix}`, adds(order, minus, fresh, how)],
    [`fetch_add${suffix}`, adds(order, same, old, how)],
    [`fetch_sub${suffix}`, adds(order, minus, old, how)],
    [`inc_return${suffix}`, adds(order, one, fresh, how)],
    [`dec_return${suffix}`, adds(order, minusOne, fresh, how)],
    [`fetch_inc${suffix}`, adds(order, one, old, how)],
    [`fetch_dec${suffix}`, adds(order, minusOne, old, how)],
    [`add_negative${suffix}`, testing(adds(order, same, fresh, how), "<")],
    ...BITS.map((bits): [string, KernelFunction] => [
      `fetch_${bits}${suffix}`,
      changesBits(bits, order, how),
    ]),
  ];
}

const ONCE_LOAD = gives("qs_read_once", "volatile and memory_order_relaxed");
const ONCE_STORE = does("qs_write_once", "volatile and memory_order_relaxed");
const ACQUIRE = gives("qs_smp_load_acquire", "volatile and memory_order_acquire");
const RELEASE = does("qs_smp_store_release", "volatile and memory_order_release");
const FULL = does("qs_smp_mb", "atomic_thread_fence(seq_cst)");
const LIBRARY = "the library of this repository, flavour membarrier";
const GRACE_PERIOD: KernelFunction = { ...does("qs_synchronize_rcu", LIBRARY), systemCall: true };
const testing = (function_: KernelFunction, test: string): KernelFunction => ({
  ...function_,
  c: (word, args) => `(${function_.c(word, args)}) ${test} 0`,
});

const ADD_UNLESS: KernelFunction = {
  ...gives("qs_add_unless", "compare and exchange between full fences, until it succeeds"),
  adds: true,
};
const OF_ATOMICS: readonly (readonly [string, KernelFunction])[] = [
  ["read", ONCE_LOAD],
  ["read_acquire", ACQUIRE],
  ["set", ONCE_STORE],
  ["set_release", RELEASE],
  ...ORDERS.flatMap(([suffix, order]) => inOneStep(suffix, order)),
  ["add", { ...adds("relaxed", same, old, HOW.relaxed), gives: false }],
  ["sub", { ...adds("relaxed", minus, old, HOW.relaxed), gives: false }],
  ["inc", { ...adds("relaxed", one, old, HOW.relaxed), gives: false }],
  ["dec", { ...adds("relaxed", minusOne, old, HOW.relaxed), gives: false }],
  ["dec_and_test", testing(adds("full", minusOne, fresh, HOW.full), "==")],
  ["inc_and_test", testing(adds("full", one, fresh, HOW.full), "==")],
  ["sub_and_test", testing(adds("full", minus, fresh, HOW.full), "==")],
  ...BITS.map((bits): [string, KernelFunction] => [
    bits,
    { ...changesBits(bits, "relaxed", HOW.relaxed), gives: false },
  ]),
  ["inc_not_zero", { ...ADD_UNLESS, c: (word) => `qs_add_unless(${word}, 1, 0)` }],
  [
    "fetch_add_unless",
    { ...ADD_UNLESS, c: (word, args) => `qs_fetch_add_unless(${[word, ...args].join(", ")})` },
  ],
  ["add_unless", ADD_UNLESS],
];
const READER = "compare and exchange, acquire, until it succeeds; readers are counted";
const WRITER = "compare and exchange of 0 by -1, acquire";

/** Each function of the kernel's that a test may call, as C for user space (native/silicon/word.h and rcu.h). */
export const FUNCTIONS: ReadonlyMap<string, KernelFunction> = new Map<string, KernelFunction>([
  ["READ_ONCE", ONCE_LOAD],
  ["WRITE_ONCE", ONCE_STORE],
  ["rcu_dereference", ONCE_LOAD],
  ["rcu_dereference_raw", ONCE_LOAD],
  ["rcu_access_pointer", ONCE_LOAD],
  ["rcu_assign_pointer", RELEASE],
  ["smp_load_acquire", ACQUIRE],
  ["smp_store_release", RELEASE],
  ["smp_store_mb", does("qs_smp_store_mb", "a relaxed store and a full fence")],
  ["smp_mb", FULL],
  ["smp_rmb", does("qs_smp_rmb", "atomic_thread_fence(acquire)")],
  ["smp_wmb", does("qs_smp_wmb", "atomic_thread_fence(release)")],
  ["barrier", does("qs_barrier_of_compiler", "atomic_signal_fence(seq_cst)")],
  ["cpu_relax", does("qs_barrier_of_compiler", "atomic_signal_fence(seq_cst)")],
  [
    "smp_memb",
    { ...does("qs_smp_memb", "the system call membarrier(), PRIVATE_EXPEDITED"), systemCall: true },
  ],
  ["smp_mb__before_atomic", FULL],
  ["smp_mb__after_atomic", FULL],
  ["smp_mb__after_spinlock", FULL],
  ["smp_mb__after_unlock_lock", FULL],
  ["smp_mb__after_srcu_read_unlock", FULL],
  ["smp_read_barrier_depends", { c: () => "(void)0", how: "nothing: dependencies order", gives: false }],
  ["rcu_read_lock", does("qs_rcu_read_lock", LIBRARY)],
  ["rcu_read_unlock", does("qs_rcu_read_unlock", LIBRARY)],
  ["synchronize_rcu", GRACE_PERIOD],
  ["synchronize_rcu_expedited", GRACE_PERIOD],
  ["srcu_read_lock", gives("qs_rcu_read_lock", `${LIBRARY}, a domain for each srcu_struct`)],
  ["srcu_read_unlock", does("qs_rcu_read_unlock", `${LIBRARY}, a domain for each srcu_struct`)],
  ["srcu_down_read", gives("qs_rcu_read_lock", `${LIBRARY}, a domain for each srcu_struct`)],
  ["srcu_up_read", does("qs_rcu_read_unlock", `${LIBRARY}, a domain for each srcu_struct`)],
  ["synchronize_srcu", GRACE_PERIOD],
  ["synchronize_srcu_expedited", GRACE_PERIOD],
  ...OF_ATOMICS.filter(([name]) => /^(cmp)?xchg/.test(name)),
  ...ATOMIC_PREFIXES.flatMap((prefix) =>
    OF_ATOMICS.map(([name, function_]): [string, KernelFunction] => [`${prefix}_${name}`, function_]),
  ),
  ["spin_lock", does("qs_spin_lock", "compare and exchange, acquire, until it succeeds")],
  ["spin_trylock", gives("qs_spin_trylock", "compare and exchange, acquire")],
  ["spin_unlock", does("qs_spin_unlock", "a release store")],
  ["spin_is_locked", gives("qs_spin_is_locked", "a relaxed load")],
  ["down_read", does("qs_down_read", READER)],
  ["down_read_trylock", gives("qs_down_read_trylock", "the same, unless there is a writer")],
  [
    "up_read",
    { c: (word) => `qs_add_release(${word}, -1)`, how: "one step, memory_order_release", gives: false },
  ],
  ["down_write", does("qs_down_write", `${WRITER}, until it succeeds`)],
  ["down_write_trylock", gives("qs_down_write_trylock", WRITER)],
  [
    "downgrade_write",
    { c: (word) => `qs_smp_store_release(${word}, 1)`, how: "a release store", gives: false },
  ],
  ["up_write", does("qs_spin_unlock", "a release store")],
  ["mutex_lock", does("qs_down_write", `${WRITER}, until it succeeds`)],
  ["mutex_trylock", gives("qs_down_write_trylock", WRITER)],
  ["mutex_unlock", does("qs_spin_unlock", "a release store")],
]);

/** The table of native/silicon/README.md: functions that become the same stand together. */
export function functionsTable(): string {
  const rows = new Map<string, string[]>();
  for (const [name, { how }] of FUNCTIONS) rows.set(how, [...(rows.get(how) ?? []), `\`${name}\``]);
  return [
    "| in a test | in the program |",
    "|---|---|",
    ...[...rows].map(([how, names]) => `| ${names.join(", ")} | ${how} |`),
    "",
  ].join("\n");
}
