import type { Json } from "./json.js";

/** Who takes steps: a thread of the specification, or its environment. */
export interface Lane {
  /** Its kind, as the contract calls it. */
  readonly kind: string;
  /** For a person: "reader 1"; without a number where there is only one of its kind. */
  readonly name: string;
  /** The element of its set; null for the environment. */
  readonly value: Json;
}

/** A step that a driver may be asked for. */
export interface PlanStep {
  /** The action's name. */
  readonly name: string;
  /** Its parameters, without the lane. */
  readonly with: { readonly [parameter: string]: Json };
  /** Nobody is asked for it: the implementation takes it by itself, at any time or before anything else. */
  readonly hidden?: "later" | "urgent";
  /** A driver has to refuse it where the specification doesn't allow it. */
  readonly refusable?: true;
}

/** The words of one kind, which follow each other in a state. */
export interface WordGroup {
  readonly name: string;
  readonly first: number;
  readonly count: number;
}

/**
 * The state graph of a step-level specification as a driver sees it, and paths that take all of its edges. One schema for
 * every specification and every driver; the contract beside the specification says what the words mean.
 */
export interface Plan {
  readonly format: 3;
  /** The id of the claim whose model it is. */
  readonly claim: string;
  /** The name of its module. */
  readonly module: string;
  /** The sha256 of everything that the plan was made from. */
  readonly source: string;
  /** The constants that the configuration assigns numbers, strings or sets to. */
  readonly constants: { readonly [name: string]: Json };
  readonly lanes: readonly Lane[];
  /** By id. Step 0 is "Idle": no edge takes it. */
  readonly steps: readonly PlanStep[];
  /** The names of a state's words, in their order. */
  readonly words: readonly string[];
  readonly groups: readonly WordGroup[];
  /**
   * The first of the words that say where each lane stands: the id of the step that comes next, IDLE, or ASLEEP. They are
   * the last words, one a lane. -1: the contract has no positions.
   */
  readonly positions: number;
  readonly states: readonly (readonly Json[])[];
  /** Each step of a lane that a driver has to refuse wherever no edge takes it. */
  readonly refusable: readonly (readonly [lane: number, step: number])[];
  /** Indices of the states that a path may start in. */
  readonly initial: readonly number[];
  /** Each: the state that it leaves, the lane, the step, the state that it leads to. */
  readonly edges: readonly (readonly [from: number, lane: number, step: number, to: number])[];
  /** Each: indices of edges, from an initial state on. */
  readonly paths: readonly (readonly number[])[];
}

/** The position of a lane between operations. */
export const IDLE = 0;
/** The position of a lane while it is blocked. */
export const ASLEEP = -1;

/** A step with its parameters, for a person: `Put(v = 2)`. */
export function stepText({ name, with: given }: PlanStep): string {
  const parameters = Object.entries(given).map(
    ([parameter, value]) => `${parameter} = ${JSON.stringify(value)}`,
  );
  return parameters.length === 0 ? name : `${name}(${parameters.join(", ")})`;
}

/** The words of a state by name. */
export function wordsAt(
  plan: Pick<Plan, "words" | "states">,
  state: number,
): { readonly [word: string]: Json } {
  return Object.fromEntries(plan.words.map((word, i) => [word, plan.states[state]?.[i] ?? null]));
}

/** The indices of the edges that leave each state. */
export function edgesOut({ states, edges }: Pick<Plan, "states" | "edges">): number[][] {
  const out: number[][] = states.map(() => []);
  edges.forEach(([from], edge) => {
    out[from]?.push(edge);
  });
  return out;
}

/** Which state a path starts in. */
export function startOf(plan: Plan, path: number): number {
  return plan.edges[plan.paths[path]?.[0] ?? -1]?.[0] ?? plan.initial[0] ?? 0;
}
