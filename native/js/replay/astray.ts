import { edgesOut, type Plan } from "../../../conformance/contract/plan.js";
import type { DriveFailure } from "../addon.js";

/**
 * Whether what was seen at a failure is what the specification allows, too, in which case nobody is to blame: where a
 * step has a choice, the plan has made it, and tells the target by what the hook returns; one that doesn't listen and
 * chooses otherwise has only left the path. The states that it could be in are all that the same steps lead to, and that
 * looked the same until then. (Ours listen, so with them such a difference is a fault.)
 *
 * @returns what happened, as a clause; undefined: it is a failure
 */
export function astray(
  { path, move, expected, actual, probe }: DriveFailure,
  plan: Plan,
): string | undefined {
  const moves = (plan.paths[path]?.slice(0, move + 1) ?? []).flatMap((number) => {
    const edge = plan.edges[number];
    return edge === undefined ? [] : [edge];
  });
  const last = moves.at(-1);
  if (probe !== undefined || last === undefined || move !== moves.length - 1 || !expected || !actual)
    return undefined;
  const look = (state: number): string => String(plan.states[state]);
  // Where it had changed something before its step, it was compared with the state before.
  if (look(last[3]) !== String(expected)) return undefined;
  const out = edgesOut(plan);
  const begun = look(moves[0]?.[0] ?? -1);
  let could = new Set(plan.initial.filter((state) => look(state) === begun));
  for (const [i, [, lane, step, to]] of moves.entries()) {
    const sight = i === move ? String(actual) : look(to);
    const next = new Set<number>();
    for (const state of could)
      for (const edge of out[state] ?? []) {
        const [, taker, taken, led] = plan.edges[edge] ?? [0, -1, -1, 0];
        if (taker === lane && taken === step && look(led) === sight) next.add(led);
      }
    could = next;
  }
  if (could.size === 0) return undefined;
  const [, lane, step] = last;
  return (
    `after ${plan.steps[step]?.name} of ${plan.lanes[lane]?.name} it is in another state than the plan's that the ` +
    "specification allows, too; a target chooses by the words that the hook returns (native/replay/target.h)"
  );
}
