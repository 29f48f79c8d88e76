import { ASLEEP, IDLE, type Plan } from "../../conformance/contract/plan.js";
import { stateWords } from "../../conformance/contract/words.js";
import { STEPS, type Step } from "../generated/steps.js";
import { parsePlan } from "./parse-plan.js";

/**
 * A small simulation of the algorithm, for this room's own tests, which may not use the spec: random walks of
 * it as a plan. The plans that count come from the spec's state graph.
 */
export interface WalkOptions {
  readonly readers: number;
  readonly nesting: number;
  readonly paths: number;
  readonly length: number;
  readonly seed: number;
}

type State = Record<string, number>;
interface Enabled {
  readonly thread: number;
  readonly step: Step;
  readonly next: State;
}

/** Two cells take turns. */
const CELLS = 2;

const id = (step: Step): number => STEPS.indexOf(step);

/** The plan of random walks; the same options give the same plan. */
export function randomWalks(options: WalkOptions): Plan {
  const words = stateWords(options.readers, CELLS);
  const random = generator(options.seed);
  const states: number[][] = [];
  const indices = new Map<string, number>();
  const indexOf = (state: State): number => {
    const vector = words.map((word) => shown(word, state));
    const key = vector.join();
    const known = indices.get(key);
    if (known !== undefined) return known;
    indices.set(key, states.length);
    return states.push(vector) - 1;
  };
  const paths = Array.from({ length: options.paths }, () => {
    let state = initial(options);
    const start = indexOf(state);
    const moves: number[] = [];
    for (let i = 0; i < options.length; i++) {
      const choices = enabled(state, options);
      const choice = choices[Math.floor(random() * choices.length)];
      if (choice === undefined) break;
      state = choice.next;
      moves.push(choice.thread, id(choice.step), indexOf(state));
    }
    return { start, moves };
  });
  const plan = { format: 1, spec: "walks", source: "", readers: options.readers, cells: CELLS };
  return parsePlan({ ...plan, words, steps: STEPS, states, paths });
}

/** As a plan shows it: numbers of grace periods are relative. */
function shown(word: string, state: State): number {
  const value = state[word] ?? 0;
  const gp = state["gp"] ?? 0;
  if (word === "gp") return 1;
  if (!word.startsWith("announced") || value === 0) return value;
  return value < gp ? 1 : 2;
}

function initial({ readers }: WalkOptions): State {
  const state: State = { gp: 1, cell0: 1 };
  for (let r = 1; r <= readers; r++) state[`held${r}`] = -1;
  return state;
}

/**
 * Everything that may happen next. Beside the words of the plan a state has number, depth and scanned, which
 * nobody can see.
 */
function enabled(state: State, options: WalkOptions): Enabled[] {
  const found: Enabled[] = [];
  const get = (name: string): number => state[name] ?? 0;
  const add = (thread: number, step: Step, at: number, change: State): void => {
    found.push({ thread, step, next: { ...state, [`at${thread}`]: at, ...change } });
  };
  for (let r = 1; r <= options.readers; r++)
    readerSteps(r, get, options, (step, at, change = {}) => add(r, step, at, change));
  updaterSteps(get, options.readers, (step, at, change = {}) => add(0, step, at, change));
  return found;
}

type Get = (name: string) => number;
type Add = (step: Step, at: number, change?: State) => void;

function readerSteps(r: number, get: Get, options: WalkOptions, add: Add): void {
  const slot = get(`slot${r}`);
  const depth = get(`depth${r}`);
  const at = STEPS[get(`at${r}`)];
  if (at === "Announce") {
    add("Announce", IDLE, { [`announced${slot}`]: get(`number${r}`), [`depth${r}`]: 1 });
  } else if (at === "LoadWaiting") {
    add("LoadWaiting", get("waiting") === 0 ? IDLE : id("ClearWaiting"));
  } else if (at === "ClearWaiting") {
    add("ClearWaiting", id("Wake"), { waiting: 0 });
  } else if (at === "Wake") {
    add("Wake", IDLE, get("at0") === ASLEEP ? { at0: id("Awake") } : {});
  } else if (slot === 0) {
    let free = 1;
    while (get(`owner${free}`) !== 0) free++;
    add("Register", IDLE, { [`slot${r}`]: free, [`owner${free}`]: r });
  } else {
    if (depth === 0) {
      add("Unregister", IDLE, { [`slot${r}`]: 0, [`owner${slot}`]: 0 });
      add("LoadGp", id("Announce"), { [`number${r}`]: get("gp") });
    } else {
      if (depth < options.nesting) add("LockNested", IDLE, { [`depth${r}`]: depth + 1 });
      if (get(`held${r}`) === -1) add("Dereference", IDLE, { [`held${r}`]: get("head") });
      else add("Use", IDLE);
      if (depth > 1) add("UnlockNested", IDLE, { [`depth${r}`]: depth - 1 });
      else add("Unlock", id("LoadWaiting"), { [`announced${slot}`]: 0, [`depth${r}`]: 0, [`held${r}`]: -1 });
    }
  }
}

function updaterSteps(get: Get, readers: number, add: Add): void {
  const scanned = get("scanned");
  const announced = get(`announced${scanned}`);
  const quiescent = announced === 0 || announced >= get("gp");
  const past = scanned < readers ? id("Scan") : id("Free");
  const other = 1 - get("head");
  const steps: Partial<Record<Step, () => void>> = {
    Publish: () => add("Publish", id("Membarrier"), { head: other }),
    Membarrier: () => add("Membarrier", id("Raise")),
    Raise: () => add("Raise", id("Scan"), { gp: get("gp") + 1, scanned: 1 }),
    Scan: () => {
      if (quiescent) add("Scan", past, { scanned: scanned + 1 });
      else add("Scan", id("SetWaiting"));
    },
    SetWaiting: () => add("SetWaiting", id("MembarrierWaiting"), { waiting: 1 }),
    MembarrierWaiting: () => add("MembarrierWaiting", id("Rescan")),
    Rescan: () => add("Rescan", quiescent ? id("StopWaiting") : id("Sleep")),
    StopWaiting: () => add("StopWaiting", past, { waiting: 0, scanned: scanned + 1 }),
    Sleep: () => add("Sleep", get("waiting") === 1 ? ASLEEP : id("SetWaiting")),
    Awake: () => add("Awake", id("SetWaiting")),
    Free: () => add("Free", IDLE, { [`cell${other}`]: 2 }),
    Idle: () => add("Initialise", id("Publish"), { [`cell${other}`]: 1 }),
  };
  const at = STEPS[get("at0")];
  if (at !== undefined) steps[at]?.();
}

/** Numbers from 0 to 1 (mulberry32). */
function generator(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
