import type { Trace } from "../../../spec/tlc/output/trace.js";
import { type MachineEvent, type MachineModel, readRun } from "./machine-events.js";
import type { TraceEnding } from "./machine-table.js";
import type { Sequence, SequenceMessage, SequenceNote, SequenceStep } from "./sequence.js";

/**
 * A counterexample of the machine as a sequence: threads around the memory, loads and stores as messages from and to
 * it, interrupts and signals as messages between threads; and the thread's earlier code that is still unperformed as a
 * note, whenever that changes.
 */
export function machineSequence(
  trace: Trace,
  model: MachineModel,
  ending: TraceEnding,
): Sequence | undefined {
  const run = readRun(trace, model);
  if (run === undefined) return undefined;
  // The memory stands in the middle, so that few arrows cross a thread's line.
  const middle = Math.ceil(run.threads.length / 2);
  const participants = [...run.threads.slice(0, middle), "memory", ...run.threads.slice(middle)];
  const memory = middle;
  const place = (thread: string): number => {
    const i = run.threads.indexOf(thread);
    return i < middle ? i : i + 1;
  };
  const told = new Map<string, string>();

  const stepOf = (event: MachineEvent, number: number): SequenceStep => {
    const notes: SequenceNote[] = [];
    const open = event.unperformed.map((words) => `not yet: ${words}`);
    const text = open.join("\n");
    // At an interrupt, what is still unperformed always matters.
    if (open.length > 0 && (told.get(event.thread) !== text || event.kind === "interrupted"))
      notes.push({ over: place(event.thread), lines: open });
    told.set(event.thread, text);
    return [lineOf(event, number, place, memory), ...notes];
  };
  return {
    participants,
    steps: run.events.map((event, i) => stepOf(event, i + 1)),
    after: [
      ...(ending === "deadlock"
        ? run.stuck.map(({ thread, before }) => ({
            over: place(thread),
            lines: [`stuck before: ${before}`],
          }))
        : []),
      ...(ending !== "deadlock" && trace.end.kind !== "finite"
        ? [{ lines: ["and nothing more happens"] }]
        : []),
    ],
    broken: ending === "deadlock" ? "deadlock: nobody can take a step, for ever" : ending.broken,
  };
}

function lineOf(
  { thread, kind, peer, text, behind }: MachineEvent,
  number: number,
  place: (thread: string) => number,
  memory: number,
): SequenceMessage | SequenceNote {
  const lines = [`${number}. ${text}`, ...behind];
  const own = place(thread);
  const other = peer === undefined ? own : place(peer);
  switch (kind) {
    case "read":
      return { from: memory, to: own, arrow: "back", lines };
    case "write":
    case "handled":
      return { from: own, to: memory, arrow: "to", lines };
    case "signal":
      return { from: own, to: other, arrow: "sent", lines };
    case "interrupted":
      return { from: other, to: own, arrow: "sent", lines };
    default:
      return { over: own, lines };
  }
}
