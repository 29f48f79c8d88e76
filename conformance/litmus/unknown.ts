import { nearest } from "../../spec/tlc/base/suggest.js";
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
    /^atomic_\w+_explicit$|^atomic_(thread|signal)_fence$/,
    "This is C11: use READ_ONCE(), smp_load_acquire(), xchg(), smp_mb() and their like.",
  ],
  [/^__atomic_|^__sync_/, "This is the compiler's: use READ_ONCE(), xchg() and their like."],
  [/^smp_cond_load_|^atomic\w*_cond_read_/, "Write it as a loop: while (READ_ONCE(*x) == 0) ;"],
  [/^(printk|pr_\w+|assert|printf|WARN_ON\w*|BUG_ON)$/, "Nobody would see it: leave it out."],
];

/** Refuses a function that the machine does not have, and says what can be used. */
export function unknownFunction({ name, at }: Extract<Expr, { kind: "call" }>): LitmusError {
  const instead = INSTEAD.find(([pattern]) => pattern.test(name))?.[1];
  return new LitmusError(`unknown function "${name}"`, at, instead ?? meant(name));
}

/** So many names are a help; more are a wall. */
const MOST_NAMES = 3;

/** The known functions that are written almost like this one. */
function meant(name: string): string {
  const known = [...OF_WORDS.keys(), ...OPERATIONS.keys()];
  const like = nearest(name, known, { most: MOST_NAMES, apart: Math.max(2, Math.floor(name.length / 2)) });
  // mb() is smp_mb(), and wmb() is smp_wmb().
  const longer = known.filter((one) => one.endsWith(`_${name}`)).sort((a, b) => a.length - b.length);
  const near = [...new Set([...longer, ...like])].slice(0, MOST_NAMES);
  const all = "The help of quiesce litmus lists all functions.";
  if (near.length === 0) return all;
  const last = near.at(-1) ?? "";
  const names = near.length === 1 ? `${last}()` : `${near.slice(0, -1).join("(), ")}() or ${last}()`;
  return `Did you mean ${names}? ${all}`;
}
