/** A state graph to be explored: states by their numbers, and each of their values by its number among all of them. */
export interface Graph {
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** Of each state, its variables' values, in the order of the names. */
  readonly states: readonly (readonly number[])[];
  readonly initial: readonly number[];
  readonly actions: readonly string[];
  /** Three numbers an edge: the state that it leaves, its action, the state that it leads to; sorted. */
  readonly edges: readonly number[];
  /** The states of the counterexample, in its order, as far as they are in the graph. */
  readonly path?: readonly number[];
}

/** How often an action was taken, in all of a claim's states. */
export interface ActionTaken {
  readonly name: string;
  /** The module, and the line. */
  readonly place: string;
  readonly taken: number;
  /** The claim declares that it is never taken. */
  readonly idle?: true;
}

/** A step of a recording: it happened somewhere between the two. */
export interface RecordedBox {
  readonly step: string;
  /** In nanoseconds from the beginning of what is shown. */
  readonly start: number;
  /** It was not over when the recording ended, if there is none. */
  readonly end?: number;
  /** What was observed, and what the step was given, as `name = value`. */
  readonly observed: readonly string[];
  /** Explained, not explained any more though nothing stands before it, or later than that. */
  readonly state: "explained" | "next" | "later";
  /** What there is to say about it: what was allowed there, and what would have been observed. */
  readonly why?: string;
}

/** A recording, or what is near the place where it ends to be explained. */
export interface Recorded {
  readonly lanes: readonly { readonly name: string; readonly boxes: readonly RecordedBox[] }[];
  /** It is held against the promise of RCU, not against a specification's steps. */
  readonly isHistory?: true;
  /** How many events are not shown, before these and after them. */
  readonly before: number;
  readonly after: number;
}

/** A view of many findings at once, such as the necessity matrix; a cell may lead to one of them. */
export interface Table {
  readonly title: string;
  /** What it shows, in a sentence. */
  readonly sentence: string;
  /** The title of the rows' column. */
  readonly corner: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  readonly name: string;
  /** What it is, in a sentence. */
  readonly sentence?: string;
  /** A cell for each column; undefined where there is nothing to say, which JSON makes null. */
  readonly cells: readonly (TableCell | undefined)[];
}

export interface TableCell {
  readonly text: string;
  readonly tone?: "good" | "bad" | "open";
  /** The finding that it leads to. */
  readonly id?: string;
}
