import { messageOf } from "../../../spec/tlc/base/errors.js";
import { inParallel } from "../../../spec/tlc/base/pool.js";
import type { Tools } from "../../../spec/tlc/tools/tools.js";
import { cores } from "../../base/cores.js";
import { unlessInterrupted } from "../../base/interrupted.js";
import type { Progress } from "../../base/terminal.js";
import { dumpSmallGraph } from "../../plan/dump.js";
import type { CheckRow } from "../check/run.js";
import { graphView } from "./graph.js";
import type { Finding } from "./results.js";

/** A larger graph is not put into a page, nor more than so many states of all of them. */
export const MOST_STATES = 20_000;
const MOST_EDGES = 200_000;
const MOST_IN_ALL = 200_000;

/** A graph of a claim, or why there is none. */
export type ClaimGraph = Pick<Finding, "graph" | "graphNote">;

export interface GraphOptions {
  readonly tools: Tools;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly timeoutMs?: number | undefined;
}

/** The state graphs of claims, by their rows: TLC runs once more for each, whatever is claimed of it. */
export async function claimGraphs(
  rows: readonly CheckRow[],
  { tools, signal, progress, timeoutMs }: GraphOptions,
): Promise<ReadonlyMap<CheckRow, ClaimGraph>> {
  const found = new Map<CheckRow, ClaimGraph>();
  let room = MOST_IN_ALL;
  let done = 0;
  const tell = (): void => {
    const text = `State graphs  ${done} of ${rows.length}`;
    progress.update([text], text);
  };
  tell();
  try {
    await inParallel(rows, cores(), async (row) => {
      const one =
        room <= 0
          ? note(`the page has ${count(MOST_IN_ALL)} states of other claims already: ask for fewer`)
          : await graphOf(row, { tools, signal, progress, timeoutMs });
      room -= one.graph?.states.length ?? 0;
      found.set(row, one);
      done++;
      tell();
    });
  } finally {
    progress.done();
  }
  return found;
}

async function graphOf(row: CheckRow, { tools, signal, timeoutMs }: GraphOptions): Promise<ClaimGraph> {
  const { claim, result } = row;
  // Of what is violated, TLC has seen a part.
  const isWhole = row.verdict === "holds" || row.verdict === "forbidden";
  if (isWhole && row.states >= MOST_STATES) return note(tooLarge(`${count(row.states)} states`));
  if (claim.run?.mode !== undefined)
    return note("the claim is decided by a search that does not see all states");
  try {
    const dumped = await unlessInterrupted(signal, () =>
      dumpSmallGraph({
        model: claim,
        tools,
        most: MOST_STATES,
        signal,
        ...(timeoutMs !== undefined && { timeoutMs }),
      }),
    );
    if (dumped === undefined)
      return note(
        signal.aborted ? "the run was interrupted" : tooLarge(`${count(MOST_STATES)} states or more`),
      );
    if (dumped.edges.length > MOST_EDGES) return note(tooLarge(`${count(dumped.edges.length)} steps`));
    const trace = result?.report?.trace;
    const graph = graphView(dumped, trace);
    const lost = trace !== undefined && graph.path?.length !== trace.states.length;
    return {
      graph,
      ...(lost && {
        graphNote:
          "The graph lacks states of the counterexample: a constraint, a VIEW or an ALIAS makes them others.",
      }),
    };
  } catch (error) {
    // The verdict stands without its graph.
    return note(messageOf(error));
  }
}

function note(why: string): ClaimGraph {
  return { graphNote: `No state graph to explore: ${why}.` };
}

function tooLarge(size: string): string {
  return `it has ${size}; a page has up to ${count(MOST_STATES)} states and ${count(MOST_EDGES)} steps of a claim. Smaller constants give a smaller one`;
}

function count(n: number): string {
  return n.toLocaleString("en-US");
}
