import type { Instruction, Listing } from "./machine-code.js";
import type { MachineState } from "./machine-state.js";
import { wrap } from "./thread-table.js";

/** What the words `cell0`, `cell1`, ... hold: module ReadSide's Empty, Live and Freed. */
const CONTENT = ["empty", "live", "freed"];
const WIDTH = 100;
const NO_BREAK = "\u00a0";

/** ` (A)` for what stands for an ordering point. */
export function letterOf({ letter }: { readonly letter: string } = { letter: "" }): string {
  return letter === "" ? "" : ` (${letter})`;
}

/** An instruction in words, with its letter. */
export function wordsOf(i: Instruction): string {
  const stored = /^cell\d/.test(i.addr) && i.op === "store" && i.use === "" ? contentOf(i.addr, i.val) : "";
  // Only the store's own end is meant: a condition may follow it.
  return `${stored === "" ? i.text : i.text.replace(`<- ${i.val}`, `<- ${i.val}${stored}`)}${letterOf(i)}`;
}

function contentOf(address: string, value: number | undefined): string {
  const content = /^cell\d/.test(address) && value !== undefined ? CONTENT[value] : undefined;
  return content === undefined ? "" : ` (${content})`;
}

/** What performing an instruction did, with the value that it read or wrote. */
export function performedWords(
  i: Instruction,
  thread: string,
  code: readonly Instruction[],
  before: MachineState,
  after: MachineState,
): string {
  const registers = before.register.get(thread) ?? new Map<string, number>();
  const text = wordsOf(i);
  if (i.guard !== "" && !i.given.includes(registers.get(i.guard) ?? Number.NaN))
    return `${text}: not done, ${i.guard} = ${registers.get(i.guard)}`;
  const address = i.addr === "*" ? (i.base[registers.get(i.use) ?? 0] ?? "?") : i.addr;
  const storedBy = (store: Instruction): number =>
    (store.use === "" ? 0 : (registers.get(store.use) ?? 0)) + store.val;
  if (i.op === "store") return i.use === "" ? text : `${text} = ${storedBy(i)}`;
  if (i.op !== "load" && i.op !== "await") return text;
  const own = Math.max(0, ...i.from.filter((k) => !before.performed.get(thread)?.has(k)));
  const store = code[own - 1];
  const seen = store === undefined ? before.memory.get(address) : storedBy(store);
  const where = i.addr === "*" ? ` (${address})` : "";
  const value = i.dst === "" ? seen : (after.register.get(thread)?.get(i.dst) ?? seen);
  const forwarded = store === undefined ? "" : " (its own store, not performed yet)";
  return `${text}${where} -> ${value}${contentOf(address, value)}${forwarded}`;
}

/** Each thread's code in the compiler's order, since things may already go wrong there. */
export function codeAsCompiled(state: MachineState, threads: readonly string[], listing: Listing): string {
  const width = Math.max(...threads.map((thread) => thread.length));
  const lines = threads.flatMap((thread) => {
    const schedules = listing.get(thread) ?? [];
    const chosen = state.code.get(thread) ?? 1;
    const words = (schedules[chosen - 1] ?? []).flatMap((i) => [
      ...i.fences.map((fence) => `${fence.text}${letterOf(fence)}`),
      wordsOf(i),
    ]);
    const choice =
      schedules.length > 1 ? `[one of ${schedules.length} orders that the compiler may choose]` : "";
    // Lines break between instructions, not within one.
    const whole = (text: string): string => text.replaceAll(" ", NO_BREAK);
    return wrap(`${words.map(whole).join("; ")} ${whole(choice)}`.trim(), WIDTH - width - 4, "").map(
      (line, n) => `  ${(n === 0 ? thread : "").padEnd(width)}  ${line.replaceAll(NO_BREAK, " ")}`,
    );
  });
  return `The code as compiled\n${lines.join("\n")}`;
}
