/** As much of a state graph as this file looks at. */
interface Edges<E> {
  readonly states: readonly unknown[];
  readonly initial: readonly number[];
  readonly edges: readonly E[];
}

/**
 * The part of a graph that can be seen where urgent steps come before all others: no other step leaves a state in which
 * one could be taken. States that can't be reached any more are gone, and the others are numbered anew.
 */
export function urgentFirst<G extends Edges<E>, E extends { readonly from: number; readonly to: number }>(
  graph: G,
  isUrgent: (edge: E) => boolean,
): G {
  const restless = new Set(graph.edges.filter(isUrgent).map(({ from }) => from));
  if (restless.size === 0) return graph;
  const kept = graph.edges.filter((edge) => isUrgent(edge) || !restless.has(edge.from));
  const out = new Map<number, number[]>();
  for (const { from, to } of kept) out.set(from, [...(out.get(from) ?? []), to]);
  const reached = new Set(graph.initial);
  for (const state of reached) for (const to of out.get(state) ?? []) reached.add(to);
  const order = [...reached].sort((a, b) => a - b);
  const numbers = new Map(order.map((state, i) => [state, i]));
  const numberOf = (state: number): number => numbers.get(state) ?? 0;
  return {
    ...graph,
    states: order.map((state) => graph.states[state]),
    initial: graph.initial.map(numberOf),
    edges: kept
      .filter(({ from }) => reached.has(from))
      .map((edge) => ({ ...edge, from: numberOf(edge.from), to: numberOf(edge.to) })),
  };
}
