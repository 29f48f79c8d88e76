import { IDLE, type Plan } from "../../conformance/contract/plan.js";
import { BadPlanError, lanesOf, type Walk, walkOf, wordsOf } from "../../conformance/contract/walk.js";
import { STEPS } from "../generated/steps.js";
import { BEGINS } from "./begins.js";
import { WORDS } from "./observe.js";

/** A plan as this implementation follows it, to be sent to a process and shared between its threads. */
export interface ImplPlan extends Omit<Walk, "lanes" | "words"> {
  /** They are lanes 0 and up; the readers come after them. */
  readonly updaters: number;
  readonly readers: number;
  readonly cells: number;
  /** The lanes' names, for a person. */
  readonly lanes: readonly string[];
  readonly words: readonly string[];
  /** Their names by id. */
  readonly steps: readonly string[];
}

const MOST_LANES = 64;
const MOST_CELLS = 1024;

/**
 * A plan of the number algorithm, checked: it has lanes, steps and words that this implementation knows, and each
 * operation begins with a step that one may begin with.
 *
 * @throws BadPlanError
 */
export function implPlan(plan: Plan): ImplPlan {
  const walk = walkOf(plan);
  const updaters = lanesOf(plan, "updater");
  const readers = lanesOf(plan, "reader");
  const cells = wordsOf(plan, "cell");
  checkLanes(plan, updaters, readers);
  checkWords(plan, { updaters, readers, cells });
  const known = new Set<string>(STEPS);
  plan.steps.forEach(({ name, refusable }, i) => {
    if (refusable) throw bad(`steps[${i}]`, `the implementation can't be asked to refuse "${name}"`);
    if (!known.has(name)) throw bad(`steps[${i}]`, `the implementation has no step "${name}"`);
  });
  checkBeginnings(plan, walk, updaters);
  return {
    ...walk,
    updaters,
    readers,
    cells,
    lanes: plan.lanes.map(({ name }) => name),
    words: plan.words,
    steps: plan.steps.map(({ name }) => name),
  };
}

/** The same plan in shared memory, for the threads of this process. */
export function sharePlan(plan: ImplPlan): ImplPlan {
  return {
    ...plan,
    states: shared(plan.states),
    starts: shared(plan.starts),
    offsets: shared(plan.offsets),
    moves: shared(plan.moves),
  };
}

function shared(numbers: Int32Array): Int32Array {
  const copy = new Int32Array(new SharedArrayBuffer(numbers.byteLength));
  copy.set(numbers);
  return copy;
}

function checkLanes({ lanes }: Plan, updaters: number, readers: number): void {
  if (updaters < 1 || readers < 1 || lanes.length > MOST_LANES)
    throw bad("lanes", `expected an updater and a reader at least, and ${MOST_LANES} in all at most`);
  lanes.forEach(({ kind, value }, i) => {
    const wanted = i < updaters ? "updater" : "reader";
    if (kind !== wanted || value !== i)
      throw bad(
        `lanes[${i}]`,
        `expected the updaters numbered from 0 and then the readers, found ${kind} ${value}`,
      );
  });
}

type Sizes = Pick<ImplPlan, "updaters" | "readers" | "cells">;

function checkWords({ groups, words }: Plan, sizes: Sizes): void {
  groups.forEach(({ name, first, count }, i) => {
    const word = WORDS.get(name);
    if (word === undefined) throw bad(`groups[${i}]`, `the implementation has no word "${name}"`);
    const { from, count: wanted } = word(sizes);
    if (count !== wanted) throw bad(`groups[${i}]`, `expected ${wanted} words of ${name}, found ${count}`);
    for (let k = 0; k < count; k++) {
      const expected = from === undefined ? name : `${name}${from + k}`;
      if (words[first + k] !== expected)
        throw bad(`words[${first + k}]`, `expected "${expected}", found "${words[first + k]}"`);
    }
  });
  const [more] = groups.filter(({ name }, i) => groups.findIndex((other) => other.name === name) !== i);
  if (more !== undefined) throw bad("groups", `${more.name} is there twice`);
  const { cells } = sizes;
  if (cells < 1 || cells > MOST_CELLS)
    throw bad("groups", `expected 1 to ${MOST_CELLS} cells, found ${cells}`);
}

/** A lane that is idle may take the first step of any of its operations. */
function checkBeginnings({ steps, lanes, paths }: Plan, walk: Walk, updaters: number): void {
  const { states, starts, offsets, moves, words, positions } = walk;
  paths.forEach((path, i) => {
    let state = starts[i] ?? 0;
    path.forEach((_, k) => {
      const at = ((offsets[i] ?? 0) + k) * 3;
      const lane = moves[at] ?? 0;
      const name = steps[moves[at + 1] ?? IDLE]?.name ?? "";
      const begins: readonly string[] = lane < updaters ? BEGINS.updater : BEGINS.reader;
      if (states[state * words + positions + lane] === IDLE && !begins.includes(name)) {
        const who = lane < updaters ? "an updater" : "a reader";
        throw bad(
          `paths[${i}][${k}]`,
          `${lanes[lane]?.name} is idle, and no operation of ${who} begins with ${name}`,
        );
      }
      state = moves[at + 2] ?? 0;
    });
  });
}

function bad(where: string, problem: string): BadPlanError {
  return new BadPlanError(`the plan can't be followed: ${problem}`, {
    where: `plan: ${where}`,
    hint: "Drive it with an implementation of its specification; where that has changed, this one has to follow it.",
  });
}
