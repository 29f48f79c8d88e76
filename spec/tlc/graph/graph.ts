import { createReadStream } from "node:fs";
import { BadInputError, codeOf, messageOf } from "../base/errors.js";
import { OutOfRoomError, requireRoom } from "../base/room.js";
import type { Value } from "../value/value-tree.js";
import { GraphBuilder } from "./graph-builder.js";
import { readGraphLine } from "./graph-line.js";

/**
 * A state graph in a canonical order, so that one specification gives one graph, however TLC explored it: states are
 * sorted by label, edges by (from, action, to). States are named by their index.
 */
export interface StateGraph {
  readonly states: readonly GraphState[];
  /** Indices of the initial states, ascending. */
  readonly initial: readonly number[];
  /** Without duplicates; edges that differ only in their action are all there, and so are self-loops. */
  readonly edges: readonly GraphEdge[];
}

export interface GraphState {
  /** The canonical text: a line `/\ name = value` for each variable, by name, with values as printValue prints them. */
  readonly label: string;
  /** Built anew on each use: who needs them twice keeps them. */
  readonly variables: ReadonlyMap<string, Value>;
}

export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  /** TLC's name of the action; empty if the graph was dumped without `actionlabels`. */
  readonly action: string;
}

/** The file is not a graph that TLC dumped, or it breaks off. */
export class GraphSyntaxError extends BadInputError {
  constructor(
    problem: string,
    readonly file: string,
    /** From 1. */
    readonly line: number,
  ) {
    super(problem, { where: `${file}:${line}` });
  }
}

/** Reads the file that `-dump dot,actionlabels` wrote, as a stream. Throws BadInputError. */
export async function readGraph(file: string): Promise<StateGraph> {
  const builder = new GraphBuilder();
  let lineNumber = 0;
  let depth = 0;
  let opened = false;
  const take = (text: string) => {
    lineNumber++;
    const line = readGraphLine(text.endsWith("\r") ? text.slice(0, -1) : text);
    if (line === undefined) throw new Error(`not a line of a state graph: ${text.slice(0, 80)}`);
    if (line.kind === "layout") {
      depth += line.blocks;
      opened ||= line.blocks > 0;
    } else if (line.kind === "state") builder.state(line.id, line.label, line.initial, lineNumber);
    else if (line.kind === "edge") builder.edge(line.from, line.to, line.action, lineNumber);
  };
  try {
    let rest = "";
    for await (const chunk of createReadStream(file, { encoding: "utf8", highWaterMark: 1 << 20 })) {
      const text = rest + (chunk as string);
      let from = 0;
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
        take(text.slice(from, end));
        from = end + 1;
      }
      rest = text.slice(from);
      requireRoom(() => builder.progress);
    }
    if (rest !== "") take(rest);
    if (!opened) throw new Error("not a state graph: there is no `digraph`");
    if (depth !== 0) throw new Error("the state graph breaks off");
    return builder.build();
  } catch (error) {
    if (codeOf(error) !== undefined) {
      throw new BadInputError(`cannot read the state graph: ${messageOf(error)}`, {
        where: file,
        cause: error,
      });
    }
    if (error instanceof OutOfRoomError) throw error;
    throw new GraphSyntaxError(messageOf(error), file, lineNumber);
  }
}
