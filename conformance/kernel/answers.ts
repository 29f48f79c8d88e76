import { BadInputError } from "../../spec/tlc/base/errors.js";
import type { GraphState, StateGraph } from "../../spec/tlc/graph/graph.js";
import { type StepRecord, stepOf, stepText } from "./words.js";

/** One system call and its return: two edges of Api's graph, taken together. */
export interface AnsweredEdge {
  readonly from: number;
  readonly to: number;
  readonly step: string;
  readonly answer: number;
}

/** Api's graph without the states between a call and its return. */
export interface Answered {
  readonly states: readonly GraphState[];
  readonly initial: readonly number[];
  readonly edges: readonly AnsweredEdge[];
}

/**
 * Takes each call together with its return. In the specification a call ends in a state that has its answer, which the
 * return forgets; a caller sees both at once.
 *
 * @throws BadInputError when the graph is not one of Api, or a call has two answers: a walk could not tell which is right
 */
export function answersOf(graph: StateGraph): Answered {
  const records = graph.states.map(({ variables }) => stepOf(variables));
  const quiet = records.flatMap((record, state) => (record === undefined ? [state] : []));
  const place = new Map(quiet.map((state, index) => [state, index]));
  const returned = new Map<number, number>();
  for (const { from, to } of graph.edges) {
    const target = place.get(to);
    if (records[from] === undefined) continue;
    if (target === undefined) throw new BadInputError("Api's graph has a call that follows another's answer");
    returned.set(from, target);
  }
  const edges: AnsweredEdge[] = [];
  const seen = new Map<string, number>();
  for (const { from, to } of graph.edges) {
    const record: StepRecord | undefined = records[to];
    const start = place.get(from);
    const end = returned.get(to);
    if (record === undefined || start === undefined) continue;
    if (end === undefined) throw new BadInputError("Api's graph has a call without a return");
    const step = stepText(record);
    const key = `${start} ${step}`;
    const known = seen.get(key);
    if (known !== undefined && known !== record.answer)
      throw new BadInputError(
        `Api allows two answers to ${step}: ${known} and ${record.answer}; a walk needs one`,
      );
    if (known !== undefined) continue;
    seen.set(key, record.answer);
    edges.push({ from: start, to: end, step, answer: record.answer });
  }
  const initial = graph.initial.flatMap((state) => place.get(state) ?? []);
  return { states: quiet.map((state) => graph.states[state] as GraphState), initial, edges };
}
