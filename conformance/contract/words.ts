/** A kind of word: what a state has one of it for. */
interface WordGroup {
  readonly name: string;
  readonly each: "domain" | "cell" | "slot" | "reader" | "updater" | "thread";
}

/** The words of a state in their order; plan.ts says what they mean. */
export const WORD_GROUPS: readonly WordGroup[] = [
  { name: "gp", each: "domain" },
  { name: "begun", each: "domain" },
  { name: "ended", each: "domain" },
  { name: "leader", each: "domain" },
  { name: "doorbell", each: "domain" },
  { name: "sleepers", each: "domain" },
  { name: "registered", each: "domain" },
  { name: "used", each: "domain" },
  { name: "head", each: "domain" },
  { name: "cell", each: "cell" },
  { name: "announced", each: "slot" },
  { name: "notice", each: "slot" },
  { name: "owner", each: "slot" },
  { name: "slot", each: "reader" },
  { name: "held", each: "reader" },
  { name: "mine", each: "updater" },
  { name: "at", each: "thread" },
];

/** The names of a state's words in their order. Slots, as many as readers, are numbered from 1; all else from 0. */
export function stateWords(updaters: number, readers: number, cells: number): string[] {
  const numbers = {
    cell: range(0, cells),
    slot: range(1, readers),
    reader: range(updaters, readers),
    updater: range(0, updaters),
    thread: range(0, updaters + readers),
  };
  return WORD_GROUPS.flatMap(({ name, each }) =>
    each === "domain" ? [name] : numbers[each].map((number) => `${name}${number}`),
  );
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}
