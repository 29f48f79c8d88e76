import type { TraceState } from "../../../spec/tlc/output/trace.js";
import { parseValue, printValue } from "../../../spec/tlc/value/value.js";
import { changesOf, entriesOf, type ValueChange } from "../../../spec/tlc/value/value-change.js";
import { equalValues, type Value } from "../../../spec/tlc/value/value-tree.js";
import { type Lanes, NO_LANES, type TraceStep, type TraceThreads } from "./lanes.js";

/** More columns than this do not fit. */
const MOST_THREADS = 6;

/** All changes of a step, in the order of the variables. */
export function changesIn({ before, after }: TraceStep): ValueChange[] {
  return [...after.variables].flatMap(([name, value]) => {
    const old = before.variables.get(name);
    return old === undefined ? [] : changesOf(name, old, value);
  });
}

/**
 * Guesses what the threads of a trace are: the domain of `pc`, or else of the variables which say of the most steps
 * which single thread took it. A domain counts if it stays the same in all states; 1..n only if it belongs to `pc`,
 * since any sequence has it. Undefined if fewer than half of the steps would find a column. A domain that the model
 * itself calls its threads needs no such evidence, and where they are known nothing is guessed.
 */
export function findThreads(
  states: readonly TraceState[],
  lanes: Lanes = NO_LANES,
): TraceThreads | undefined {
  if (lanes.known !== undefined) return lanes.known;
  const first = states[0];
  if (first === undefined || states.length < 2) return undefined;
  const domains = new Map<string, { threads: readonly Value[]; variables: Set<string> }>();
  for (const [name, value] of first.variables) {
    const threads = fixedDomain(name, states, lanes);
    if (threads === undefined || lanes.isOther(name)) continue;
    // What never changes says nothing of who moves: it is a constant's, unless the model says otherwise.
    if (!lanes.areThreads(threads) && !changesEver(name, states)) continue;
    if (value.kind === "sequence" && name !== "pc" && !lanes.areThreads(threads)) continue;
    const key = threads.map(printValue).join(", ");
    const domain = domains.get(key) ?? { threads, variables: new Set() };
    domain.variables.add(name);
    domains.set(key, domain);
  }
  const steps = states.slice(1).map((after, i): TraceStep => ({ before: states[i] as TraceState, after }));
  const namedTitles = new Map(
    [...first.variables.keys()].flatMap((name) => {
      const title = lanes.titleOfVariable(name);
      return title === undefined ? [] : [[name, title] as const];
    }),
  );
  // Several variables may belong to one thread.
  const named = [...new Set(namedTitles.values())];
  const alone = (step: TraceStep): number | undefined => {
    const moved = new Set(changesIn(step).flatMap(({ variable }) => namedTitles.get(variable) ?? []));
    const [only] = moved;
    return only !== undefined && moved.size === 1 ? named.indexOf(only) : undefined;
  };
  const withNamed = (
    threads: readonly Value[],
    threadOf: (step: TraceStep) => number | undefined,
  ): TraceThreads => ({
    threads,
    titles: [...threads.map(lanes.titleOf), ...named],
    threadOf: (step) => {
      const other = alone(step);
      // Whoever moves takes the step, even when it changes another thread's part.
      const moved = changesIn(step).some(({ variable, keys }) => variable === "pc" && keys.length > 0);
      return other === undefined || moved ? threadOf(step) : threads.length + other;
    },
  });
  let best: { found: TraceThreads; score: number } | undefined;
  for (const { threads, variables } of domains.values()) {
    const threadOf = (step: TraceStep) => threadOfStep(step, threads, variables, lanes);
    const told = steps.filter((step) => threadOf(step) !== undefined).length;
    const isNamed = lanes.areThreads(threads);
    // What the model says takes precedence over `pc`, and `pc` over a guess.
    const score = told + (isNamed ? 2 * steps.length + 1 : 0) + (variables.has("pc") ? steps.length : 0);
    if ((isNamed || 2 * told >= steps.length) && score > (best?.score ?? 0))
      best = { found: withNamed(threads, threadOf), score };
  }
  return best?.found ?? (named.length > 0 ? withNamed([], () => undefined) : undefined);
}

function changesEver(name: string, states: readonly TraceState[]): boolean {
  const [first, ...others] = states.map(({ variables }) => variables.get(name));
  return others.some((value) => first === undefined || value === undefined || !equalValues(value, first));
}

/** The domain of a variable, if it is the same in all states and may be a set of threads. */
function fixedDomain(
  name: string,
  states: readonly TraceState[],
  lanes: Lanes,
): readonly Value[] | undefined {
  let domain: readonly Value[] | undefined;
  for (const state of states) {
    const entries = entriesOf(state.variables.get(name) ?? { kind: "opaque", text: "" });
    const keys = entries?.map(([key]) => key);
    if (keys === undefined || keys.length === 0 || keys.length > MOST_THREADS) return undefined;
    // A single one is a thread only if the model says so.
    if (keys.length === 1 && !lanes.areThreads(keys)) return undefined;
    if (domain !== undefined && !sameKeys(domain, keys)) return undefined;
    domain ??= keys;
  }
  return domain;
}

const sameKeys = (a: readonly Value[], b: readonly Value[]): boolean =>
  a.length === b.length && a.every((v, i) => equalValues(v, b[i] as Value));

/** The thread that a step belongs to: the one that its action names, or the only one whose part changed. */
function threadOfStep(
  step: TraceStep,
  threads: readonly Value[],
  variables: ReadonlySet<string>,
  lanes: Lanes,
): number | undefined {
  const place = (key: Value) => threads.findIndex((t) => equalValues(t, key));
  for (const argument of argumentsOf(step.after.action?.context)) {
    const named = place(argument);
    if (named >= 0) return named;
  }
  // If the model says that only some threads take such steps, the parts of others mean nothing.
  const takers = threads.flatMap((thread, i) =>
    lanes.mayTake(step.after.action?.name ?? "", thread) === true ? [i] : [],
  );
  if (takers.length === 1) return takers[0];
  const changed = changesIn(step);
  const changes =
    takers.length === 0
      ? changed
      : changed.filter(({ keys: [key] }) => key !== undefined && takers.includes(place(key)));
  // `pc` decides; where it did not change, the variables of all the threads; then those of some of them.
  const pc = changes.filter(({ variable }) => variable === "pc" && variables.has(variable));
  const decisive = pc.length > 0 ? pc : changes.filter(({ variable }) => variables.has(variable));
  const partial = changes.filter(({ variable }) => isPartial(step, variable, threads));
  const telling =
    decisive.length > 0 ? decisive : partial.length > 0 || takers.length === 0 ? partial : changes;
  const moved = new Set(telling.map(({ keys: [key] }) => (key === undefined ? -1 : place(key))));
  const [only] = moved;
  return moved.size === 1 && only !== undefined && only >= 0 ? only : undefined;
}

/** Whether a variable is indexed by some of the threads, the same ones before and after a step. */
function isPartial({ before, after }: TraceStep, variable: string, threads: readonly Value[]): boolean {
  const [old, now] = [before, after].map((state) => {
    const value = state.variables.get(variable);
    return (value === undefined ? [] : (entriesOf(value) ?? [])).map(([key]) => key);
  }) as [Value[], Value[]];
  return old.length > 0 && sameKeys(old, now) && old.every((key) => threads.some((t) => equalValues(t, key)));
}

/** The arguments of an action, where TLC prints them. */
function argumentsOf(context: string | undefined): readonly Value[] {
  if (context === undefined) return [];
  try {
    const values = parseValue(`<<${context}>>`);
    return values.kind === "sequence" ? values.elements : [];
  } catch {
    return [];
  }
}
