/** A kind of word: how many of it a state has, and the number of the first. */
interface WordGroup {
  readonly name: string;
  readonly each: "once" | "cell" | "reader" | "thread";
}

/** The words of a state in their order. Cells and threads are counted from 0, readers from 1; thread 0 is the updater. */
export const WORD_GROUPS: readonly WordGroup[] = [
  { name: "gp", each: "once" },
  { name: "waiting", each: "once" },
  { name: "head", each: "once" },
  { name: "cell", each: "cell" },
  { name: "announced", each: "reader" },
  { name: "owner", each: "reader" },
  { name: "slot", each: "reader" },
  { name: "held", each: "reader" },
  { name: "at", each: "thread" },
];

/** The names of a state's words in their order; plan.ts says what they mean. */
export function stateWords(readers: number, cells: number): string[] {
  const numbered = (name: string, from: number, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${name}${from + i}`);
  return WORD_GROUPS.flatMap(({ name, each }) => {
    if (each === "cell") return numbered(name, 0, cells);
    if (each === "reader") return numbered(name, 1, readers);
    return each === "thread" ? numbered(name, 0, readers + 1) : [name];
  });
}
