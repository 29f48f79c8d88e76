/**
 * What the axioms are made of. Each is something that may order two events of an execution, or something that every
 * execution must have; a test leaves out one after the other, and shows which litmus test then ends as it must not.
 */
export const RULES = [
  // What the processor keeps in order within a thread.
  "data",
  "control",
  "acquire",
  "release",
  "mb",
  "rmb",
  "wmb",
  "acquire fence",
  "same word",
  "own store",
  "memory order",
  // What the compiler keeps in order, so that the processor has to.
  "compiler: fence",
  "compiler: volatile",
  "compiler: acquire, release",
  "compiler: dependency",
  "compiler: same word",
  "compiler: branch",
  // What orders threads.
  "read from",
  "from read",
  "own stores first",
  "interrupt",
  "interrupt is precise",
  "one schedule",
] as const;
export type Rule = (typeof RULES)[number];

/** The rules that count. */
export type Rules = ReadonlySet<Rule>;

export const ALL_RULES: Rules = new Set(RULES);
