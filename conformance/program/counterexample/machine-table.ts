import type { Trace } from "../../../spec/tlc/output/trace.js";
import { type ThreadRow, threadTable } from "./explain.js";
import { type MachineModel, readRun } from "./machine-events.js";
import { codeAsCompiled } from "./machine-words.js";

export type { MachineModel } from "./machine-events.js";

/** How the trace ends: with a broken promise, in words, or in a state that nothing leads out of. */
export type TraceEnding = { readonly broken: string } | "deadlock";

/**
 * A counterexample of the machine as a table of threads by steps: what each step read or wrote, its letter, the fences
 * before it, and the thread's earlier code that is still unperformed.
 */
export function machineTable(trace: Trace, model: MachineModel, ending: TraceEnding): string {
  const run = readRun(trace, model);
  if (run === undefined) return "";
  const { threads } = run;
  const rows = run.events.map((event, i): ThreadRow => {
    const below = [...event.behind, ...event.unperformed.map((words) => `not yet: ${words}`)];
    return {
      column: threads.indexOf(event.thread),
      text: event.text,
      number: i + 1,
      ...(below.length > 0 && { below }),
    };
  });
  const end = (text: string): ThreadRow => ({ column: "all", text, number: "" });
  const stays: ThreadRow[] =
    trace.end.kind === "finite" ? [] : [{ column: "all", text: "and nothing more happens", number: "..." }];
  const stuck = run.stuck.map(({ thread, before }) => ({
    column: threads.indexOf(thread),
    text: `stuck before: ${before}`,
    number: "...",
  }));
  const ends =
    ending === "deadlock"
      ? [...stuck, end("✗ deadlock: nobody can take a step, for ever")]
      : [...stays, end(`✗ ${ending.broken}`)];
  return `${codeAsCompiled(run.first, threads, model.listing)}\n\n${threadTable(threads, [...rows, ...ends])}`;
}
