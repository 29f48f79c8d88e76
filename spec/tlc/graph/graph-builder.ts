import { parseValue, printValue } from "../value/value.js";
import type { Value } from "../value/value-tree.js";
import type { GraphEdge, GraphState, StateGraph } from "./graph.js";
import { labelOf } from "./label.js";

/** A value as TLC printed it, read once however many states have it; if it is among the first KEPT of them. */
interface Interned {
  readonly value: Value | undefined;
  readonly printed: string;
}

/**
 * A value takes ten times the memory of its text. Those that many states have come early; where there are more, most are
 * one state's own, and are read again when somebody looks at that state.
 */
const KEPT = 20_000;

interface Node {
  label: string;
  values: readonly Interned[];
  initial: boolean;
  /** The line that mentioned it first, for the error if no line describes it. */
  readonly line: number;
}

/** Collects the lines of a state graph and puts it into its canonical order. */
export class GraphBuilder {
  readonly #index = new Map<string, number>();
  readonly #nodes: Node[] = [];
  readonly #actions = new Map<string, number>();
  readonly #values = new Map<string, Interned>();
  #names: readonly string[] | undefined;
  /** Three numbers per edge: from, action, to. */
  #edges = new Uint32Array(3 * 1024);
  #count = 0;

  /** Takes a state's line. Throws ValueSyntaxError, and Error if the state contradicts another line. */
  state(id: string, label: string, initial: boolean, line: number): void {
    const node = this.#nodes[this.#node(id, line)] as Node;
    const [canonical, values] = this.#canonical(label);
    if (node.label !== "" && node.label !== canonical)
      throw new Error(`the state ${id} is described twice, differently`);
    node.label = canonical;
    node.values = values;
    node.initial ||= initial;
  }

  /** Takes an edge's line; its states may be described later. */
  edge(from: string, to: string, action: string, line: number): void {
    let number = this.#actions.get(action);
    if (number === undefined) {
      number = this.#actions.size;
      this.#actions.set(action, number);
    }
    if (3 * this.#count === this.#edges.length) {
      const larger = new Uint32Array(2 * this.#edges.length);
      larger.set(this.#edges);
      this.#edges = larger;
    }
    const at = 3 * this.#count++;
    this.#edges[at] = this.#node(from, line);
    this.#edges[at + 1] = number;
    this.#edges[at + 2] = this.#node(to, line);
  }

  /** How far it is, for a person. */
  get progress(): string {
    const count = (of: number): string => of.toLocaleString("en-US");
    return `${count(this.#nodes.length)} states and ${count(this.#count)} edges have been read`;
  }

  /** The graph. Throws Error if an edge leads to a state that no line describes. */
  build(): StateGraph {
    for (const [id, i] of this.#index) {
      const node = this.#nodes[i] as Node;
      if (node.label === "")
        throw new Error(`no line describes the state ${id}, first mentioned on line ${node.line}`);
    }
    const names = this.#names ?? [];
    const order = [...this.#nodes.keys()].sort((a, b) => compare(this.#label(a), this.#label(b)));
    const place = new Uint32Array(order.length);
    for (const [i, old] of order.entries()) {
      if (i > 0 && this.#label(old) === this.#label(order[i - 1] as number)) {
        throw new Error(`two states have the same variables:\n${this.#label(old)}`);
      }
      place[old] = i;
    }
    const nodes = order.map((i) => this.#nodes[i] as Node);
    return {
      states: nodes.map((node) => new State(node.label, names, node.values)),
      initial: nodes.flatMap((node, i) => (node.initial ? [i] : [])),
      edges: this.#sortedEdges(place),
    };
  }

  #label(node: number): string {
    return (this.#nodes[node] as Node).label;
  }

  #node(id: string, line: number): number {
    const known = this.#index.get(id);
    if (known !== undefined) return known;
    this.#index.set(copied(id), this.#nodes.length);
    return this.#nodes.push({ label: "", values: [], initial: false, line }) - 1;
  }

  /** A state's canonical text and its values, in the order of the variables' names. */
  #canonical(label: string): [string, readonly Interned[]] {
    const pairs = label.split(/\n(?=\/\\ )/).map((text): [string, string] => {
      const start = text.startsWith("/\\ ") ? 3 : 0;
      const equals = text.indexOf(" = ");
      if (equals < 0) throw new Error(`not a variable and its value: ${text}`);
      return [text.slice(start, equals), text.slice(equals + 3)];
    });
    pairs.sort(([a], [b]) => compare(a, b));
    this.#names ??= pairs.map(([name]) => name);
    if (pairs.length !== this.#names.length || pairs.some(([name], i) => name !== this.#names?.[i])) {
      throw new Error(
        `the states have different variables: ${this.#names.join(", ")}, but here ${pairs.map(([n]) => n)}`,
      );
    }
    const values = pairs.map(([, text]) => this.#intern(text));
    return [labelOf(pairs.map(([name], i) => [name, values[i]?.printed ?? ""])), values];
  }

  #intern(text: string): Interned {
    const known = this.#values.get(text);
    if (known !== undefined) return known;
    const value = parseValue(text);
    const printed = printValue(value);
    const interned = {
      value: this.#values.size < KEPT ? value : undefined,
      printed,
    };
    this.#values.set(printed === text ? printed : copied(text), interned);
    return interned;
  }

  /** Sorts by (from, action, to) and drops duplicates: first into buckets by `from`, then each bucket by one number. */
  #sortedEdges(place: Uint32Array): GraphEdge[] {
    const names = [...this.#actions.keys()].sort(compare);
    const rank = Uint32Array.from(this.#actions.keys(), (name) => names.indexOf(name));
    const states = place.length;
    const starts = new Uint32Array(states + 1);
    const fromOf = (i: number) => place[this.#edges[3 * i] as number] as number;
    for (let i = 0; i < this.#count; i++) {
      const next = fromOf(i) + 1;
      starts[next] = (starts[next] as number) + 1;
    }
    for (let s = 0; s < states; s++) starts[s + 1] = (starts[s + 1] as number) + (starts[s] as number);
    const keys = new Float64Array(this.#count);
    const filled = starts.slice();
    for (let i = 0; i < this.#count; i++) {
      const action = rank[this.#edges[3 * i + 1] as number] as number;
      const from = fromOf(i);
      const at = filled[from] as number;
      filled[from] = at + 1;
      keys[at] = action * states + (place[this.#edges[3 * i + 2] as number] as number);
    }
    const edges: GraphEdge[] = [];
    for (let from = 0; from < states; from++) {
      const bucket = keys.subarray(starts[from], starts[from + 1]).sort();
      for (const [i, key] of bucket.entries()) {
        if (i > 0 && key === bucket[i - 1]) continue;
        edges.push({ from, to: key % states, action: names[Math.floor(key / states)] as string });
      }
    }
    return edges;
  }
}

class State implements GraphState {
  readonly #names: readonly string[];
  readonly #values: readonly Interned[];

  constructor(
    readonly label: string,
    names: readonly string[],
    values: readonly Interned[],
  ) {
    this.#names = names;
    this.#values = values;
  }

  get variables(): ReadonlyMap<string, Value> {
    return new Map(
      this.#names.map((name, i) => {
        const { value, printed } = this.#values[i] as Interned;
        return [name, value ?? parseValue(printed)];
      }),
    );
  }
}

/** A text of its own: a piece of another, as lines of a file are, would keep all of that in memory. */
function copied(text: string): string {
  return Buffer.from(text).toString();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
