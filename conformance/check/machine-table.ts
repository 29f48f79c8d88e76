import { type ThreadRow, threadTable } from "../../spec/tlc/explain.js";
import type { Trace, TraceState } from "../../spec/tlc/trace.js";
import type { Value } from "../../spec/tlc/value-tree.js";
import { elementsOf, entriesOf, type Instruction, type Listing, numberOf, textOf } from "./machine-code.js";

/** A state of module Machine, as far as the table needs it. */
interface MachineState {
  readonly memory: ReadonlyMap<string, number>;
  readonly register: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly performed: ReadonlyMap<string, ReadonlySet<number>>;
  readonly taken: ReadonlyMap<string, ReadonlySet<string>>;
  readonly pending: readonly string[];
  readonly code: ReadonlyMap<string, number>;
}

/**
 * A counterexample of the machine as a table of threads by steps: what each step read or wrote, its letter, the fences
 * that it stood behind, and what of its thread's earlier code is still unperformed.
 *
 * @param broken the promise that breaks in the last state, in words
 */
export function machineTable(trace: Trace, listing: Listing, broken: string): string {
  const states = trace.states.map(readState);
  const first = states[0];
  if (first === undefined) return "";
  const threads = [...first.performed.keys()];
  const rows = states
    .slice(1)
    .flatMap((after, i) => rowsOf(states[i] as MachineState, after, threads, listing));
  if (trace.end.kind !== "finite")
    rows.push({ column: "all", text: "and nothing more can happen", number: "..." });
  rows.push({ column: "all", text: `✗ ${broken}`, number: "" });
  let step = 0;
  const numbered = rows.map((row) => ({ ...row, number: row.number ?? ++step }));
  return `${codeAsCompiled(first, threads, listing)}\n\n${threadTable(threads, numbered)}`;
}

function rowsOf(
  before: MachineState,
  after: MachineState,
  threads: readonly string[],
  listing: Listing,
): ThreadRow[] {
  const row = (thread: string, text: string, below: readonly string[] = []): ThreadRow => ({
    column: threads.indexOf(thread),
    text,
    ...(below.length > 0 && { below }),
  });
  const codeOf = (thread: string): readonly Instruction[] =>
    listing.get(thread)?.[(after.code.get(thread) ?? 1) - 1] ?? [];
  const unperformed = (thread: string): string[] => {
    const done = after.performed.get(thread) ?? new Set();
    const last = Math.max(0, ...done);
    const open = codeOf(thread).filter((_, i) => i + 1 < last && !done.has(i + 1));
    return open.map(({ text }) => `not yet: ${text}`);
  };

  // A thread takes an interrupt: it is new in `taken`, or it was the last one that was missing.
  for (const sender of threads) {
    const [was, is] = [before.taken.get(sender), after.taken.get(sender)];
    const completed = newPositions(before, after, sender).some((k) => codeOf(sender)[k - 1]?.op === "ipi");
    const taker = completed
      ? threads.find((thread) => thread !== sender && !was?.has(thread))
      : threads.find((thread) => is?.has(thread) && !was?.has(thread));
    if (taker === undefined) continue;
    const letter = letterOf(codeOf(sender).find(({ op }) => op === "ipi"));
    const rows = [row(taker, `interrupted by ${sender}${letter}`, unperformed(taker))];
    return completed ? [...rows, row(sender, `interrupts are done${letter}`)] : rows;
  }
  for (const thread of threads) {
    const position = newPositions(before, after, thread)[0];
    const instruction = position === undefined ? undefined : codeOf(thread)[position - 1];
    if (instruction === undefined) continue;
    const fences = instruction.fences
      .filter(({ text }) => text !== "barrier")
      .map((fence) => `behind ${fence.text}${letterOf(fence)}`);
    return [
      row(thread, perform(instruction, thread, codeOf(thread), before, after), [
        ...fences,
        ...unperformed(thread),
      ]),
    ];
  }
  const handled = before.pending.find((signal) => !after.pending.includes(signal));
  if (handled !== undefined) {
    const [thread = "", word = ""] = handled.split(" ");
    return [row(thread, `handles a signal: barrier, ${word} <- 0, barrier`)];
  }
  return [];
}

function newPositions(before: MachineState, after: MachineState, thread: string): number[] {
  return [...(after.performed.get(thread) ?? [])].filter((k) => !before.performed.get(thread)?.has(k));
}

/** What performing an instruction did, with the value that it read or wrote. */
function perform(
  i: Instruction,
  thread: string,
  code: readonly Instruction[],
  before: MachineState,
  after: MachineState,
): string {
  const registers = before.register.get(thread) ?? new Map<string, number>();
  const text = `${i.text}${letterOf(i)}`;
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
  return `${text}${where} -> ${value}${store === undefined ? "" : " (its own store)"}`;
}

function letterOf({ letter }: { readonly letter: string } = { letter: "" }): string {
  return letter === "" ? "" : ` (${letter})`;
}

/** Each thread's code in the order that the compiler gave it, since that may already be where things go wrong. */
function codeAsCompiled(state: MachineState, threads: readonly string[], listing: Listing): string {
  const width = Math.max(...threads.map((thread) => thread.length));
  const lines = threads.map((thread) => {
    const schedules = listing.get(thread) ?? [];
    const chosen = state.code.get(thread) ?? 1;
    const words = (schedules[chosen - 1] ?? []).flatMap((i) => [
      ...i.fences.map((fence) => `${fence.text}${letterOf(fence)}`),
      `${i.text}${letterOf(i)}`,
    ]);
    const choice =
      schedules.length > 1 ? ` [one of ${schedules.length} orders that the compiler may choose]` : "";
    return `  ${thread.padEnd(width)}  ${words.join("; ")}${choice}`;
  });
  return `The code as compiled\n${lines.join("\n")}`;
}

function readState({ variables }: TraceState): MachineState {
  const map = <T>(name: string, read: (value: Value) => T): Map<string, T> =>
    new Map(entriesOf(variables.get(name)).map(([key, value]) => [key, read(value)]));
  return {
    memory: map("memory", numberOf),
    register: map("register", (value) => new Map(registersOf(value))),
    performed: map("performed", (value) => new Set(elementsOf(value).map(numberOf))),
    taken: map("taken", (value) => new Set(elementsOf(value).map(textOf))),
    pending: elementsOf(variables.get("pending")).map((signal) => elementsOf(signal).map(textOf).join(" ")),
    code: map("code", numberOf),
  };
}

/** A thread without registers has the empty function, which is printed as the empty sequence. */
function registersOf(value: Value): (readonly [string, number])[] {
  return entriesOf(value).map(([name, number]) => [name, numberOf(number)] as const);
}
