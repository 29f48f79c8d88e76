import type { Trace, TraceAction, TraceState } from "../../../spec/tlc/output/trace.js";
import { printValue } from "../../../spec/tlc/value/value.js";
import { printChange } from "../../../spec/tlc/value/value-change.js";
import { equalValues, type Value } from "../../../spec/tlc/value/value-tree.js";
import { type Lanes, NO_LANES, type TraceStep } from "./lanes.js";
import { type ThreadRow, threadTable } from "./thread-table.js";
import { changesIn, findThreads } from "./trace-threads.js";

export { type ThreadRow, type ThreadTableOptions, threadTable } from "./thread-table.js";

/**
 * Shows a counterexample of any specification: the first state whole, then for each step its action and what
 * it changed, element by element. Steps have TLC's numbers of the states that they lead to. Where the trace
 * has threads, each has a column. Of a long one, the middle is left out unless it is asked for in `full`. Plain text, at most 100 columns wide unless a value has no place to break.
 */
export function explainTrace(trace: Trace, lanes: Lanes = NO_LANES, full = false): string {
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
  const kept = full ? rows : fold(rows, end.kind === "lasso" ? end.backTo : undefined);
  return threadTable(found?.titles ?? [], kept);
}

/** More steps than this are folded: their beginning and their end are kept. */
const MOST_STEPS = 120;
const FIRST_STEPS = 40;
const LAST_STEPS = 40;

/** The rows without their middle, which a row counts; the one that a run comes back to is kept. */
function fold(rows: readonly ThreadRow[], backTo: number | undefined): readonly ThreadRow[] {
  if (rows.length <= MOST_STEPS) return rows;
  const leftOut = (count: number): ThreadRow[] => {
    const steps = `${count.toLocaleString("en-US")} ${count === 1 ? "step" : "steps"}`;
    return count === 0
      ? []
      : [{ column: "all", text: `... ${steps} (--full-trace shows them) ...`, number: "" }];
  };
  const last = rows.length - LAST_STEPS;
  const at = rows.findIndex(({ number }) => number === backTo);
  const target = backTo !== undefined && at >= FIRST_STEPS && at < last ? at : undefined;
  const middle =
    target === undefined
      ? leftOut(last - FIRST_STEPS)
      : [...leftOut(target - FIRST_STEPS), ...rows.slice(target, target + 1), ...leftOut(last - target - 1)];
  return [...rows.slice(0, FIRST_STEPS), ...middle, ...rows.slice(last)];
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
