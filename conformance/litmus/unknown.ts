import { LitmusError } from "./lexer.js";
import { OF_WORDS, OPERATIONS } from "./operations.js";
import type { Expr } from "./syntax.js";

/** Functions of the kernel that a test may well call, and what it can call instead. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [/^spin_unlock_wait$/, "The kernel has it no more; spin_lock() and spin_unlock() order more."],
  [
    /^spin_(lock|unlock)_(irq|bh)/,
    "The machine has no interrupts of this kind: use spin_lock() and spin_unlock().",
  ],
  [/^(read|write)_(un)?lock/, "Use down_read(), up_read(), down_write() and up_write()."],
  [/^call_rcu|^kfree_rcu/, "Use synchronize_rcu() in a thread of its own."],
  [/^rcu_read_(un)?lock_(sched|bh)$|^synchronize_(sched|rcu_bh)$/, "Use the function without its suffix."],
  [
    /^atomic_(load|store|exchange|compare_exchange)\w*_explicit$/,
    "This is C11: use READ_ONCE() and its like.",
  ],
  [/^__atomic_|^__sync_/, "This is the compiler's: use READ_ONCE(), xchg() and their like."],
  [/^smp_cond_load_|^atomic\w*_cond_read_/, "Write it as a loop: while (READ_ONCE(*x) == 0) ;"],
  [/^(printk|pr_\w+|assert|printf|WARN_ON\w*|BUG_ON)$/, "Nobody would see it: leave it out."],
];

/** Refuses a function that the machine does not have, and says what can be used. */
export function unknownFunction({ name, at }: Extract<Expr, { kind: "call" }>): LitmusError {
  const instead = INSTEAD.find(([pattern]) => pattern.test(name))?.[1];
  return new LitmusError(`unknown function "${name}"`, at, instead ?? known());
}

/** All names, those of atomic operations in short: there are hundreds. */
function known(): string {
  const names = [...OF_WORDS.keys(), ...OPERATIONS.keys()].filter(
    (name) => !/^atomic(64|_long)_|^atomic_/.test(name),
  );
  const atomics = [...OPERATIONS.keys()].flatMap((name) =>
    /_(relaxed|acquire|release)$/.test(name) ? [] : (/^atomic_(?!long_)(.*)/.exec(name)?.[1] ?? []),
  );
  return (
    `The known functions are ${names.join(", ")}; and atomic_, atomic64_ and atomic_long_ with ` +
    `${atomics.join(", ")}, where the kernel has it with _relaxed, _acquire or _release, too.`
  );
}
