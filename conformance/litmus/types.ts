import type { Reader } from "./reader.js";

/** Types that come before names. They mean nothing to the machine: a word is a word. */
export const TYPES: ReadonlySet<string> = new Set(
  (
    "int long short char unsigned signed bool _Bool volatile const void struct intptr_t uintptr_t size_t " +
    "atomic_t atomic_long_t spinlock_t u8 u16 u32 u64 s8 s16 s32 s64 __rcu"
  ).split(" "),
);

/** Skips a type, `unsigned long`, and the stars after it; returns whether there was one. */
export function skipType(tokens: Reader): boolean {
  let found = false;
  while (TYPES.has(tokens.peek().text)) {
    if (tokens.next().text === "struct") tokens.name("the name of a struct");
    found = true;
  }
  while (
    found &&
    (tokens.take("*") || tokens.take("const") || tokens.take("volatile") || tokens.take("__rcu"))
  );
  return found;
}
