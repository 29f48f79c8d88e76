import { ASLEEP, IDLE, type Lane, type Plan, type WordGroup } from "../../conformance/contract/plan.js";
import { STEPS, type Step } from "../generated/steps.js";
import { WORDS } from "./observe.js";

/**
 * A small simulation of the algorithm, for this room's own tests, which may not use the spec: random walks of
 * it as a plan. The plans that count come from the spec's state graph.
 */
export interface WalkOptions {
  readonly updaters: number;
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

const id = (step: Step): number => STEPS.indexOf(step);
/** The id of no step: asleep at the doorbell; a plan shows it as ASLEEP, too. */
const AT_DOORBELL = -2;
const NONE = -1;

/** The plan of random walks; the same options give the same plan. */
export function randomWalks(options: WalkOptions): Plan {
  const { updaters, readers } = options;
  const cells = updaters + 1;
  const { groups, words } = groupsOf({ updaters, readers, cells });
  const random = generator(options.seed);
  const states: number[][] = [];
  const edges: [from: number, lane: number, step: number, to: number][] = [];
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
    let from = indexOf(state);
    const path: number[] = [];
    for (let i = 0; i < options.length; i++) {
      const choices = enabled(state, options);
      const choice = choices[Math.floor(random() * choices.length)];
      if (choice === undefined) break;
      state = choice.next;
      const to = indexOf(state);
      edges.push([from, choice.thread, id(choice.step), to]);
      path.push(edges.length - 1);
      from = to;
    }
    return path;
  });
  return {
    format: 3,
    claim: "walks",
    module: "Urcu",
    refusable: [],
    source: "",
    constants: {},
    lanes: lanesOf(options),
    steps: STEPS.map((name) => ({ name, with: {} })),
    words,
    groups,
    positions: groups.at(-1)?.first ?? -1,
    states,
    initial: [0],
    edges,
    paths,
  };
}

function lanesOf({ updaters, readers }: WalkOptions): Lane[] {
  return range(0, updaters + readers).map((value) => {
    const kind = value < updaters ? "updater" : "reader";
    return { kind, name: kind === "updater" && updaters === 1 ? kind : `${kind} ${value}`, value };
  });
}

function groupsOf(sizes: {
  updaters: number;
  readers: number;
  cells: number;
}): Pick<Plan, "groups" | "words"> {
  const groups: WordGroup[] = [];
  const words: string[] = [];
  for (const [name, kind] of WORDS) {
    const { from, count } = kind(sizes);
    groups.push({ name, first: words.length, count });
    words.push(...range(from ?? 0, count).map((number) => (from === undefined ? name : `${name}${number}`)));
  }
  return { groups, words };
}

/** As a plan shows it: numbers of grace periods are relative. */
function shown(word: string, state: State): number {
  const value = state[word] ?? 0;
  const { gp = 0 } = state;
  if (word === "gp") return 1;
  if (word === "begun") return value - gp;
  if (word === "ended") return gp - value;
  if (word === "doorbell") return 0;
  if (word.startsWith("at") && value === AT_DOORBELL) return ASLEEP;
  // The program fills and publishes: between the two it is outside of the library.
  if (word.startsWith("at") && value === id("Publish")) return IDLE;
  if (!word.startsWith("announced") || value === 0) return value;
  return value < gp ? 1 : 2;
}

function initial({ updaters, readers }: WalkOptions): State {
  const state: State = { gp: 1, begun: 1, ended: 1, cell0: 1 };
  for (let thread = 0; thread < updaters + readers; thread++) {
    state[`held${thread}`] = NONE;
    state[`mine${thread}`] = NONE;
  }
  return state;
}

/**
 * Everything that may happen next. Beside the words of the plan a state has number, depth, want, bell, scanned, mark and
 * late, which nobody can see.
 */
function enabled(state: State, options: WalkOptions): Enabled[] {
  const found: Enabled[] = [];
  const get = (name: string): number => state[name] ?? 0;
  const { updaters, readers } = options;
  for (let thread = 0; thread < updaters + readers; thread++) {
    const add: Add = (step, at, change = {}) => {
      found.push({ thread, step, next: { ...state, ...change, [`at${thread}`]: at } });
    };
    if (thread < updaters) updaterSteps(thread, get, options, add);
    else readerSteps(thread, get, options, add);
  }
  return found;
}

type Get = (name: string) => number;
type Add = (step: Step, at: number, change?: State) => void;

function readerSteps(r: number, get: Get, { updaters, nesting }: WalkOptions, add: Add): void {
  const slot = get(`slot${r}`);
  const depth = get(`depth${r}`);
  const steps: Partial<Record<Step, () => void>> = {
    RaiseUsed: () => add("RaiseUsed", id("AddReader"), { used: Math.max(get("used"), slot) }),
    AddReader: () => add("AddReader", IDLE, { registered: get("registered") + 1 }),
    RemoveReader: () => add("RemoveReader", IDLE, { registered: get("registered") - 1 }),
    Announce: () => add("Announce", IDLE, { [`announced${slot}`]: get(`number${r}`), [`depth${r}`]: 1 }),
    LoadNotice: () => add("LoadNotice", get(`notice${slot}`) === 0 ? IDLE : id("TakeNotice")),
    TakeNotice: () => add("TakeNotice", id("Wake"), { [`notice${slot}`]: 0 }),
    Wake: () => {
      const woken = range(0, updaters).filter((u) => get(`at${u}`) === ASLEEP && get("scanned") === slot);
      add("Wake", IDLE, Object.fromEntries(woken.map((u) => [`at${u}`, id("Rescan")])));
    },
  };
  const at = STEPS[get(`at${r}`)];
  const step = at === undefined ? undefined : steps[at];
  if (step !== undefined) step();
  else if (slot === 0) {
    let free = 1;
    while (get(`owner${free}`) !== 0) free++;
    add("Register", id("RaiseUsed"), { [`slot${r}`]: free, [`owner${free}`]: r });
  } else if (depth === 0) {
    add("Unregister", id("RemoveReader"), { [`slot${r}`]: 0, [`owner${slot}`]: 0 });
    add("LoadGp", id("Announce"), { [`number${r}`]: get("gp") });
  } else {
    if (depth < nesting) add("LockNested", IDLE, { [`depth${r}`]: depth + 1 });
    if (get(`held${r}`) === NONE) add("Dereference", IDLE, { [`held${r}`]: get("head") });
    else add("Use", IDLE);
    if (depth > 1) add("UnlockNested", IDLE, { [`depth${r}`]: depth - 1 });
    else add("Unlock", id("LoadNotice"), { [`announced${slot}`]: 0, [`depth${r}`]: 0, [`held${r}`]: NONE });
  }
}

function updaterSteps(u: number, get: Get, { updaters, readers }: WalkOptions, add: Add): void {
  const scanned = get("scanned");
  const late = range(1, readers).filter((slot) => get(`late${slot}`) !== 0);
  const quiescent = get(`announced${scanned}`) === 0 || get(`announced${scanned}`) >= get("gp");
  const hasEnded = get("ended") >= get(`want${u}`);
  const mine = get(`mine${u}`);
  /** The next slot to look at, or the first one that is late, or the end. */
  const advance = (
    step: "Scan" | "ClearNotice",
    then: Step,
    left: readonly number[],
    change: State,
  ): void => {
    const [lowest] = left;
    if (step === "Scan" && scanned < get("mark")) {
      add(step, id("Scan"), { ...change, scanned: scanned + 1 });
    } else if (lowest === undefined) add(step, id("End"), { ...change, scanned: 0 });
    else add(step, id(then), { ...change, scanned: lowest });
  };
  const steps: Partial<Record<Step, () => void>> = {
    Idle: () => {
      let cell = 0;
      while (get(`cell${cell}`) === 1) cell++;
      add("Initialise", id("Publish"), { [`cell${cell}`]: 1, [`mine${u}`]: cell });
    },
    Publish: () => add("Publish", id("LoadRegistered"), { head: mine, [`mine${u}`]: get("head") }),
    LoadRegistered: () => add("LoadRegistered", id(get("registered") === 0 ? "Free" : "LoadBegun")),
    LoadBegun: () => add("LoadBegun", id("LoadDoorbell"), { [`want${u}`]: get("begun") + 1 }),
    LoadDoorbell: () => add("LoadDoorbell", id("LoadEnded"), { [`bell${u}`]: get("doorbell") }),
    LoadEnded: () => add("LoadEnded", id(hasEnded ? "Free" : "Lead")),
    Lead: () => {
      if (get("leader") === 0) add("Lead", id("LoadEndedAgain"), { leader: 1 });
      else add("Lead", id("AddSleeper"));
    },
    AddSleeper: () => add("AddSleeper", id("SleepAtDoorbell"), { sleepers: get("sleepers") + 1 }),
    SleepAtDoorbell: () => {
      const rang = get("doorbell") !== get(`bell${u}`);
      add("SleepAtDoorbell", rang ? id("RemoveSleeper") : AT_DOORBELL);
    },
    RemoveSleeper: () => add("RemoveSleeper", id("LoadDoorbell"), { sleepers: get("sleepers") - 1 }),
    LoadEndedAgain: () => add("LoadEndedAgain", id(hasEnded ? "StepDown" : "Begin")),
    Begin: () => add("Begin", id("Membarrier"), { begun: get("begun") + 1 }),
    Membarrier: () => add("Membarrier", id("Raise")),
    Raise: () => add("Raise", id("LoadUsed"), { gp: get("begun") }),
    LoadUsed: () => add("LoadUsed", id("Scan"), { mark: get("used"), scanned: 1 }),
    Scan: () => {
      const left = quiescent ? late : [...late, scanned];
      advance("Scan", "SetNotice", left, quiescent ? {} : { [`late${scanned}`]: 1 });
    },
    SetNotice: () => {
      const more = late.find((slot) => slot > scanned);
      const change = { [`notice${scanned}`]: 1, scanned: more ?? late[0] ?? 0 };
      add("SetNotice", id(more === undefined ? "MembarrierNotice" : "SetNotice"), change);
    },
    MembarrierNotice: () => add("MembarrierNotice", id("Rescan")),
    Rescan: () => add("Rescan", id(quiescent ? "ClearNotice" : "Sleep")),
    ClearNotice: () => {
      const left = late.filter((slot) => slot !== scanned);
      advance("ClearNotice", "Rescan", left, { [`notice${scanned}`]: 0, [`late${scanned}`]: 0 });
    },
    Sleep: () => add("Sleep", get(`notice${scanned}`) === 1 ? ASLEEP : id("SetNotice")),
    End: () => add("End", id("StepDown"), { ended: get("begun") }),
    StepDown: () => add("StepDown", id("Ring"), { leader: 0 }),
    Ring: () => add("Ring", id("LoadSleepers"), { doorbell: get("doorbell") + 1 }),
    LoadSleepers: () => add("LoadSleepers", id(get("sleepers") === 0 ? "Free" : "WakeAll")),
    WakeAll: () => {
      const woken = range(0, updaters).filter((v) => get(`at${v}`) === AT_DOORBELL);
      add("WakeAll", id("Free"), Object.fromEntries(woken.map((v) => [`at${v}`, id("RemoveSleeper")])));
    },
    Free: () => add("Free", IDLE, { [`cell${mine}`]: 2, [`mine${u}`]: NONE }),
  };
  const at = STEPS[get(`at${u}`)];
  if (at !== undefined) steps[at]?.();
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
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
