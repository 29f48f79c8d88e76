import type { Trace } from "../../../spec/tlc/output/trace.js";
import type { Instruction, Listing } from "./machine-code.js";
import { type MachineState, readState } from "./machine-state.js";
import { letterOf, performedWords, wordsOf } from "./machine-words.js";

/** What the machine ran, beside the trace. */
export interface MachineModel {
  readonly listing: Listing;
  /** Handlers of interrupts and signals have a full barrier. */
  readonly handlerHasBarrier: boolean;
}

/** One thing that happened on the machine, to one thread. */
export interface MachineEvent {
  readonly thread: string;
  /**
   * What it meant to the memory and to other threads: it read from memory or wrote to it, sent a signal to `peer`, was
   * interrupted by `peer`, saw its interrupts done, handled a signal, or only concerned the thread itself.
   */
  readonly kind: "read" | "write" | "signal" | "interrupted" | "interrupts-done" | "handled" | "own";
  readonly peer?: string;
  /** In words: `load gp -> 1`. */
  readonly text: string;
  /** The fences before it: `behind mb (E)`. */
  readonly behind: readonly string[];
  /** Earlier code of the thread that is still unperformed, in words. */
  readonly unperformed: readonly string[];
}

/** Where a thread that can't go on is stuck. */
export interface Stuck {
  readonly thread: string;
  readonly before: string;
}

/** A run of the machine as a list of events, in order. */
export interface MachineRun {
  readonly threads: readonly string[];
  readonly first: MachineState;
  readonly events: readonly MachineEvent[];
  /** What each thread that is not finished would do next. */
  readonly stuck: readonly Stuck[];
}

/** Reads a trace of the machine; undefined for one without states. */
export function readRun(trace: Trace, model: MachineModel): MachineRun | undefined {
  const states = trace.states.map(readState);
  const [first, last] = [states[0], states.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const threads = [...first.performed.keys()];
  const events = states
    .slice(1)
    .flatMap((after, i) => eventsOf(states[i] as MachineState, after, threads, model));
  return { threads, first, events, stuck: stuckThreads(last, threads, model.listing) };
}

function eventsOf(
  before: MachineState,
  after: MachineState,
  threads: readonly string[],
  { listing, handlerHasBarrier }: MachineModel,
): MachineEvent[] {
  const codeOf = (thread: string) => codeIn(after, thread, listing);
  const unperformed = (thread: string): string[] => {
    const done = after.performed.get(thread) ?? new Set();
    const last = Math.max(0, ...done);
    const open = codeOf(thread).filter((_, i) => i + 1 < last && !done.has(i + 1));
    return open.map(wordsOf);
  };

  const own = (thread: string, text: string): MachineEvent[] => [
    { thread, kind: "own", text, behind: [], unperformed: unperformed(thread) },
  ];
  const killed = after.dead.find((thread) => !before.dead.includes(thread));
  if (killed !== undefined) return own(killed, "is killed");
  const missed = after.missed.find((thread) => !before.missed.includes(thread));
  if (missed !== undefined)
    return own(missed, `its interrupts reach nobody${letterOf(openInterrupt(before, missed, listing))}`);

  // A thread takes an interrupt: it is new in `taken`, or it was the last one that was missing.
  for (const sender of threads) {
    const [was, is] = [before.taken.get(sender), after.taken.get(sender)];
    const completed = newPositions(before, after, sender).some((k) => codeOf(sender)[k - 1]?.op === "ipi");
    const scope = openInterrupt(before, sender, listing)?.scope ?? [];
    const reached = (thread: string) => thread !== sender && (scope.length === 0 || scope.includes(thread));
    const taker = completed
      ? threads.find((thread) => reached(thread) && !was?.has(thread))
      : threads.find((thread) => is?.has(thread) && !was?.has(thread));
    if (taker === undefined) continue;
    const letter = letterOf(openInterrupt(before, sender, listing));
    const how = handlerHasBarrier ? ": barrier" : ", without a barrier";
    const taken: MachineEvent = {
      thread: taker,
      kind: "interrupted",
      peer: sender,
      text: `interrupted by ${sender}${letter}${how}`,
      behind: [],
      unperformed: unperformed(taker),
    };
    const done: MachineEvent = {
      thread: sender,
      kind: "interrupts-done",
      text: `interrupts are done${letter}`,
      behind: [],
      unperformed: [],
    };
    return completed ? [taken, done] : [taken];
  }
  for (const thread of threads) {
    const position = newPositions(before, after, thread)[0];
    const instruction = position === undefined ? undefined : codeOf(thread)[position - 1];
    if (instruction === undefined) continue;
    const behind = instruction.fences
      .filter(({ text }) => text !== "barrier")
      .map((fence) => `behind ${fence.text}${letterOf(fence)}`);
    const text = performedWords(instruction, thread, codeOf(thread), before, after);
    const kind = kindOf(instruction, thread, before, after);
    const signal = kind === "signal" ? after.pending.find((s) => !before.pending.includes(s)) : undefined;
    const peer = signal?.split(" ")[0];
    return [
      {
        thread,
        kind,
        ...(peer !== undefined && { peer }),
        text,
        behind,
        unperformed: unperformed(thread),
      },
    ];
  }
  const handled = before.pending.find((signal) => !after.pending.includes(signal));
  if (handled === undefined) return [];
  const [thread = "", word = ""] = handled.split(" ");
  const does = handlerHasBarrier ? `barrier, ${word} <- 0, barrier` : `${word} <- 0, without a barrier`;
  return [
    {
      thread,
      kind: "handled",
      text: `handles a signal: ${does}`,
      behind: [],
      unperformed: unperformed(thread),
    },
  ];
}

function kindOf(
  i: Instruction,
  thread: string,
  before: MachineState,
  after: MachineState,
): MachineEvent["kind"] {
  const guard = before.register.get(thread)?.get(i.guard);
  if (i.guard !== "" && !i.given.includes(guard ?? Number.NaN)) return "own";
  if (i.op === "store" || i.op === "swap") return "write";
  if (i.op === "kill") return after.pending.length > before.pending.length ? "signal" : "own";
  if (i.op !== "load" && i.op !== "await") return "own";
  // A value forwarded from the thread's own store has not been in memory.
  return i.from.some((k) => !before.performed.get(thread)?.has(k)) ? "own" : "read";
}

/** Where the threads are in a deadlock. */
function stuckThreads(last: MachineState, threads: readonly string[], listing: Listing): Stuck[] {
  return threads.flatMap((thread) => {
    const next = firstOpen(last, thread, listing);
    return next === undefined ? [] : [{ thread, before: wordsOf(next) }];
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
