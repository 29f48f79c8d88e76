import { canonical, type Json } from "../contract/json.js";
import { edgesOut, type Plan, stepText } from "../contract/plan.js";
import type { DifferentWord } from "../contract/result.js";
import type { Words } from "./driver.js";

/** The state graph of a plan, ready to be walked. */
export class Graph {
  /** The edges that leave each state. */
  readonly #out: readonly (readonly number[])[];
  /** The words of each state as text, once they have been looked at. */
  readonly #texts: (readonly string[] | undefined)[];
  readonly #word: ReadonlyMap<string, number>;
  /** Some steps happen by themselves. */
  readonly hides: boolean;
  /** Whether what a driver is asked for settles what state comes next. */
  readonly settled: boolean;

  constructor(
    readonly plan: Plan,
    same?: Graph,
  ) {
    if (same !== undefined) {
      this.#out = same.#out;
      this.#texts = same.#texts;
      this.#word = same.#word;
      this.hides = same.hides;
      this.settled = same.settled;
      return;
    }
    const asked = new Set(plan.edges.map(([from, lane, step]) => `${from} ${lane} ${step}`));
    this.#out = edgesOut(plan);
    this.#texts = new Array<readonly string[] | undefined>(plan.states.length).fill(undefined);
    this.#word = new Map(plan.words.map((name, i) => [name, i]));
    this.hides = plan.steps.some(({ hidden }) => hidden !== undefined);
    this.settled = plan.initial.length > 0 && asked.size === plan.edges.length && !this.hides;
  }

  /** The same graph with other paths. */
  along(plan: Plan): Graph {
    return new Graph(plan, this);
  }

  /** The edges that leave a state. */
  leaving(state: number): readonly number[] {
    return this.#out[state] ?? [];
  }

  isHidden(edge: number): boolean {
    return this.plan.steps[this.plan.edges[edge]?.[2] ?? 0]?.hidden !== undefined;
  }

  /** Where a step of a lane leads to from any of these states. */
  after(states: Iterable<number>, lane: number, step: number): Set<number> {
    const reached = new Set<number>();
    for (const state of states)
      for (const edge of this.leaving(state)) {
        const [, by, taken, to] = this.plan.edges[edge] ?? [0, -1, -1, 0];
        if (by === lane && taken === step) reached.add(to);
      }
    return reached;
  }

  /** Those of the states that allow a step of a lane. */
  allowing(states: Iterable<number>, lane: number, step: number): Set<number> {
    return new Set([...states].filter((state) => this.after([state], lane, step).size > 0));
  }

  /** The states that could come of these by themselves, without those in which something urgent has yet to happen. */
  settle(states: Iterable<number>): Set<number> {
    return this.#settle(states).settled;
  }

  /** The others: states that could come of these, in which something urgent has yet to happen. */
  restless(states: Iterable<number>): Set<number> {
    return this.#settle(states).restless;
  }

  /** The urgent steps of some states, for a person: "thread t3 GetR, or thread t1 GetW". */
  urgentIn(states: Iterable<number>): string {
    const { edges, steps, lanes } = this.plan;
    const names = [...states].flatMap((state) =>
      this.leaving(state).flatMap((edge) => {
        const [, lane = 0, step = 0] = edges[edge] ?? [];
        const taken = steps[step];
        return taken?.hidden === "urgent"
          ? [`${lanes[lane]?.name ?? `lane ${lane}`} ${stepText(taken)}`]
          : [];
      }),
    );
    return [...new Set(names)].join(", or ");
  }

  #settle(states: Iterable<number>): { readonly settled: Set<number>; readonly restless: Set<number> } {
    const reached = new Set(states);
    const restless = new Set<number>();
    if (!this.hides) return { settled: reached, restless };
    for (const state of reached)
      for (const edge of this.leaving(state)) {
        if (!this.isHidden(edge)) continue;
        const [, , step, to] = this.plan.edges[edge] ?? [0, 0, 0, 0];
        reached.add(to);
        if (this.plan.steps[step]?.hidden === "urgent") restless.add(state);
      }
    return { settled: new Set([...reached].filter((state) => !restless.has(state))), restless };
  }

  /** Those of the states that show these words. */
  showing(states: Iterable<number>, words: Words): Set<number> {
    const seen = this.#seen(words);
    return new Set([...states].filter((state) => seen.every(([i, text]) => this.#text(state)[i] === text)));
  }

  /** The words that differ between what was seen and the state that comes nearest to it. */
  difference(states: Iterable<number>, words: Words): DifferentWord[] {
    const seen = this.#seen(words);
    let best: readonly (readonly [number, string])[] | undefined;
    let nearest = -1;
    for (const state of states) {
      const other = seen.filter(([i, text]) => this.#text(state)[i] !== text);
      if (best !== undefined && best.length <= other.length) continue;
      best = other;
      nearest = state;
    }
    return (best ?? []).map(([i]) => {
      const name = this.plan.words[i] ?? "";
      return { name, expected: this.plan.states[nearest]?.[i] ?? null, actual: words[name] ?? null };
    });
  }

  /** Names that are no words of the plan. */
  strange(words: Words): string[] {
    return Object.keys(words).filter((name) => !this.#word.has(name));
  }

  #seen(words: Words): (readonly [number, string])[] {
    return Object.entries(words).flatMap(([name, value]) => {
      const i = this.#word.get(name);
      return i === undefined ? [] : [[i, canonical(value)] as const];
    });
  }

  #text(state: number): readonly string[] {
    const known = this.#texts[state];
    if (known !== undefined) return known;
    const texts = (this.plan.states[state] ?? []).map((value: Json) => canonical(value));
    this.#texts[state] = texts;
    return texts;
  }
}
