import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { type CheckOptions, checkClaims } from "../../../spec/tlc/decide/check.js";
import type { Tools } from "../../../spec/tlc/tools/tools.js";
import { unlessInterrupted } from "../../base/interrupted.js";
import { tell } from "../counterexample/counterexample.js";
import { type Cell, cellName } from "../necessity/cells.js";
import { groupsOfAll } from "../necessity/groups.js";
import { claimOfCell } from "../necessity/single.js";
import type { Finding } from "./results.js";
import { statesOf } from "./trace-states.js";

/** How a cell breaks: a run to step through, or a text where none can be drawn. */
export type CellRun = Pick<Finding, "run" | "detail"> & {
  /** The cell whose run it is: one of a stronger memory order, if that breaks in the same way. */
  readonly of: Cell;
};

/** What the runs are asked of TLC with; `onRun` is called with their claims before. */
export interface CellRunsOptions extends CheckOptions {
  readonly signal: AbortSignal;
  readonly onRun?: (claims: readonly Claim[]) => void;
}

/**
 * The counterexamples of the cells that break, by the cells' names: one run of TLC, or a cached one, for the cells of a
 * row that break in the same way. When it is interrupted, those that were found by then.
 *
 * @param spec the folder `spec`, with the modules that the cells are asked of
 */
export async function cellRuns(
  cells: readonly Cell[],
  spec: string,
  tools: Tools,
  { onRun, onEvent, ...options }: CellRunsOptions,
): Promise<ReadonlyMap<string, CellRun>> {
  const groups = new Map(groupsOfAll(cells).map((group) => [claimOfCell(group[0], spec).id, group]));
  const claims = [...groups.values()].map(([first]) => claimOfCell(first, spec));
  const runs = new Map<string, CellRun>();
  const telling: Promise<void>[] = [];
  onRun?.(claims);
  await unlessInterrupted(options.signal, () =>
    checkClaims(claims, tools, {
      ...options,
      onEvent: (event) => {
        onEvent?.(event);
        if (event.kind !== "finished" || event.result.verdict !== "violated") return;
        const { result } = event;
        const group = groups.get(result.claim.id) ?? [];
        telling.push(
          tell(result).then((told) => {
            const trace = result.report?.trace;
            const [of] = group;
            if (told === undefined || trace === undefined || of === undefined) return;
            const { sequence, table, ofMachine } = told;
            const run = sequence && { sequence, states: ofMachine ? [] : statesOf(trace) };
            for (const cell of group)
              runs.set(cellName(cell), { of, ...(run === undefined ? { detail: table } : { run }) });
          }),
        );
      },
    }),
  );
  await Promise.all(telling);
  return runs;
}
