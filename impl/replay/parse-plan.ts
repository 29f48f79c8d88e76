import { ASLEEP, IDLE, type Plan, type PlanPath, threadName } from "../../conformance/contract/plan.js";
import { stateWords } from "../../conformance/contract/words.js";
import { QuiesceError } from "../errors.js";
import { STEPS } from "../generated/steps.js";
import { BEGINS } from "./begins.js";

/** A plan that cannot be replayed; the message says what is wrong and where in it. */
export class BadPlanError extends QuiesceError {
  constructor(
    /** Path of the offending value, for example `paths[3].moves[12]`. */
    readonly where: string,
    problem: string,
  ) {
    super(`bad plan: ${where}: ${problem}. Generate it again with: npm run generate`);
  }
}

const FORMAT = 2;

/**
 * A plan from parsed JSON, checked so far that replaying it cannot read outside of it: shapes, names,
 * indices, and that each move's step is one that its thread stands before.
 * @throws BadPlanError
 */
export function parsePlan(value: unknown): Plan {
  const plan = record(value, "plan");
  if (plan["format"] !== FORMAT)
    throw new BadPlanError("format", `expected ${FORMAT}, found ${shown(plan["format"])}`);
  const updaters = count(plan["updaters"], "updaters", 1, 64);
  const readers = count(plan["readers"], "readers", 1, 64);
  const cells = count(plan["cells"], "cells", 1, 1024);
  const words = strings(plan["words"], "words");
  const known = new Set(stateWords(updaters, readers, cells));
  words.forEach((word, i) => {
    if (!known.has(word))
      throw new BadPlanError(
        `words[${i}]`,
        `no word "${word}" with ${updaters} updaters, ${readers} readers and ${cells} cells`,
      );
  });
  if (new Set(words).size !== words.length) throw new BadPlanError("words", "a word is there twice");
  for (let thread = 0; thread < updaters + readers; thread++) {
    if (!words.includes(`at${thread}`)) throw new BadPlanError("words", `"at${thread}" is missing`);
  }
  const steps = strings(plan["steps"], "steps");
  const names = new Set<string>(STEPS);
  steps.forEach((step, i) => {
    if (!names.has(step)) throw new BadPlanError(`steps[${i}]`, `the implementation has no step "${step}"`);
  });
  if (steps[IDLE] !== "Idle") throw new BadPlanError("steps[0]", `must be "Idle", found ${shown(steps[0])}`);
  const states = array(plan["states"], "states").map((state, i) => {
    const vector = integers(state, `states[${i}]`);
    if (vector.length !== words.length) {
      throw new BadPlanError(`states[${i}]`, `has ${vector.length} numbers for ${words.length} words`);
    }
    return vector;
  });
  const checked: Plan = {
    format: FORMAT,
    spec: string(plan["spec"], "spec"),
    source: string(plan["source"], "source"),
    updaters,
    readers,
    cells,
    words,
    steps,
    states,
    paths: array(plan["paths"], "paths").map((path, i) => pathOf(path, `paths[${i}]`)),
  };
  checked.paths.forEach((path, i) => {
    checkPath(checked, path, `paths[${i}]`);
  });
  return checked;
}

function pathOf(value: unknown, where: string): PlanPath {
  const path = record(value, where);
  return {
    start: count(path["start"], `${where}.start`, 0),
    moves: integers(path["moves"], `${where}.moves`),
  };
}

/** A thread may take the step that it stands before, or, idle, the first one of any operation. */
function checkPath(plan: Plan, path: PlanPath, where: string): void {
  const ats = Array.from({ length: plan.updaters + plan.readers }, (_, thread) =>
    plan.words.indexOf(`at${thread}`),
  );
  const stateAt = (index: number, at: string): readonly number[] => {
    const state = plan.states[index];
    if (state === undefined) throw new BadPlanError(at, `there is no state ${index}`);
    return state;
  };
  let state = stateAt(path.start, `${where}.start`);
  if (path.moves.length % 3 !== 0)
    throw new BadPlanError(`${where}.moves`, "must be triples of thread, step, state");
  if (path.moves.length === 0) throw new BadPlanError(`${where}.moves`, "a path must have at least one move");
  for (let i = 0; i < path.moves.length; i += 3) {
    const [thread = -1, step = -1, next = -1] = path.moves.slice(i, i + 3);
    const word = ats[thread];
    if (word === undefined) throw new BadPlanError(`${where}.moves[${i}]`, `there is no thread ${thread}`);
    const name = plan.steps[step];
    if (name === undefined || step === IDLE)
      throw new BadPlanError(`${where}.moves[${i + 1}]`, `there is no step ${step}`);
    const at = state[word] ?? IDLE;
    if (at !== IDLE && at !== step) {
      const standing = at === ASLEEP ? "is asleep" : `stands before ${plan.steps[at] ?? at}`;
      throw new BadPlanError(
        `${where}.moves[${i}]`,
        `${threadName(plan, thread)} ${standing} and cannot take the step ${name}`,
      );
    }
    const begins: readonly string[] = thread < plan.updaters ? BEGINS.updater : BEGINS.reader;
    if (at === IDLE && !begins.includes(name)) {
      const who = thread < plan.updaters ? "an updater" : "a reader";
      const problem = `${threadName(plan, thread)} is idle, and no operation of ${who} begins with ${name}`;
      throw new BadPlanError(`${where}.moves[${i + 1}]`, problem);
    }
    state = stateAt(next, `${where}.moves[${i + 2}]`);
  }
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new BadPlanError(where, `expected an object, found ${shown(value)}`);
  }
  return value as Record<string, unknown>;
}

function array(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw new BadPlanError(where, `expected an array, found ${shown(value)}`);
  return value;
}

function string(value: unknown, where: string): string {
  if (typeof value !== "string") throw new BadPlanError(where, `expected a string, found ${shown(value)}`);
  return value;
}

function strings(value: unknown, where: string): string[] {
  return array(value, where).map((item, i) => string(item, `${where}[${i}]`));
}

function count(value: unknown, where: string, least: number, most = 2 ** 31 - 1): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
    throw new BadPlanError(where, `expected a whole number from ${least} to ${most}, found ${shown(value)}`);
  }
  return value;
}

function integers(value: unknown, where: string): number[] {
  const numbers = array(value, where);
  numbers.forEach((item, i) => {
    if (!Number.isInteger(item) || Math.abs(item as number) > 2 ** 31 - 1) {
      throw new BadPlanError(`${where}[${i}]`, `expected a 32-bit whole number, found ${shown(item)}`);
    }
  });
  return numbers as number[];
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
