import { BadInputError, messageOf } from "../../spec/tlc/base/errors.js";
import { readTextInput } from "../../spec/tlc/base/text-file.js";
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
  /** The words of the state that it begins in; files from before have none. */
  readonly start?: { readonly [word: string]: Json };
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
    start: wordsAt(plan, startOfTrail(plan, trail)),
    steps: edges.map((edge) => {
      const [, lane = 0, step = 0, to = 0] = plan.edges[edge] ?? [];
      return { ...named(lane, step), words: wordsAt(plan, to) };
    }),
    ...(failure.probe !== undefined && { asked: named(failure.probe.lane, failure.probe.step) }),
    diagram: trailDiagram(plan, trail),
  };
}

function startOfTrail(plan: Plan, { failure, edges }: Trail): number {
  const [first = -1] = failure.along ?? plan.paths[failure.path] ?? edges;
  return plan.edges[edges[0] ?? first]?.[0] ?? failure.start ?? plan.initial[0] ?? 0;
}

function isFailure(value: unknown): value is FailureFile {
  if (!isObject(value)) return false;
  const { format, claim, contract = "", driver, start = {}, steps, asked } = value;
  const isNamed = (one: unknown): boolean =>
    isObject(one) &&
    typeof one["lane"] === "string" &&
    typeof one["step"] === "string" &&
    isObject(one["with"]);
  return (
    format === 1 &&
    [claim, contract, driver].every((text) => typeof text === "string") &&
    isObject(start) &&
    Array.isArray(steps) &&
    steps.every((one: unknown) => isNamed(one) && isObject(one) && isObject(one["words"])) &&
    (asked === undefined || isNamed(asked))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A failure has the words of each of its steps, so it may be long. */
const LONGEST = 1 << 28;

/** @throws BadInputError when it is no such file */
export function readFailureFile(file: string): FailureFile {
  const text = readTextInput(file, LONGEST, "the failure");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadInputError(`cannot read the failure: it is not JSON: ${messageOf(error)}`, { where: file });
  }
  if (isFailure(value)) return value;
  throw new BadInputError("it is no failure that `quiesce conform` has saved", { where: file });
}

/**
 * A plan of one path alone, the file's, in the graph as it is now.
 *
 * @throws BadInputError when the specification does not have these steps any more
 */
export function planAlong(plan: Plan, { start, steps, asked }: FailureFile, file: string): Plan {
  const out = edgesOut(plan);
  const shows = (state: number, words: NamedStep["words"]): boolean =>
    Object.entries(words).every(([word, value]) => {
      const at = plan.words.indexOf(word);
      return at >= plan.positions && plan.positions >= 0
        ? true
        : canonical(plan.states[state]?.[at] ?? null) === canonical(value);
    });
  const initial = plan.initial.filter((state) => start === undefined || shows(state, start));
  if (initial.length === 0)
    throw new BadInputError("the specification does not begin in this state any more", { where: file });
  /** Each state that the steps so far may have led to, and the edges that lead there. */
  let reached = new Map<number, readonly number[]>(initial.map((state) => [state, []]));
  for (const [i, named] of steps.entries()) {
    const next = new Map<number, readonly number[]>();
    for (const [state, way] of reached)
      for (const edge of out[state] ?? []) {
        const [, lane, step, to] = plan.edges[edge] ?? [0, 0, 0, 0];
        const fits =
          plan.lanes[lane]?.name === named.lane &&
          plan.steps[step]?.name === named.step &&
          canonical(plan.steps[step]?.with ?? {}) === canonical(named.with) &&
          shows(to, named.words);
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
  return { ...plan, initial, paths: [way], refusable: lane >= 0 && step >= 0 ? [[lane, step]] : [] };
}
