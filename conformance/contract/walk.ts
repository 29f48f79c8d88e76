import { BadInputError } from "../../spec/tlc/base/errors.js";
import type { Json } from "./json.js";
import { ASLEEP, IDLE, type Plan, stepText } from "./plan.js";

/** A plan that a driver of threads can't follow (exit code 2); `where` is the offending part of it: `paths[3][12]`. */
export class BadPlanError extends BadInputError {}

/** A plan's paths as whole numbers, one after another: for a driver that looks at numbers only. */
export interface Walk {
  readonly lanes: number;
  /** How many words a state has. */
  readonly words: number;
  /** The first of the words that say where each lane stands. */
  readonly positions: number;
  /** The words of the states, once for those that look the same. */
  readonly states: Int32Array;
  /** The state that each path starts in. */
  readonly starts: Int32Array;
  /** Where each path's moves begin in `moves`, and at last where they end; counted in moves. */
  readonly offsets: Int32Array;
  /** Triples: lane, step, the state that it leads to. */
  readonly moves: Int32Array;
}

/** Encoding a plan takes a second, and each mutant of an implementation is driven along the same one. */
const made = new WeakMap<Plan, Walk>();

/**
 * Encodes a plan, checked so far that following it can't read outside of it, and that no lane has to take a step that it
 * doesn't stand before.
 *
 * @throws BadPlanError
 */
export function walkOf(plan: Plan): Walk {
  const walk = made.get(plan) ?? encode(plan);
  made.set(plan, walk);
  return walk;
}

function encode(plan: Plan): Walk {
  const { format, lanes, words, positions } = plan;
  if (format !== 3)
    throw bad(
      "format",
      `it has format ${String(format)}, the driver knows 3`,
      "Make it again: npm run generate",
    );
  checkShape(plan);
  checkSteps(plan);
  const { states, rows } = seenStates(plan);
  const row = (state: number): number => rows[state] ?? 0;
  const starts = new Int32Array(plan.paths.length);
  const offsets = new Int32Array(plan.paths.length + 1);
  plan.paths.forEach((path, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + path.length;
  });
  const moves = new Int32Array((offsets.at(-1) ?? 0) * 3);
  const standing = (state: number, lane: number): number =>
    states[row(state) * words.length + positions + lane] ?? IDLE;
  plan.paths.forEach((path, i) => {
    let state = plan.edges[path[0] ?? -1]?.[0] ?? plan.initial[0] ?? -1;
    if (!isIndex(state, plan.states)) throw bad(`paths[${i}]`, "it starts in no state");
    starts[i] = row(state);
    path.forEach((number, k) => {
      const where = `paths[${i}][${k}]`;
      const edge = plan.edges[number];
      if (edge === undefined) throw bad(where, `there is no edge ${number}`);
      const [from, lane, step, to] = edge;
      if (from !== state)
        throw bad(where, `edge ${number} leaves state ${from}, and the path is in state ${state}`);
      if (!isIndex(lane, lanes)) throw bad(where, `there is no lane ${lane}`);
      if (!isIndex(step, plan.steps) || step === IDLE) throw bad(where, `there is no step ${step}`);
      if (!isIndex(to, plan.states)) throw bad(where, `there is no state ${to}`);
      const at = standing(state, lane);
      if (at !== IDLE && at !== step)
        throw bad(
          where,
          `${lanes[lane]?.name} ${at === ASLEEP ? "is asleep" : `stands before ${nameOf(plan, at)}`} and can't take ` +
            `the step ${nameOf(plan, step)}`,
        );
      moves.set([lane, step, row(to)], ((offsets[i] ?? 0) + k) * 3);
      state = to;
    });
  });
  return { lanes: lanes.length, words: words.length, positions, states, starts, offsets, moves };
}

/** The words of states, once for all that look the same, and which of them are each state's. */
interface SeenStates {
  readonly states: Int32Array;
  readonly rows: Int32Array;
}

/** The parts of a plan that tests walk have its states in common. */
const looked = new WeakMap<Plan["states"], SeenStates>();

/** The words of the states, once for all that look the same: less to fetch at each step. */
function seenStates(plan: Plan): SeenStates {
  const seen = looked.get(plan.states) ?? lookAt(plan);
  looked.set(plan.states, seen);
  return seen;
}

function lookAt({ states, words }: Plan): SeenStates {
  const rows = new Int32Array(states.length);
  const known = new Map<string, number>();
  const all = new Int32Array(states.length * words.length);
  states.forEach((values, i) => {
    if (values.length !== words.length)
      throw bad(`states[${i}]`, `it has ${values.length} values for ${words.length} words`);
    const key = values.join(" ");
    const row = known.get(key) ?? known.size;
    rows[i] = row;
    if (known.has(key)) return;
    known.set(key, row);
    values.forEach((value, k) => {
      all[row * words.length + k] = whole(value, `states[${i}]`, words[k] ?? "");
    });
  });
  return { states: all.slice(0, known.size * words.length), rows };
}

/** The number of each state's words in `Walk.states`: the same for states that look the same. */
export function rowsOf(plan: Plan): Int32Array {
  return seenStates(plan).rows;
}

/** How many lanes of a kind there are. */
export function lanesOf(plan: Pick<Plan, "lanes">, kind: string): number {
  return plan.lanes.filter((lane) => lane.kind === kind).length;
}

/** The number of a group's words; 0 when there is no such group. */
export function wordsOf(plan: Pick<Plan, "groups">, group: string): number {
  return plan.groups.find(({ name }) => name === group)?.count ?? 0;
}

function checkShape({ lanes, words, groups, positions, steps, states, edges, paths, initial }: Plan): void {
  for (const [name, list] of Object.entries({ lanes, words, groups, steps, states, edges, paths, initial }))
    if (!Array.isArray(list)) throw bad(name, "it is missing, or no list");
  if (steps[IDLE]?.name !== "Idle") throw bad("steps[0]", `it must be "Idle"`);
  if (positions < 0)
    throw bad(
      "positions",
      "its contract doesn't say where each lane stands, and this driver holds real threads there",
      'Give the contract a "position": where the variable pc[t] names the step that lane t takes next, and "Idle" ' +
        'between operations, it is   "position": "pc[lane]"',
    );
  let next = 0;
  groups.forEach(({ name, first, count }, i) => {
    if (first !== next || !Number.isInteger(count) || count < 0)
      throw bad(`groups[${i}]`, `the words of ${name} don't follow those before them`);
    next = first + count;
  });
  const last = groups.at(-1);
  if (next !== words.length || last?.first !== positions || last.count !== lanes.length)
    throw bad("groups", "the last of them must be the positions, one a lane");
}

/** What a driver of threads can be asked for: steps that one lane takes, and that it can be held before. */
function checkSteps({ steps, lanes, positions, words }: Plan): void {
  const environment = words.length - positions;
  const stranger = lanes.findIndex(({ value }, i) => value === null || i >= environment);
  if (stranger >= 0)
    throw bad(
      `lanes[${stranger}]`,
      "steps of the environment are nobody's thread, and this driver has only threads",
    );
  steps.forEach((step, i) => {
    const where = `steps[${i}]`;
    const not = "which a driver of threads can't be asked for";
    if (step.hidden !== undefined) throw bad(where, `${stepText(step)} is a hidden step, ${not}`);
    if (Object.keys(step.with).length > 0)
      throw bad(where, `${stepText(step)} has parameters beside its lane, ${not}`);
  });
}

const LARGEST = 2 ** 31 - 1;

function whole(value: Json, where: string, word: string): number {
  if (typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= LARGEST) return value;
  throw bad(
    where,
    `${word} is ${JSON.stringify(value)}, and this driver takes whole numbers in 32 bits only`,
    typeof value === "object"
      ? `Give the contract a word for each element: { "name": "${word}", "each": { "i": SET }, "value": "${word}[i]" }`
      : "Give the word a number in the contract: IF ... THEN 1 ELSE 0.",
  );
}

function isIndex(index: number, list: readonly unknown[]): boolean {
  return Number.isInteger(index) && index >= 0 && index < list.length;
}

function nameOf({ steps }: Plan, id: number): string {
  return steps[id]?.name ?? `step ${id}`;
}

function bad(where: string, problem: string, hint?: string): BadPlanError {
  return new BadPlanError(`the plan can't be followed: ${problem}`, {
    where: `plan: ${where}`,
    ...(hint !== undefined && { hint }),
  });
}
