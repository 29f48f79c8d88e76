import type { Trace, TraceAction, TraceState } from "../../../spec/tlc/output/trace.js";
import { printValue } from "../../../spec/tlc/value/value.js";
import { printChange } from "../../../spec/tlc/value/value-change.js";
import { equalValues, type Value } from "../../../spec/tlc/value/value-tree.js";
import { type Lanes, NO_LANES } from "./lanes.js";
import { type ThreadRow, threadTable } from "./thread-table.js";
import { changesIn, findThreads, type TraceStep } from "./trace-threads.js";

export { type ThreadRow, type ThreadTableOptions, threadTable } from "./thread-table.js";

/**
 * Shows a counterexample of any specification: the first state whole, then for each step its action and what
 * it changed, element by element. Steps have TLC's numbers of the states that they lead to. Where the trace
 * has threads, each has a column. Plain text, at most 100 columns wide unless a value has no place to break.
 */
export function explainTrace(trace: Trace, lanes: Lanes = NO_LANES): string {
  const { states, end } = trace;
  const found = findThreads(states, lanes);
  const isThread = (key: Value) => found?.threads.some((t) => equalValues(t, key)) ?? false;

  const nobody = lanes.other === undefined ? "of no one thread" : `of ${lanes.other}`;
  const rowOf = (
    step: TraceStep,
    action: TraceAction | undefined,
    number: ThreadRow["number"],
  ): ThreadRow => {
    const changes = changesIn(step).map((change) => printChange(change, isThread));
    const column = found?.threadOf(step) ?? "all";
    return {
      column,
      // It starts in the first thread's column, so it has to say that it is not that thread's.
      text: found !== undefined && column === "all" ? `${nameOf(action)} (${nobody})` : nameOf(action),
      below: changes.length > 0 ? changes : ["nothing changes"],
      ...(number !== undefined && { number }),
    };
  };

  const rows: ThreadRow[] = [];
  for (const [i, after] of states.entries()) {
    const before = states[i - 1];
    rows.push(before === undefined ? start(after) : rowOf({ before, after }, after.action, after.number));
  }
  const last = states.at(-1);
  if (end.kind === "stuttering") {
    rows.push({ column: "all", text: "and nothing happens any more, for ever (stuttering)", number: "..." });
  } else if (end.kind === "lasso" && last !== undefined) {
    const target = states.find((s) => s.number === end.backTo);
    if (target !== undefined && end.action !== undefined) {
      rows.push(
        rowOf({ before: last, after: { ...target, action: end.action } }, end.action, last.number + 1),
      );
    }
    rows.push({ column: "all", text: `and again from ${end.backTo}, for ever`, number: "..." });
  }
  return threadTable(found?.titles ?? [], rows);
}

function start(state: TraceState): ThreadRow {
  const below = [...state.variables].map(([name, value]) => `${name} = ${printValue(value)}`);
  return { column: "all", text: "at the start", below, number: state.number };
}

/** `Step(r1, 2)` where the arguments are known. */
export function nameOf(action: TraceAction | undefined): string {
  if (action === undefined) return "a step";
  if (action.context !== undefined) return `${action.name}(${action.context})`;
  const { location } = action;
  // An action without its own name is identified by its place.
  return action.name === "Action" && location ? `Action on line ${location.line}` : action.name;
}
