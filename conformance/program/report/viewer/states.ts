import { parseValue } from "quiesce/spec/tlc/value/value";
import { changesOf, printChange } from "quiesce/spec/tlc/value/value-change";
import type { Graph } from "./views.js";

/** A step from a state to another. */
export interface GraphStep {
  readonly from: number;
  readonly action: string;
  readonly to: number;
}

/** So many states are named that have what is searched for. */
const MOST_FOUND = 50;

/** A state graph that answers at once: who comes next, who came before, how far it is from the start. */
export class States {
  readonly #graph: Graph;
  /** Where the edges of each state begin. */
  readonly #first: Uint32Array;
  /** The edges that lead to each state, and where those of each begin. */
  readonly #backFirst: Uint32Array;
  readonly #back: Uint32Array;
  readonly #depth: Int32Array;
  /** The edge by which a shortest way comes to a state. */
  readonly #by: Int32Array;

  constructor(graph: Graph) {
    this.#graph = graph;
    const size = graph.states.length;
    this.#first = this.#starts(0, size);
    this.#backFirst = this.#starts(2, size);
    this.#back = new Uint32Array(this.steps);
    const filled = this.#backFirst.slice();
    for (let edge = 0; edge < this.steps; edge++) {
      const to = graph.edges[3 * edge + 2] as number;
      const at = filled[to] as number;
      this.#back[at] = edge;
      filled[to] = at + 1;
    }
    this.#depth = new Int32Array(size).fill(-1);
    this.#by = new Int32Array(size).fill(-1);
    const queue = [...graph.initial];
    for (const state of queue) this.#depth[state] = 0;
    for (let at = 0; at < queue.length; at++) {
      const from = queue[at] as number;
      for (let edge = this.#first[from] as number; edge < (this.#first[from + 1] as number); edge++) {
        const to = graph.edges[3 * edge + 2] as number;
        if (this.#depth[to] !== -1) continue;
        this.#depth[to] = (this.#depth[from] as number) + 1;
        this.#by[to] = edge;
        queue.push(to);
      }
    }
  }

  /** The edges are sorted by the state that they leave. */
  #starts(place: 0 | 2, size: number): Uint32Array {
    const starts = new Uint32Array(size + 1);
    for (let i = place; i < this.#graph.edges.length; i += 3) {
      const next = (this.#graph.edges[i] as number) + 1;
      starts[next] = (starts[next] as number) + 1;
    }
    for (let i = 0; i < size; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
    return starts;
  }

  get steps(): number {
    return this.#graph.edges.length / 3;
  }

  depth(state: number): number {
    return this.#depth[state] ?? -1;
  }

  next(state: number): GraphStep[] {
    const [begin = 0, end = 0] = [this.#first[state], this.#first[state + 1]];
    return Array.from({ length: end - begin }, (_, i) => this.#step(begin + i));
  }

  before(state: number): GraphStep[] {
    return [...this.#back.subarray(this.#backFirst[state], this.#backFirst[state + 1])].map((edge) =>
      this.#step(edge),
    );
  }

  /** A shortest way from an initial state. */
  way(state: number): GraphStep[] {
    const steps: GraphStep[] = [];
    for (let at = state; (this.#by[at] ?? -1) >= 0; ) {
      const step = this.#step(this.#by[at] as number);
      steps.unshift(step);
      at = step.from;
    }
    return steps;
  }

  #step(edge: number): GraphStep {
    const [from, action, to] = this.#graph.edges.slice(3 * edge, 3 * edge + 3) as [number, number, number];
    return { from, action: this.#graph.actions[action] ?? "", to };
  }

  /** The variables of a state, as texts. */
  values(state: number): (readonly [name: string, value: string])[] {
    const values = this.#graph.states[state] ?? [];
    return this.#graph.names.map((name, i) => [name, this.#graph.values[values[i] ?? -1] ?? ""]);
  }

  /** What a step changes: `pc["r1"]: "idle" -> "in"`. */
  changes({ from, to }: Pick<GraphStep, "from" | "to">): string[] {
    const before = this.values(from);
    return this.values(to).flatMap(([name, after], i) => {
      const old = before[i]?.[1] ?? "";
      return old === after
        ? []
        : changesOf(name, parseValue(old), parseValue(after)).map((change) => printChange(change));
    });
  }

  /**
   * The states that have, for each of these lists, all of its words in the `name = value` of one variable: how many, and
   * the first of them by depth.
   */
  find(asked: readonly (readonly string[])[]): {
    readonly count: number;
    readonly states: readonly number[];
  } {
    const { names, values, states } = this.#graph;
    const tests = asked.map((words) => {
      const known = new Map<number, boolean>();
      return (column: number, value: number): boolean => {
        const key = value * names.length + column;
        const before = known.get(key);
        if (before !== undefined) return before;
        const text = `${names[column]} = ${values[value]}`.toLowerCase();
        const has = words.every((word) => text.includes(word));
        known.set(key, has);
        return has;
      };
    });
    const found: number[] = [];
    for (const [state, row] of states.entries())
      if (tests.every((has) => row.some((value, column) => has(column, value)))) found.push(state);
    found.sort((a, b) => this.depth(a) - this.depth(b) || a - b);
    return { count: found.length, states: found.slice(0, MOST_FOUND) };
  }
}
