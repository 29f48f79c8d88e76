import type { Where } from "./figure.js";

/** The variants, by the name that the constant Variant gives them. */
export const VARIANTS = [
  { name: "all", title: "every CPU" },
  { name: "grace", title: "expedited = 0" },
  { name: "private", title: "expedited = 1" },
] as const;

/** Which claims say what a cell shows. */
export type CellSource =
  /** The question does not apply to the variant. */
  | { readonly kind: "none" }
  | {
      /** A figure: the sweep over Bound of one configuration; one for each value of `along`. */
      readonly kind: "bound";
      readonly config: string;
      readonly where: Where;
      readonly side: "most" | "least";
      readonly along?: string;
    }
  | {
      /** A word: what the verdict of one claim means as an answer. */
      readonly kind: "verdict";
      readonly config: string;
      readonly where: Where;
      readonly words: { readonly holds: string; readonly violated: string };
    };

export interface Question {
  readonly text: string;
  readonly cells: Readonly<Record<(typeof VARIANTS)[number]["name"], CellSource>>;
}

/** The questions of 2010, in the order of the page. */
export const QUESTIONS: readonly Question[] = [
  {
    text: "Is the barrier in the interrupt's handler needed?",
    cells: {
      ...answers("membarrier/kernel/Kernel-handler", {}, { holds: "no", violated: "yes" }),
      grace: {
        kind: "verdict",
        config: "membarrier/costs/Costs-interrupts",
        where: { Cpus: "3", Bound: "0" },
        words: { holds: "no handler runs", violated: "a handler runs" },
      },
    },
  },
  figures("How many CPUs does a call interrupt at most?", "interrupts"),
  settled("The same, if no CPU switches meanwhile", "everybody"),
  figures("Of these, how many run a thread that shares no memory with the caller?", "strangers"),
  settled("The same, if no CPU switches meanwhile", "strangers"),
  figures("How many idle CPUs does it wake?", "idle"),
  settled("The same, if no CPU switches meanwhile", "idle"),
  figures("How often does it interrupt the one real-time thread?", "realtime"),
  settled("The same, if no CPU switches meanwhile", "realtime"),
  loop("A caller in a loop: how many interrupts between two steps of some other thread?", "everybody"),
  loop("The same, for threads that share no memory with the caller", "strangers"),
  held(
    "Can it hold up some other thread for ever, if that thread makes no progress in between?",
    "everybody",
  ),
  held("The same, for threads that share no memory with the caller", "strangers"),
  {
    text: "And if that thread does make progress in between?",
    cells: answers(
      "membarrier/costs/Costs-storm-ends",
      { Whose: "everybody" },
      { holds: "no", violated: "yes" },
    ),
  },
  locked(
    "If it looked under each run queue's lock (2010): how often may it go ahead of a CPU that is about to switch?",
    "unfair",
  ),
  looking("Can it keep a CPU from switching for ever that way, with no other thread of its process?", {
    kind: "verdict",
    config: "membarrier/costs/LockedLook-ever",
    where: { Lock: "unfair", Kin: "0" },
    words: { holds: "no", violated: "yes" },
  }),
  locked("How often may it go first, with a lock that goes to whoever has waited longest?", "ticket"),
  locked("And with no lock (today)?", "none"),
  {
    text: "For how many steps of some other CPU does a call wait at least?",
    cells: bounds({ config: "membarrier/costs/Costs-wait-least", where: {}, side: "least", along: "Cpus" }),
  },
  {
    text: "And at most, for any other CPU?",
    cells: bounds({
      config: "membarrier/costs/Costs-wait",
      where: { Tick: "3" },
      side: "most",
      along: "Cpus",
    }),
  },
  {
    text: "Does it return even if no other CPU switches or takes a tick?",
    cells: answers("membarrier/kernel/Kernel-returns", {}, { holds: "yes", violated: "no" }),
  },
];

type Bounds = Omit<Extract<CellSource, { kind: "bound" }>, "kind">;

function bounds(source: Bounds): Question["cells"] {
  const cell = { kind: "bound", ...source } as const;
  return { all: cell, grace: cell, private: cell };
}

function answers(
  config: string,
  where: Where,
  words: { readonly holds: string; readonly violated: string },
): Question["cells"] {
  const cell = { kind: "verdict", config, where, words } as const;
  return { all: cell, grace: cell, private: cell };
}

function figures(text: string, name: string): Question {
  return {
    text,
    cells: bounds({ config: `membarrier/costs/Costs-${name}`, where: {}, side: "most", along: "Cpus" }),
  };
}

function settled(text: string, whose: string): Question {
  const where = { Whose: whose };
  return {
    text,
    cells: bounds({ config: "membarrier/costs/Costs-settled", where, side: "most", along: "Cpus" }),
  };
}

function loop(text: string, whose: string): Question {
  return {
    text,
    cells: bounds({ config: "membarrier/costs/Costs-loop", where: { Whose: whose }, side: "most" }),
  };
}

/** Only one variant looks at what a CPU runs. */
function looking(text: string, cell: CellSource): Question {
  const none = { kind: "none" } as const;
  return { text, cells: { all: none, grace: none, private: cell } };
}

function locked(text: string, lock: string): Question {
  const where = { Lock: lock };
  return looking(text, { kind: "bound", config: "membarrier/costs/LockedLook", where, side: "most" });
}

function held(text: string, whose: string): Question {
  return {
    text,
    cells: answers("membarrier/costs/Costs-storm", { Whose: whose }, { holds: "no", violated: "yes" }),
  };
}
