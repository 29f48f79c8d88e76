import type { Lane, Plan, WordGroup } from "../../../conformance/contract/plan.js";
import { cellsOf, initial, type Move, movesOf, type Size, type State } from "./simulator.fixture.js";

/** Where a thread is between operations. */
const IDLE_NAMES = new Set(["Idle", "Initialise", "Publish", "Done"]);
const ASLEEP_NAMES = new Set(["Asleep", "AsleepAtDoorbell"]);

function lanesOf({ updaters, readers }: Size): Lane[] {
  return Array.from({ length: updaters + readers }, (_, value) => {
    const kind = value < updaters ? "updater" : "reader";
    return { kind, name: kind === "updater" && updaters === 1 ? kind : `${kind} ${value}`, value };
  });
}

/** The words of Urcu.contract.json. */
function groupsOf(size: Size): Pick<Plan, "groups" | "words"> {
  const { updaters, readers } = size;
  const single = ["gp", "begun", "ended", "leader", "doorbell", "sleepers", "registered", "used", "head"];
  const each: [name: string, from: number, count: number][] = [
    ["cell", 0, cellsOf(size)],
    ["announced", 1, readers],
    ["notice", 1, readers],
    ["owner", 1, readers],
    ["slot", updaters, readers],
    ["held", updaters, readers],
    ["mine", 0, updaters],
    ["at", 0, updaters + readers],
  ];
  const words = [...single];
  const groups: WordGroup[] = single.map((name, first) => ({ name, first, count: 1 }));
  for (const [name, from, count] of each) {
    groups.push({ name, first: words.length, count });
    words.push(...Array.from({ length: count }, (_, i) => `${name}${from + i}`));
  }
  return { groups, words };
}

/** Collects states and paths into a plan. */
export class PlanMaker {
  readonly #states = new Map<string, number>();
  readonly #vectors: number[][] = [];
  readonly #edges: [from: number, lane: number, step: number, to: number][] = [];
  readonly #paths: number[][] = [];

  constructor(
    readonly steps: readonly string[],
    readonly size: Size,
  ) {}

  /** Walks from the initial state; `choose` picks one of the moves that are possible, or ends the path. */
  walk(choose: (moves: readonly Move[]) => Move | undefined): this {
    const state = initial(this.size);
    let from = this.#index(state);
    const path: number[] = [];
    for (let move = choose(movesOf(state, this.size)); move; move = choose(movesOf(state, this.size))) {
      move.act(state);
      const to = this.#index(state);
      path.push(this.#edges.length);
      this.#edges.push([from, move.thread, this.steps.indexOf(move.step), to]);
      from = to;
    }
    this.#paths.push(path);
    return this;
  }

  /** A path by hand: `["1 Register", "0 Initialise", ...]`. */
  follow(script: readonly string[]): this {
    let next = 0;
    return this.walk((moves) => {
      const wanted = script[next++];
      if (wanted === undefined) return undefined;
      const move = moves.find(({ thread, step }) => `${thread} ${step}` === wanted);
      if (move === undefined) throw new Error(`${wanted} isn't possible there`);
      return move;
    });
  }

  plan(): Plan {
    const { groups, words } = groupsOf(this.size);
    return {
      format: 3,
      claim: "a simulation",
      module: "Urcu",
      refusable: [],
      source: "",
      constants: {},
      lanes: lanesOf(this.size),
      steps: this.steps.map((name) => ({ name, with: {} })),
      words,
      groups,
      positions: groups.at(-1)?.first ?? -1,
      states: this.#vectors,
      initial: [this.#index(initial(this.size))],
      edges: this.#edges,
      paths: this.#paths,
    };
  }

  #index(s: State): number {
    const { updaters } = this.size;
    const pc = s.pc.map((name) =>
      ASLEEP_NAMES.has(name) ? -1 : IDLE_NAMES.has(name) ? 0 : this.steps.indexOf(name),
    );
    const age = (number: number): number => (number === 0 ? 0 : number < s.gp ? 1 : 2);
    const vector = [
      // Relative, as in every plan: gp less the raises, begun and ended as seen from it, announcements by age.
      ...[1, s.begun - s.gp, s.gp - s.ended],
      // The doorbell is taken less its rings.
      ...[s.leader, 0, s.sleepers, s.registered, s.used, s.head],
      ...s.cell,
      ...[s.announced.map(age), s.notice, s.owner].flatMap((values) => values.slice(1)),
      ...[s.slot, s.held].flatMap((values) => values.slice(updaters)),
      ...s.mine.slice(0, updaters),
      ...pc,
    ];
    const key = vector.join();
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    this.#states.set(key, this.#vectors.length);
    this.#vectors.push(vector);
    return this.#vectors.length - 1;
  }
}

/** Random walks; the same seed gives the same plan. */
export function randomPlan(
  steps: readonly string[],
  size: Size,
  options: { readonly paths: number; readonly length: number; readonly seed: number },
): Plan {
  const maker = new PlanMaker(steps, size);
  let seed = options.seed;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let i = 0; i < options.paths; i++) {
    let left = options.length;
    maker.walk((moves) => (left-- > 0 && moves.length > 0 ? moves[random(moves.length)] : undefined));
  }
  return maker.plan();
}
