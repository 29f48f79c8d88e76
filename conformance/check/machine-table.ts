import { type ThreadRow, threadTable } from "../../spec/tlc/explain.js";
import type { Trace } from "../../spec/tlc/trace.js";
import type { Instruction, Listing } from "./machine-code.js";
import { type MachineState, readState } from "./machine-state.js";
import { codeAsCompiled, letterOf, performedWords, wordsOf } from "./machine-words.js";

/** What the machine ran, beside the trace. */
export interface MachineModel {
  readonly listing: Listing;
  /** Handlers of interrupts and signals have a full barrier. */
  readonly handlerHasBarrier: boolean;
}

/** How the trace ends: with a broken promise, in words, or in a state that nothing leads out of. */
export type TraceEnding = { readonly broken: string } | "deadlock";

/**
 * A counterexample of the machine as a table of threads by steps: what each step read or wrote, its letter, the fences
 * that it stood behind, and what of its thread's earlier code is still unperformed.
 */
export function machineTable(trace: Trace, model: MachineModel, ending: TraceEnding): string {
  const states = trace.states.map(readState);
  const [first, last] = [states[0], states.at(-1)];
  if (first === undefined || last === undefined) return "";
  const threads = [...first.performed.keys()];
  const rows = states
    .slice(1)
    .flatMap((after, i) => rowsOf(states[i] as MachineState, after, threads, model))
    .map((row, i) => ({ ...row, number: i + 1 }));
  const end = (text: string): ThreadRow => ({ column: "all", text, number: "" });
  const stays: ThreadRow[] =
    trace.end.kind === "finite" ? [] : [{ column: "all", text: "and nothing more happens", number: "..." }];
  const ends =
    ending === "deadlock"
      ? [...stuckRows(last, threads, model.listing), end("✗ deadlock: nobody can take a step, for ever")]
      : [...stays, end(`✗ ${ending.broken}`)];
  return `${codeAsCompiled(first, threads, model.listing)}\n\n${threadTable(threads, [...rows, ...ends])}`;
}

function rowsOf(
  before: MachineState,
  after: MachineState,
  threads: readonly string[],
  { listing, handlerHasBarrier }: MachineModel,
): ThreadRow[] {
  const row = (thread: string, text: string, below: readonly string[] = []): ThreadRow => ({
    column: threads.indexOf(thread),
    text,
    ...(below.length > 0 && { below }),
  });
  const codeOf = (thread: string) => codeIn(after, thread, listing);
  const unperformed = (thread: string): string[] => {
    const done = after.performed.get(thread) ?? new Set();
    const last = Math.max(0, ...done);
    const open = codeOf(thread).filter((_, i) => i + 1 < last && !done.has(i + 1));
    return open.map((i) => `not yet: ${wordsOf(i)}`);
  };

  // A thread takes an interrupt: it is new in `taken`, or it was the last one that was missing.
  for (const sender of threads) {
    const [was, is] = [before.taken.get(sender), after.taken.get(sender)];
    const completed = newPositions(before, after, sender).some((k) => codeOf(sender)[k - 1]?.op === "ipi");
    const taker = completed
      ? threads.find((thread) => thread !== sender && !was?.has(thread))
      : threads.find((thread) => is?.has(thread) && !was?.has(thread));
    if (taker === undefined) continue;
    const letter = letterOf(openInterrupt(before, sender, listing));
    const how = handlerHasBarrier ? ": barrier" : ", without a barrier";
    const rows = [row(taker, `interrupted by ${sender}${letter}${how}`, unperformed(taker))];
    return completed ? [...rows, row(sender, `interrupts are done${letter}`)] : rows;
  }
  for (const thread of threads) {
    const position = newPositions(before, after, thread)[0];
    const instruction = position === undefined ? undefined : codeOf(thread)[position - 1];
    if (instruction === undefined) continue;
    const fences = instruction.fences
      .filter(({ text }) => text !== "barrier")
      .map((fence) => `behind ${fence.text}${letterOf(fence)}`);
    const text = performedWords(instruction, thread, codeOf(thread), before, after);
    return [row(thread, text, [...fences, ...unperformed(thread)])];
  }
  const handled = before.pending.find((signal) => !after.pending.includes(signal));
  if (handled === undefined) return [];
  const [thread = "", word = ""] = handled.split(" ");
  const does = handlerHasBarrier ? `barrier, ${word} <- 0, barrier` : `${word} <- 0, without a barrier`;
  return [row(thread, `handles a signal: ${does}`, unperformed(thread))];
}

/** Where the threads of a deadlock have come to. */
function stuckRows(last: MachineState, threads: readonly string[], listing: Listing): ThreadRow[] {
  return threads.flatMap((thread, column) => {
    const next = firstOpen(last, thread, listing);
    return next === undefined ? [] : [{ column, text: `stuck before: ${wordsOf(next)}`, number: "..." }];
  });
}

/** The interrupt that a thread is sending: threads perform their interrupts in order. */
function openInterrupt(state: MachineState, sender: string, listing: Listing): Instruction | undefined {
  const done = state.performed.get(sender);
  return codeIn(state, sender, listing).find(({ op }, i) => op === "ipi" && !done?.has(i + 1));
}

function firstOpen(state: MachineState, thread: string, listing: Listing): Instruction | undefined {
  return codeIn(state, thread, listing).find((_, i) => !state.performed.get(thread)?.has(i + 1));
}

function codeIn(state: MachineState, thread: string, listing: Listing): readonly Instruction[] {
  return listing.get(thread)?.[(state.code.get(thread) ?? 1) - 1] ?? [];
}

function newPositions(before: MachineState, after: MachineState, thread: string): number[] {
  return [...(after.performed.get(thread) ?? [])].filter((k) => !before.performed.get(thread)?.has(k));
}
