import type { Trace, TraceState } from "../../../spec/tlc/output/trace.js";
import { printValue } from "../../../spec/tlc/value/value.js";
import { printChange, type ValueChange } from "../../../spec/tlc/value/value-change.js";
import { equalValues, type Value } from "../../../spec/tlc/value/value-tree.js";
import { nameOf } from "./explain.js";
import type { Lanes, TraceStep } from "./lanes.js";
import type { TraceEnding } from "./machine-table.js";
import type { Sequence, SequenceNote, SequenceStep } from "./sequence.js";
import { changesIn, findThreads } from "./trace-threads.js";

/**
 * A counterexample of any specification as a sequence: one participant per thread, as in the table, and one for what
 * all of them share. What a step does to its own thread's part is a note; what it does to what is shared, or to another
 * thread's part, a message to that.
 */
export function traceSequence({ states, end }: Trace, lanes: Lanes, ending: TraceEnding): Sequence {
  const found = findThreads(states, lanes);
  const threads = found?.threads ?? [];
  const steps: TraceStep[] = states.slice(1).map((after, i) => ({ before: states[i] as TraceState, after }));
  const repeatsFrom = end.kind === "lasso" ? states.findIndex((s) => s.number === end.backTo) : undefined;
  if (end.kind === "lasso" && end.action !== undefined) {
    const [first, last] = [states[repeatsFrom ?? 0], states.at(-1)];
    if (first !== undefined && last !== undefined)
      steps.push({ before: last, after: { ...first, action: end.action } });
  }

  const owners = steps.map((step) => found?.threadOf(step));
  const titles = found?.titles ?? [];
  const isNobodys = titles.length === 0 || owners.includes(undefined);
  // Whoever takes the steps of no one thread is the rest of the model and has the shared variables, unless it has a
  // name.
  const named = lanes.other !== undefined && isNobodys;
  const participants = [
    ...titles,
    ...(named ? [lanes.other as string] : []),
    titles.length === 0 && !named ? "the model" : "shared",
  ];
  const shared = participants.length - 1;
  const nobody = named ? shared - 1 : shared;

  const stepOf = (step: TraceStep, i: number): SequenceStep => {
    const number = step.after.number > step.before.number ? step.after.number : step.before.number + 1;
    const title = `${number}. ${nameOf(step.after.action)}`;
    return tell(
      title,
      owners[i] ?? nobody,
      parts(changesIn(step), owners[i], { threads, titles }, lanes),
      shared,
    );
  };
  return {
    participants,
    ...startOf(states, steps),
    steps: steps.map(stepOf),
    ...(repeatsFrom !== undefined && { repeatsFrom }),
    after: end.kind === "stuttering" ? [{ lines: ["and nothing happens any more, for ever"] }] : [],
    broken: ending === "deadlock" ? "deadlock: there is no next step" : ending.broken,
  };
}

/** What a step changed: in its own thread, in what is shared, and in other threads, by their index. */
interface Parts {
  readonly own: readonly string[];
  readonly shared: readonly string[];
  readonly others: ReadonlyMap<number, readonly string[]>;
}

function parts(
  changes: readonly ValueChange[],
  owner: number | undefined,
  { threads, titles }: { readonly threads: readonly Value[]; readonly titles: readonly string[] },
  lanes: Lanes,
): Parts {
  const isThread = (key: Value): boolean => threads.some((t) => equalValues(t, key));
  const own: string[] = [];
  const shared: string[] = [];
  const others = new Map<number, string[]>();
  for (const change of changes) {
    const named = titles.indexOf(lanes.titleOfVariable(change.variable) ?? "", threads.length);
    const isPlace = change.variable === "pc" || named >= 0;
    const indexed = lanes.isOther(change.variable) ? undefined : threadOf(change, threads);
    const thread = named >= 0 ? named : indexed;
    // The step's name says where the thread is.
    if (isPlace && isWord(change) && thread !== undefined && thread === owner) continue;
    const text = printChange(change, isThread);
    if (thread === undefined) shared.push(text);
    else if (thread === owner) own.push(text);
    else others.set(thread, [...(others.get(thread) ?? []), text]);
  }
  return { own, shared, others };
}

/** A thread's place is a word; anything else in its own variables is worth showing. */
function isWord(change: ValueChange): boolean {
  return change.kind === "changed" && change.after.kind === "string";
}

/** The one thread whose part changed: by the function's argument, or as what a set gained or lost. */
function threadOf(change: ValueChange, threads: readonly Value[]): number | undefined {
  const place = (key: Value): number => threads.findIndex((t) => equalValues(t, key));
  const [key] = change.keys;
  if (key !== undefined) return place(key) >= 0 ? place(key) : undefined;
  const moved = movedElements(change).map(place);
  const [only] = moved;
  return moved.length === 1 && only !== undefined && only >= 0 ? only : undefined;
}

function movedElements(change: ValueChange): readonly Value[] {
  if (change.kind === "elements") return [...change.gained, ...change.lost];
  if (change.kind !== "changed" || change.before.kind !== "set" || change.after.kind !== "set") return [];
  return [...change.before.elements, ...change.after.elements];
}

function tell(title: string, owner: number, { own, shared, others }: Parts, all: number): SequenceStep {
  const messages = [
    ...[...others].map(([to, lines]) => ({ to, lines })),
    ...(shared.length > 0 && owner !== all ? [{ to: all, lines: shared }] : []),
  ];
  const mine = owner === all ? [...shared, ...own] : own;
  const note = (lines: readonly string[]): SequenceNote => ({ over: owner, lines });
  // The step's name goes on the first thing that it does.
  if (messages.length === 0) return [note([title, ...mine])];
  return [
    ...messages.map(({ to, lines }, i) => ({
      from: owner,
      to,
      arrow: "to" as const,
      lines: i === 0 ? [title, ...lines] : lines,
    })),
    ...(mine.length > 0 ? [note(mine)] : []),
  ];
}

const MOST_AT_START = 8;

/** The first values of the shared variables that change and are short enough to be read at a glance. */
function startOf(states: readonly TraceState[], steps: readonly TraceStep[]): { start?: string } {
  const changed = new Set(
    steps.flatMap((step) => changesIn(step).flatMap(({ variable, keys }) => (keys[0] ? [] : [variable]))),
  );
  const values = [...(states[0]?.variables ?? [])]
    .filter(([name]) => changed.has(name))
    // Lines break between the variables, not within one.
    .map(([name, value]) => `${name} = ${printValue(value)}`.replaceAll(" ", "\u00a0"))
    .filter((text) => text.length <= 40);
  return values.length === 0 || values.length > MOST_AT_START
    ? {}
    : { start: `at the start: ${values.join(", ")}` };
}
