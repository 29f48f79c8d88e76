import { type Plan, startOf, wordsAt } from "../contract/plan.js";
import type { Ask } from "./driver.js";
import type { Message } from "./messages.js";
import type { Graph } from "./track.js";

/** A step of a lane that the specification doesn't allow in a state. */
export interface Probe {
  readonly lane: number;
  readonly step: number;
}

/** What to ask for in vain before a move of a path; the move behind the last is the path's end. */
export type Probes = (path: number, move: number) => readonly Probe[];

/** Something that a driver is asked for on a path. */
export type Item =
  | { readonly what: "begin"; readonly move: number }
  | { readonly what: "end"; readonly move: number }
  | { readonly what: "probe"; readonly move: number; readonly probe: Probe }
  | { readonly what: "step"; readonly move: number; readonly edge: number };

/** All that a driver is asked for on a path, in its order. */
export function itemsOf(path: number, graph: Graph, probes: Probes): Item[] {
  const edges = graph.plan.paths[path] ?? [];
  const asked = (move: number): Item[] => probes(path, move).map((probe) => ({ what: "probe", move, probe }));
  return [
    { what: "begin", move: -1 },
    ...edges.flatMap((edge, move): Item[] => [
      ...asked(move),
      ...(graph.isHidden(edge) ? [] : [{ what: "step" as const, move, edge }]),
    ]),
    ...asked(edges.length),
    { what: "end", move: edges.length },
  ];
}

/** A step of a lane as a driver is asked for it. */
function askOf(plan: Plan, lane: number, step: number): Ask {
  const { kind = "", value = null } = plan.lanes[lane] ?? {};
  const { name = "", with: given = {} } = plan.steps[step] ?? {};
  return { step: name, kind, lane: value, with: given };
}

/** An item as a driver is told it. */
export function messageOf(item: Item, plan: Plan, path: number): Message {
  switch (item.what) {
    case "end":
      return { do: "end" };
    case "begin":
      return {
        do: "begin",
        claim: plan.claim,
        constants: plan.constants,
        // The environment is nobody: a step of its own has the lane null.
        lanes: plan.lanes.filter(({ value }) => value !== null).map(({ kind, value }) => ({ kind, value })),
        words: plan.words,
        start: wordsAt(plan, startOf(plan, path)),
      };
    case "probe":
      return { do: "step", ...askOf(plan, item.probe.lane, item.probe.step) };
    case "step": {
      const [, lane, step] = plan.edges[item.edge] ?? [0, 0, 0];
      return { do: "step", ...askOf(plan, lane, step) };
    }
  }
}
