import { readFileSync } from "node:fs";
import { BadInputError, messageOf } from "../../spec/tlc/base/errors.js";
import { canonical, type Json } from "../contract/json.js";
import { edgesOut, type Plan, wordsAt } from "../contract/plan.js";
import type { FailureKind } from "../contract/result.js";
import type { Trail } from "./shorten.js";
import { trailDiagram } from "./show.js";

/** A step as a file has it: by names, so that it means the same in another edition of the plan. */
interface NamedStep {
  readonly lane: string;
  readonly step: string;
  readonly with: { readonly [parameter: string]: Json };
  /** The words afterwards. */
  readonly words: { readonly [word: string]: Json };
}

/** A failure that can be replayed: `quiesce conform --replay FILE`. */
export interface FailureFile {
  readonly format: 1;
  readonly claim: string;
  readonly contract?: string;
  readonly driver: string;
  readonly kind: FailureKind;
  readonly message: string;
  readonly steps: readonly NamedStep[];
  /** The step that was asked for at their end, in vain or rather not. */
  readonly asked?: Omit<NamedStep, "words">;
  /** For a person: Mermaid. */
  readonly diagram: string;
}

/** @param from how the run was asked for, so that the file says it, too */
export function failureFile(
  plan: Plan,
  trail: Trail,
  from: { readonly claim: string; readonly contract?: string; readonly driver: string },
): FailureFile {
  const { failure, edges } = trail;
  const named = (lane: number, step: number): Omit<NamedStep, "words"> => {
    const { name = "?", with: given = {} } = plan.steps[step] ?? {};
    return { lane: plan.lanes[lane]?.name ?? "?", step: name, with: given };
  };
  return {
    format: 1,
    ...from,
    kind: failure.kind,
    message: failure.message,
    steps: edges.map((edge) => {
      const [, lane = 0, step = 0, to = 0] = plan.edges[edge] ?? [];
      return { ...named(lane, step), words: wordsAt(plan, to) };
    }),
    ...(failure.probe !== undefined && { asked: named(failure.probe.lane, failure.probe.step) }),
    diagram: trailDiagram(plan, trail),
  };
}

/** @throws BadInputError when it is no such file */
export function readFailureFile(file: string): FailureFile {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new BadInputError(`cannot read the failure: ${messageOf(error)}`, { where: file });
  }
  const failure = value as Partial<FailureFile> | null;
  if (
    typeof failure === "object" &&
    failure?.format === 1 &&
    typeof failure.claim === "string" &&
    Array.isArray(failure.steps)
  )
    return failure as FailureFile;
  throw new BadInputError("it is no failure that `quiesce conform` has saved", { where: file });
}

/**
 * A plan of one path alone, the file's, in the graph as it is now.
 *
 * @throws BadInputError when the specification does not have these steps any more
 */
export function planAlong(plan: Plan, { steps, asked }: FailureFile, file: string): Plan {
  const out = edgesOut(plan);
  /** Each state that the steps so far may have led to, and the edges that lead there. */
  let reached = new Map<number, readonly number[]>(plan.initial.map((state) => [state, []]));
  for (const [i, named] of steps.entries()) {
    const next = new Map<number, readonly number[]>();
    for (const [state, way] of reached)
      for (const edge of out[state] ?? []) {
        const [, lane, step, to] = plan.edges[edge] ?? [0, 0, 0, 0];
        const fits =
          plan.lanes[lane]?.name === named.lane &&
          plan.steps[step]?.name === named.step &&
          canonical(plan.steps[step]?.with ?? {}) === canonical(named.with) &&
          Object.entries(named.words).every(([word, value]) => {
            const at = plan.words.indexOf(word);
            return at >= plan.positions && plan.positions >= 0
              ? true
              : canonical(plan.states[to]?.[at] ?? null) === canonical(value);
          });
        if (fits && !next.has(to)) next.set(to, [...way, edge]);
      }
    if (next.size === 0)
      throw new BadInputError(
        `the specification has no step ${i + 1}, ${named.step} of ${named.lane}, any more`,
        {
          where: file,
        },
      );
    reached = next;
  }
  const [way = []] = reached.values();
  const lane = plan.lanes.findIndex(({ name }) => name === asked?.lane);
  const step = plan.steps.findIndex(
    ({ name, with: given }) =>
      asked !== undefined && name === asked.step && canonical(given) === canonical(asked.with),
  );
  return { ...plan, paths: [way], refusable: lane >= 0 && step >= 0 ? [[lane, step]] : [] };
}
